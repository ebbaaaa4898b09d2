package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// configuredOutput returns the output that a configuration of Vite or webpack in dir names, relative to dir. It is
// empty if the configuration computes the output. isSet is false if no configuration mentions one. The files are not
// run, since only Node.js could, so this finds literals alone.
// https://vite.dev/config/build-options#build-outdir, https://webpack.js.org/configuration/output/#outputpath
func (r *reader) configuredOutput(dir string) (name string, isSet bool) {
	for _, entry := range r.list(dir) {
		file := entry.Name()
		vite := strings.HasPrefix(file, "vite.config.")
		if !vite && !strings.HasPrefix(file, "webpack.") {
			continue
		}
		text, _ := r.quiet(path.Join(dir, file))
		if vite {
			if out, found := property(text, "outDir"); found {
				root, _ := property(text, "root")
				if out != "" {
					out = path.Join(root, out)
				}
				return out, true
			}
			continue
		}
		if out, found := resolved(text); found {
			return out, true
		}
	}
	return "", false
}

// property returns the first value of a property of JavaScript. It is empty if it is not a literal. found is false if
// there is no such property.
func property(text, name string) (value string, found bool) {
	for rest := text; ; {
		before, after, ok := strings.Cut(rest, name)
		if !ok {
			return "", false
		}
		rest = strings.TrimLeft(after, "\"' \t")
		if strings.HasPrefix(rest, ":") && !endsInLetter(before) {
			value, _ = literalOf(rest[1:])
			return value, true
		}
	}
}

// endsInLetter reports whether the name behind a text is only the end of a longer one.
func endsInLetter(text string) bool {
	return text != "" && (isIdentifier(text[len(text)-1:]) || strings.HasSuffix(text, "."))
}

// literalOf returns the string with which a text of JavaScript begins, and what follows it. It is empty for everything
// else.
func literalOf(text string) (value, rest string) {
	text = strings.TrimSpace(text)
	if text == "" || !strings.Contains("\"'`", text[:1]) {
		return "", text
	}
	value, rest, ok := strings.Cut(text[1:], text[:1])
	if !ok || strings.ContainsAny(value, "$\\\n") {
		return "", text
	}
	return value, rest
}

// resolved returns the arguments of the first path.resolve(__dirname, "a", "b") that is a property path. found is false
// if there is no such property.
func resolved(text string) (dir string, found bool) {
	for {
		_, after, ok := strings.Cut(text, "path:")
		if !ok {
			return "", false
		}
		text = after
		call, arguments, ok := strings.Cut(strings.TrimSpace(after), "__dirname")
		if !ok || !strings.HasSuffix(call, "resolve(") && !strings.HasSuffix(call, "join(") || len(call) > 20 {
			continue
		}
		for {
			arguments = strings.TrimLeft(arguments, ", \t\r\n")
			part, rest := literalOf(arguments)
			if part == "" {
				break
			}
			dir, arguments = path.Join(dir, part), rest
		}
		if !strings.HasPrefix(arguments, ")") {
			dir = ""
		}
		return dir, true
	}
}

// withConfigs notes which of the packages that need incomplete ones the configurations of bundlers in dir name.
func (r *reader) withConfigs(dir string, all []manager.Incomplete) []manager.Incomplete {
	if len(all) == 0 {
		return nil
	}
	for _, entry := range r.list(dir) {
		stem, _, _ := strings.Cut(entry.Name(), ".")
		if !slices.Contains([]string{"vite", "postcss", "webpack", "rollup"}, stem) {
			continue
		}
		file := path.Join(dir, entry.Name())
		text, _ := r.quiet(file)
		text = strings.NewReplacer("'", `"`, "`", `"`).Replace(text)
		for _, incomplete := range all {
			for i, need := range incomplete.Needed {
				if need.Config == "" && containsAny(text, `"`+need.Package+`"`, `"`+need.Package+"/") {
					incomplete.Needed[i].Config = file
				}
			}
		}
	}
	return all
}
