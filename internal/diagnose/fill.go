package diagnose

import (
	"maps"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// explain returns the explanation of a rule. before is the one that the rule wraps, or that of the step if nothing else
// is known.
func (f *failure) explain(r rule, vars Vars, before Explanation) Explanation {
	v := f.variables(r, vars, before)
	x := Explanation{ID: r.ID, Final: r.Final, Temporary: r.Temporary, sets: r.sets, rule: r.name}
	if x.ID == "" {
		x.ID = before.ID
	}
	x.What = capital(v.words(r.What, whatOf, "name"))
	if x.Why = v.words(r.Why, whyOf, "printed"); r.Why == nil {
		x.Why = v.evidence()
	}
	if x.Fix = v.fix(r.Fix); r.Fix == nil {
		x.Fix = before.Fix
	}
	return x
}

// values are the variables of one explanation.
type values struct {
	*failure
	rule  rule
	Vars        // what the rule has found, or has as a default
	shown Words // texts that are shown as they are
}

// variables returns what the texts of a rule may mention. What the rule has found comes before its defaults.
func (f *failure) variables(r rule, vars Vars, before Explanation) values {
	v := values{failure: f, rule: r, Vars: Vars{}, shown: Words{}}
	maps.Copy(v.Vars, r.Default)
	v.Vars["ran"], v.Vars["pins"], v.Vars["pinned"] = lines(f.Ran), f.Pins.File, f.Pins.Python
	for name, value := range vars {
		if value != "" {
			v.Vars[name] = value
		}
	}
	maps.Copy(v.shown, f.Words)
	maps.Copy(v.shown, Words{
		"what": before.What, "why": before.Why, "title": f.Title, "command": f.Command, "try": f.Try,
		"code": strconv.Itoa(f.Code), "exception": f.exceptions()[0].exception, "builder": fail.Builder,
		"buildpack": fail.Image, "node": versions.Node.DefaultSeries(),
	})
	return v
}

// value returns a variable, and whether it is shown as it is.
func (v values) value(name string) (value string, shown bool) {
	if value, found := v.Vars[name]; found {
		return value, false
	}
	switch name {
	case "evidence":
		return v.evidence(), true
	case "quote":
		return v.known.sentence(v.Tail, v.rule.Quote), true
	case "ending":
		return ending(v.Tail), true
	case "package":
		return show.Name(v.known.builtPackage(v.Tail)), true
	}
	return v.shown[name], true
}

// evidence returns the value of {evidence}: the last exception, and the last line of the app in its traceback.
func (v values) evidence() string { return evidence(v.traces, v.Root) }

// capital begins a sentence; the name of a package stays as it is.
func capital(text string) string {
	if rest, ok := strings.CutPrefix(text, unnamed); ok {
		return "A package" + rest
	}
	return text
}

// applies reports whether a piece or an action is said.
func (v values) applies(ifThere, unless string) bool {
	there := func(name string) bool {
		value, _ := v.value(name)
		return value != ""
	}
	return (ifThere == "" || there(ifThere)) && (unless == "" || !there(unless))
}

// whatOf and whyOf return a part of a text, for words.
func whatOf(t text) words { return t.What }
func whyOf(t text) words  { return t.Why }

// words returns the pieces that apply. of is the part of a text that is used, filter how variables are shown.
func (v values) words(all words, of func(text) words, filter string) string {
	var b strings.Builder
	for _, p := range all {
		switch {
		case !v.applies(p.If, p.Unless):
		case p.Use != "":
			b.WriteString(v.words(of(v.texts[p.Use]), of, filter))
		default:
			for _, entry := range v.each(p.Each) {
				b.WriteString(entry.fill(p.Text, filter))
			}
		}
	}
	return b.String()
}

// each returns v once for each entry of the lists, or as it is.
func (v values) each(lists []string) []values {
	if len(lists) == 0 {
		return []values{v}
	}
	var all []values
	for i := range strings.Split(v.Vars[lists[0]], "\n") {
		entry := v
		entry.Vars = maps.Clone(v.Vars)
		for _, name := range lists {
			if entries := strings.Split(v.Vars[name], "\n"); i < len(entries) {
				entry.Vars[name] = entries[i]
			}
		}
		all = append(all, entry)
	}
	return all
}

// placeholder matches {name}, or {name|filter|filter}.
var placeholder = regexp.MustCompile(`\{([a-z][a-z_0-9]*)((?:\|[a-z]+)*)\}`)

// fill replaces the placeholders of a text. Without filters of its own a variable is shown by the one given.
func (v values) fill(text, filter string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		m := placeholder.FindStringSubmatch(match)
		value, shown := v.value(m[1])
		if value == "" || shown && m[2] == "" {
			return value
		}
		names := strings.Split(strings.TrimPrefix(m[2], "|"), "|")
		if m[2] == "" {
			names = []string{filter}
		}
		for _, name := range names {
			value = filters[name](value)
		}
		return value
	})
}

// filters say how a variable is shown.
var filters = map[string]func(string) string{
	"name":    show.Name,
	"value":   show.Value,
	"printed": show.Printed,
	"line":    show.Line,
	"word":    show.Word,
	"path":    show.Path,
	"quoted":  show.QuotedWord,
	"text":    func(s string) string { return s },
	"trimmed": strings.TrimSpace,
	"base":    path.Base,
	"keep":    func(s string) string { return show.Path(s + "/.gitkeep") },
	"quotes":  func(s string) string { return `"` + strings.Join(strings.Fields(s), `", "`) + `"` },
	"series":  func(s string) string { return show.Series(strings.Split(s, "\n")) },
}
