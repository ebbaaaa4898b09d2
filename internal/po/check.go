package po

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// placeholder is a kind of placeholders, which texts with its flag have. The first group of the pattern is the name of
// one, the second its type.
type placeholder struct {
	flag    string
	pattern *regexp.Regexp
}

// placeholders returns the kinds that are checked.
// https://www.gnu.org/software/gettext/manual/html_node/python_002dformat.html
func placeholders() []placeholder {
	const percent = `%(?:\((\w*)\))?[#0 +-]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([a-zA-Z%])`
	return []placeholder{
		{"python-format", regexp.MustCompile(percent)},
		{"python-brace-format", regexp.MustCompile(`\{\{|\}\}|\{(\w*)[^{}]*(\})`)},
	}
}

// check compares the placeholders of translations with those of the originals, for texts with the flag.
func (p placeholder) check(originals, translations []string, flags string) error {
	if !hasFlag(flags, p.flag) {
		return nil
	}
	known := p.find(strings.Join(originals, " "))
	for _, text := range translations {
		found := p.find(text)
		for _, name := range found {
			if !slices.Contains(known, name) {
				return fmt.Errorf("%s of msgstr is not in msgid (%s)", name, p.flag)
			}
		}
		if len(originals) > 1 { // a plural form may be for one number alone, and then without it
			continue
		}
		for _, name := range known {
			if n := count(found, name); n == 0 || strings.HasPrefix(name, "%") && n != count(known, name) {
				return fmt.Errorf("%s of msgid is not in msgstr (%s)", name, p.flag)
			}
		}
	}
	return nil
}

// hasFlag reports whether the comments of an entry have a flag; "no-python-format" is another one.
func hasFlag(flags, flag string) bool {
	split := func(r rune) bool { return strings.ContainsRune("#, \t", r) }
	return slices.Contains(strings.FieldsFunc(flags, split), flag)
}

// find returns the placeholders of a text: their names, or "%" and their type if they have none.
func (p placeholder) find(text string) (all []string) {
	for _, m := range p.pattern.FindAllStringSubmatch(text, -1) {
		switch {
		case m[2] == "" || m[2] == "%": // an escape
		case m[1] != "":
			all = append(all, m[1])
		case m[2] == "}":
			all = append(all, "{}")
		default:
			all = append(all, "%"+m[2])
		}
	}
	return all
}

// count returns how often a name is in all.
func count(all []string, name string) (n int) {
	for _, s := range all {
		if s == name {
			n++
		}
	}
	return n
}
