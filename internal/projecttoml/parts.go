package projecttoml

import (
	"slices"
	"strings"
)

// part is one of the things that are added: edits, or lines that the user has to write.
type part struct {
	edits  []edit
	byHand bool
	lines  []string
}

// missing returns the part of want that a file lacks.
func (f form) missing(had map[string]any, want Want) Want {
	lacks := Want{Exclude: without(want.Exclude, texts(value(had, f.exclude())))}
	if named, _ := value(had, f.builder()).(string); named == "" {
		lacks.Builder = want.Builder
	}
	if !slices.ContainsFunc(tables(value(had, f.group)), want.Buildpack.is) {
		lacks.Buildpack = want.Buildpack
	}
	for _, v := range want.Variables {
		if now, ok := f.variables(had)[v.Name]; !ok || now != v.Value {
			lacks.Variables = append(lacks.Variables, v)
		}
	}
	return lacks
}

// parts returns the edits for each missing entry. had are the variables of the file.
func (d document) parts(f form, had map[string]any, missing Want) []part {
	all := d.root(f, missing)
	if missing.Buildpack.URI != "" {
		all = append(all, d.element(f.group, f.entry(missing.Buildpack)))
	}
	for _, v := range missing.Variables {
		if _, ok := had[v.Name]; ok {
			all = append(all, d.replaced(f, v))
		} else {
			all = append(all, d.element(f.env, f.variable(v)))
		}
	}
	return all
}

// root adds the builder and patterns to the root table.
func (d document) root(f form, missing Want) (all []part) {
	t, ok := d.last(f.root)
	if list, has := t.pair("exclude"); has && len(missing.Exclude) > 0 {
		all, missing.Exclude = append(all, d.elements(f, list, missing.Exclude)), nil
	}
	lines := append(f.header(f.root), rootLines(missing)...)
	switch {
	case len(lines) == 1:
		return all
	case ok:
		return append(all, part{edits: []edit{linesAt(t.end, lines[1:]...)}})
	case d.writesInline(f.root):
		return append(all, part{byHand: true, lines: lines})
	}
	for i, t := range d.tables[1:] { // of the root's tables the first comes below it
		if len(t.path) > len(f.root) && slices.Equal(t.path[:len(f.root)], f.root) {
			return append(all, part{edits: []edit{linesAt(d.tables[i].end, append(lines, "")...)}})
		}
	}
	return append(all, part{edits: []edit{linesAt(len(d.text), lines...)}})
}

// elements adds strings to an array, in the way in which its last element is written.
func (d document) elements(f form, list pair, missing []string) part {
	if !list.isArray {
		return part{byHand: true, lines: f.file(Want{Exclude: missing})}
	}
	if len(list.items) == 0 {
		open := list.keyEnd + strings.IndexByte(d.text[list.keyEnd:], '[') + 1
		return part{edits: []edit{{span{open, open}, quotedAll(missing), false}}}
	}
	last := list.items[len(list.items)-1]
	between, begin := ", ", strings.LastIndexByte(d.text[:last.start], '\n')+1
	if indent := d.text[begin:last.start]; strings.TrimSpace(indent) == "" {
		between = ",\n" + indent
	}
	added := ""
	for _, one := range missing {
		added += between + quoted(one)
	}
	return part{edits: []edit{{span{last.end, last.end}, added, false}}}
}

// element adds an element to an array of tables.
func (d document) element(path, lines []string) part {
	if d.writesInline(path) {
		return part{byHand: true, lines: lines}
	}
	offset := len(d.text)
	if t, ok := d.last(path); ok {
		offset = t.end
	}
	return part{edits: []edit{linesAt(offset, lines...)}}
}

// is reports whether an entry of a group names the buildpack, in any version.
func (b Buildpack) is(entry map[string]any) bool {
	id, _ := entry["id"].(string)
	uri, _ := entry["uri"].(string)
	for _, scheme := range []string{"docker://", "urn:cnb:registry:", "urn:cnb:builder:"} {
		uri = strings.TrimPrefix(uri, scheme)
	}
	uri = strings.TrimPrefix(uri, "docker.io/")
	name := versionless(uri)
	return id == b.ID || name != "" && (name == b.ID || name == versionless(b.URI))
}

// versionless returns the name of an image or a buildpack without its tag, digest or version.
func versionless(uri string) string {
	name, _, _ := strings.Cut(uri, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	return name
}

// replaced gives the last entry of a variable another value.
func (d document) replaced(f form, v Variable) part {
	for _, t := range slices.Backward(d.tables) {
		name, _ := t.pair("name")
		old, ok := t.pair("value")
		if slices.Equal(t.path, f.env) && name.text == v.Name && ok && old.isText {
			return part{edits: []edit{{old.value, quoted(v.Value), false}}}
		}
	}
	return part{byHand: true, lines: f.variable(v)}
}
