package diagnose

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/debian"
)

//go:embed rules/*.toml
var files embed.FS

// table has the rules of all sets.
type table struct {
	sets      map[string][]rule // by the name of their file
	steps     map[string]rule   // by Rule.Step
	texts     map[string]text
	lists     map[string][]string
	libraries []library
	known     *knowledge
}

// load returns the rules, which tests have parsed. They are parsed once, when a command has failed.
var load = sync.OnceValue(func() table {
	t, err := parse(files)
	if err != nil {
		panic(err)
	}
	return t
})

// file describes the format of a TOML file with rules.
type file struct {
	Rule []rule
	Text []text
	Says []struct {
		Name string
		Says []string
	}
	Known *knowledge
}

// parse reads the files of fsys. Everything that is not understood in one is an error.
func parse(fsys fs.FS) (t table, err error) {
	t = table{sets: map[string][]rule{}, steps: map[string]rule{}, texts: map[string]text{},
		lists: map[string][]string{}, known: &knowledge{}}
	for _, known := range debian.Libraries() { // one that another one needs comes after it
		l := library{Known: known}
		if err := l.compile(); err != nil {
			return t, problem("libraries", "%s: %w", l.Name, err)
		}
		t.libraries = append(t.libraries, l)
	}
	names, err := fs.Glob(fsys, "rules/*.toml")
	if err != nil {
		return t, err
	}
	for _, name := range names {
		if err := t.read(fsys, name); err != nil {
			return t, err
		}
	}
	// Texts and lists may be in any file, so rules are completed when all files are read.
	for set, rules := range t.sets {
		for i := range rules {
			if err := t.compile(&rules[i]); err != nil {
				return t, err
			}
		}
		t.sets[set] = rules
	}
	for name, r := range t.steps {
		if err := t.compile(&r); err != nil {
			return t, err
		}
		t.steps[name] = r
	}
	return t, nil
}

// read adds a file, whose name is that of its rule set. Rules with a Step are of no set.
func (t *table) read(fsys fs.FS, name string) error {
	set := strings.TrimSuffix(strings.TrimPrefix(name, "rules/"), ".toml")
	f, err := decode(fsys, name)
	if err != nil {
		return problem(set, "%w", err)
	}
	for _, x := range f.Text {
		if _, twice := t.texts[x.Name]; twice {
			return problem(set, "the text %s is there twice", x.Name)
		}
		t.texts[x.Name] = x
	}
	for _, l := range f.Says {
		t.lists[l.Name] = l.Says
	}
	if f.Known != nil {
		t.known = f.Known
	}
	for i, r := range f.Rule {
		r.file, r.name = set, fmt.Sprintf("%s %d", set, i+1)
		if r.Step == "" {
			t.sets[set] = append(t.sets[set], r)
		} else {
			t.steps[r.Step] = r
		}
	}
	return nil
}

// decode parses a file. A key that it does not know is an error: it would be a rule that does nothing.
func decode(fsys fs.FS, name string) (f file, err error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return f, err
	}
	md, err := toml.Decode(string(data), &f)
	if err != nil {
		return f, err
	}
	for _, key := range md.Undecoded() {
		if len(key) < 3 || key[1] != "what" && key[1] != "why" { // words read their keys themselves
			return f, fmt.Errorf("unknown key %s", key)
		}
	}
	return f, nil
}

// compile fills in what a rule takes from elsewhere.
func (t *table) compile(r *rule) error {
	if err := t.takeText(r); err != nil {
		return err
	}
	for _, sign := range r.When.Says {
		name, isList := strings.CutPrefix(sign, "@")
		switch list, ok := t.lists[name]; {
		case !isList:
			r.says = append(r.says, sign)
		case !ok:
			return problem(r.file, "%s: no list %s", r.ID, sign)
		default:
			r.says = append(r.says, list...)
		}
	}
	return nil
}

// takeText gives a rule the words that it lacks.
func (t *table) takeText(r *rule) error {
	from, ok := t.texts[r.Text]
	if r.Text != "" && !ok {
		return problem(r.file, "%s: no text %s", r.ID, r.Text)
	}
	if r.What == nil {
		r.What = from.What
	}
	if r.Why == nil {
		r.Why = from.Why
	}
	if r.Fix == nil {
		r.Fix = from.Fix
	}
	if r.Why == nil && r.Quote != nil {
		r.Why = words{{Text: "{quote}"}}
	}
	return nil
}

// set returns the rules of a set, with those that it includes. within are the sets that include it.
func (t table) set(name string, within ...string) (all []rule) {
	sets := append(slices.Clip(within), name)
	for _, r := range t.sets[name] {
		if r.Include != "" {
			all = append(all, t.set(r.Include, sets...)...)
			continue
		}
		r.sets = sets
		all = append(all, r)
	}
	return all
}
