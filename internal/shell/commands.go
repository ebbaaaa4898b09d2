package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// prefixes has programs that run the command in their arguments, and their options that take a word.
var prefixes = map[string][]string{
	"exec": {"-a"}, "command": nil, "nohup": nil, "setsid": nil, "env": {"-u", "-C"}, "nice": {"-n"},
	"ionice": {"-c", "-n"}, "stdbuf": {"-i", "-o", "-e"}, "timeout": {"-s", "-k"}, "tini": nil, "dumb-init": nil,
}

// Commands returns the commands that a text of bash runs, in its order, each as a list of words. After a command such
// as "env A=b c" or "bash -c c" it returns the command c too. It does not look into scripts. Words are as the command
// gets them if that is known without running anything; a word that is not known is empty, and "$" replaces a variable.
// Commands returns nil for a text with a syntax error, which bash will report, or too deep for a parser.
func Commands(text string) (all [][]string) {
	if !limits.Shallow(text) {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			all = append(all, nested(knownWords(call.Args))...)
		}
		return true
	})
	return all
}

// nested returns a command and the commands that it runs because its words say so.
func nested(words []string) (all [][]string) {
	for len(words) > 0 {
		all = append(all, words)
		name := path.Base(words[0])
		if name == "bash" || name == "sh" {
			return append(all, Commands(scriptOption(words[1:]))...)
		}
		takesWord, isPrefix := prefixes[name]
		if !isPrefix {
			return all
		}
		words = skipOptions(words[1:], takesWord)
		for name == "env" && len(words) > 0 && strings.Contains(words[0], "=") {
			words = words[1:]
		}
		if name == "timeout" && len(words) > 0 { // the duration
			words = words[1:]
		}
	}
	return all
}

// skipOptions returns the words after a command's options. The value of each option in withWord is a word of its own.
func skipOptions(words, withWord []string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		if words[0] == "--" {
			return words[1:]
		}
		if slices.Contains(withWord, words[0]) && len(words) > 1 {
			words = words[1:]
		}
		words = words[1:]
	}
	return words
}

// scriptOption returns the text after "-c", "-lc" and the like, "" if the arguments of a shell have no such option.
func scriptOption(words []string) string {
	for i, word := range words {
		if !strings.HasPrefix(word, "-") {
			return "" // a script
		}
		if !strings.HasPrefix(word, "--") && strings.Contains(word, "c") && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

// knownWords returns the text of each word; see known.
func knownWords(words []*syntax.Word) (all []string) {
	for _, word := range words {
		all = append(all, known(word.Parts))
	}
	return all
}

// known returns what a command gets for a word. It is empty if that depends on a command or on arithmetic.
func known(parts []syntax.WordPart) (text string) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			plain, _ := unescaped(p.Value)
			text += plain
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			text += known(p.Parts)
		case *syntax.ParamExp:
			text += "$"
		default:
			return ""
		}
	}
	return text
}
