package shell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Call is a command that a text of bash runs, with the place of each word in the text.
type Call struct {
	Words []Word            // at least one
	Vars  map[string]string // that are set for it, as far as their values are known; nil if there are none
}

// Texts returns the texts of the words.
func (c Call) Texts() (texts []string) {
	for _, word := range c.Words {
		texts = append(texts, word.Text)
	}
	return texts
}

// Calls returns the commands that a text of bash runs, in its order. After a command such as "env A=b c" or "bash -c c"
// it returns the command c too. It does not look into scripts. It returns nil for a text with a syntax error, which
// bash will report, or too deep for a parser.
func Calls(text string) []Call { return parser{}.calls(text) }

// parser finds the commands of a text. The text begins at an offset of a larger one, or its offset is -1.
type parser struct{ offset int }

func (p parser) calls(text string) (all []Call) {
	if !limits.Shallow(text) {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil
	}
	exported := map[string]string{}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.DeclClause:
			if n.Variant.Value == "export" {
				assign(exported, n.Args)
			}
		case *syntax.CallExpr:
			call := Call{Vars: maps.Clone(exported)}
			assign(call.Vars, n.Assigns)
			for _, word := range n.Args {
				call.Words = append(call.Words, p.word(word, text))
			}
			all = append(all, call.nested()...)
		}
		return true
	})
	return all
}

// assign adds assignments whose values are known to vars.
func assign(vars map[string]string, assigns []*syntax.Assign) {
	for _, a := range assigns {
		if a.Name == nil || a.Append || a.Index != nil || a.Array != nil {
			continue
		}
		if a.Value == nil {
			vars[a.Name.Value] = ""
		} else if isStatic(a.Value.Parts) {
			vars[a.Name.Value] = known(a.Value.Parts)
		}
	}
}

// prefixes has programs that run the command in their arguments, and their options that take a word.
var prefixes = map[string][]string{
	"exec": {"-a"}, "command": nil, "nohup": nil, "setsid": nil, "env": {"-u", "-C"}, "nice": {"-n"},
	"ionice": {"-c", "-n"}, "stdbuf": {"-i", "-o", "-e"}, "timeout": {"-s", "-k"}, "tini": nil, "dumb-init": nil,
	"ddtrace-run": nil, "newrelic-admin": nil,
	"opentelemetry-instrument": {"--traces_exporter", "--metrics_exporter", "--logs_exporter", "--service_name"},
}

// nested returns a command and the commands that it runs because its words say so. Of "exec env A=b gunicorn x" these
// are the whole, "env A=b gunicorn x", and "gunicorn x" with the variable A.
func (c Call) nested() (all []Call) {
	for len(c.Words) > 0 {
		if len(c.Vars) == 0 {
			c.Vars = nil
		}
		all = append(all, c)
		name := path.Base(c.Words[0].Text)
		if name == "bash" || name == "sh" {
			return append(all, c.script()...)
		}
		takesWord, isPrefix := prefixes[name]
		if !isPrefix {
			return all
		}
		c.Vars = maps.Clone(c.Vars)
		c.Words = skipOptions(c.Words[1:], takesWord)
		for name == "env" && len(c.Words) > 0 && strings.Contains(c.Words[0].Text, "=") {
			variable, value, _ := strings.Cut(c.Words[0].Text, "=")
			if c.Words[0].Static {
				if c.Vars == nil {
					c.Vars = map[string]string{}
				}
				c.Vars[variable] = value
			}
			c.Words = c.Words[1:]
		}
		takesArgument := name == "timeout" || name == "newrelic-admin" // the duration; run-program
		if takesArgument && len(c.Words) > 0 {
			c.Words = c.Words[1:]
		}
	}
	return all
}

// skipOptions returns the words after a command's options. The value of each option in withWord is a word of its own.
func skipOptions(words []Word, withWord []string) []Word {
	for len(words) > 0 && strings.HasPrefix(words[0].Text, "-") {
		if words[0].Text == "--" {
			return words[1:]
		}
		if slices.Contains(withWord, words[0].Text) && len(words) > 1 {
			words = words[1:]
		}
		words = words[1:]
	}
	return words
}

// script returns the commands in the text after "-c", "-lc" and the like. There are none if the arguments of the shell
// have no such option.
func (c Call) script() (all []Call) {
	for i, word := range c.Words[1:] {
		if !strings.HasPrefix(word.Text, "-") {
			return nil // a script
		}
		if !strings.HasPrefix(word.Text, "--") && strings.Contains(word.Text, "c") && i+2 < len(c.Words) {
			text := c.Words[i+2]
			for _, call := range (parser{text.scriptAt}).calls(text.script) {
				vars := maps.Clone(c.Vars)
				if vars == nil {
					vars = call.Vars
				} else {
					maps.Copy(vars, call.Vars)
				}
				all = append(all, Call{call.Words, vars})
			}
			return all
		}
	}
	return nil
}

// Commands returns the texts of Calls.
func Commands(text string) (all [][]string) {
	for _, call := range Calls(text) {
		all = append(all, call.Texts())
	}
	return all
}
