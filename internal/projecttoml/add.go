// Package projecttoml adds settings to a project.toml: it inserts lines and elements of arrays, and leaves every other
// byte as it is. https://buildpacks.io/docs/reference/config/project-descriptor/
package projecttoml

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Want has the entries that a project.toml should have. Nothing that it has already is added.
type Want struct {
	Builder   string     // an image; only for a file that names no builder
	Buildpack Buildpack  // an entry of the group
	Exclude   []string   // patterns
	Variables []Variable // of the build
}

// Buildpack names one by the URI that is written. ID is another name of the same.
type Buildpack struct{ URI, ID string }

// Variable is a variable of the build. If the file has another value, this one replaces it.
type Variable struct{ Name, Value string }

// Change is a changed file.
type Change struct {
	Text   string
	ByHand []string // lines that the user has to add, because of the way in which the file is written
}

// Add returns text with what is wanted. An empty text becomes a new file. The error says why text cannot be parsed.
func Add(text string, want Want) (Change, error) {
	had := map[string]any{}
	if _, err := limits.DecodeTOML(text, &had); err != nil {
		return Change{}, err
	}
	doc, err := parse(text)
	if err != nil {
		return Change{}, err
	}
	form := formOf(had)
	missing := form.missing(had, want)
	change, edits := Change{}, doc.declare(had, form)
	for _, p := range doc.parts(form, form.variables(had), missing) {
		if p.byHand {
			change.ByHand = append(change.ByHand, p.lines...)
			continue
		}
		edits = append(edits, p.edits...)
	}
	change.Text = doc.edited(edits)
	if form.sameBut(had, change.Text, want) {
		return change, nil
	}
	return Change{text, form.file(missing)}, nil
}

// edit replaces a part of the text. One of whole lines begins a line, also where the file lacks its last newline.
type edit struct {
	span
	with  string
	lines bool
}

// linesAt inserts lines at an offset.
func linesAt(offset int, lines ...string) edit {
	return edit{span{offset, offset}, strings.Join(lines, "\n") + "\n", true}
}

// edited returns the text with the edits. Those at one offset keep their order.
func (d document) edited(edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	out, done := "", 0
	for _, e := range edits {
		out += d.text[done:e.start]
		if e.lines && out != "" && !strings.HasSuffix(out, "\n") {
			out += d.newline
		}
		out += strings.ReplaceAll(e.with, "\n", d.newline)
		done = e.end
	}
	return out + d.text[done:]
}
