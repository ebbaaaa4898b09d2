package app

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// nodePrograms are Node.js and what comes with it or with its package managers.
var nodePrograms = append([]string{"node"}, manager.CommandsOfNode()...)

// before are programs that run the command which follows, and those of their options that take a word.
var before = map[string][]string{
	"exec": {"-a"}, "command": nil, "nohup": nil, "setsid": nil, "env": {"-u", "-C"}, "nice": {"-n"}, "ionice": {"-c", "-n"}, "stdbuf": {"-i", "-o", "-e"},
	"timeout": {"-s", "-k"}, "tini": nil, "dumb-init": nil,
}

// CallsNode are those of Node's programs that a command line certainly calls, in its order: words where a command
// stands, not arguments, not what other scripts do. A program below node_modules/.bin is called "node". What is too
// deep for a parser calls none.
func CallsNode(command string) (found []string) {
	if !limits.Shallow(command) {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(command), "")
	if err != nil {
		return nil // bash will say what is wrong with it
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok {
			for _, name := range calls(literals(call.Args)) {
				if !slices.Contains(found, name) {
					found = append(found, name)
				}
			}
		}
		return true
	})
	return found
}

// calls is what the words of one command call.
func calls(words []string) []string {
	for len(words) > 0 {
		name := path.Base(words[0])
		takesWord, prefix := before[name]
		switch {
		case slices.Contains(nodePrograms, name):
			return []string{name}
		case strings.Contains(words[0], "node_modules/.bin/"):
			return []string{"node"}
		case name == "bash" || name == "sh":
			return shellCalls(words[1:])
		case !prefix:
			return nil
		}
		words = skipOptions(words[1:], takesWord)
		for name == "env" && len(words) > 0 && strings.Contains(words[0], "=") {
			words = words[1:]
		}
		if name == "timeout" && len(words) > 0 { // how long
			words = words[1:]
		}
	}
	return nil
}

// skipOptions are the words behind a command's options; withWord are those whose value is a word of its own.
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

// shellCalls is what the text behind "-c", or "-lc" and the like, calls.
func shellCalls(words []string) []string {
	for i, word := range words {
		if !strings.HasPrefix(word, "-") {
			return nil // a script
		}
		if !strings.HasPrefix(word, "--") && strings.Contains(word, "c") && i+1 < len(words) {
			return CallsNode(words[i+1])
		}
	}
	return nil
}

// literals are the words as far as they are known without running anything; "" stands for one that is not.
func literals(words []*syntax.Word) (out []string) {
	for _, word := range words {
		out = append(out, literal(word.Parts))
	}
	return out
}

func literal(parts []syntax.WordPart) (text string) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			text += strings.ReplaceAll(p.Value, `\`, "")
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			text += literal(p.Parts)
		case *syntax.ParamExp:
			text += "$"
		default:
			return ""
		}
	}
	return text
}
