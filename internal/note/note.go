// Package note is about what a decision tells its user: hints and warnings, each with an id. It decides nothing.
package note

import "fmt"

// Severity is the way in which a note is shown.
type Severity int

// Hint is a line of the log. A Warning is marked as one, and listed again at the end.
const (
	Hint Severity = iota
	Warning
)

// Note is something about a decision that the user should know.
type Note struct {
	ID       string // of its kind, from docs/reference/notes.md; it decides nothing
	Severity Severity
	Text     string
	Effect   Effect
	File     string // what the note is about, if it is one place; relative to the app's root
	Line     int    // counted from 1
}

// Effect says what follows if the user does not change what a note is about.
type Effect int

// The build and the container go on, the build fails, the container cannot start, it may not start, or the image has no
// process web.
const (
	Passes Effect = iota
	FailsBuild
	StopsContainer
	MayStop
	LacksWeb
)

// FailsBuild reports whether the build fails with what the note is about.
func (n Note) FailsBuild() bool { return n.Effect == FailsBuild }

// MayStop reports whether the container may not start with what the note is about.
func (n Note) MayStop() bool { return n.Effect == MayStop }

// LacksWeb reports whether the note says why the image has no process web.
func (n Note) LacksWeb() bool { return n.Effect == LacksWeb }

// List collects the notes of one function, which returns them.
type List []Note

// Hint adds a hint. It is formatted like fmt.Sprintf.
func (n *List) Hint(id, format string, args ...any) { n.Hints(id, fmt.Sprintf(format, args...)) }

// Hints adds a hint for each text.
func (n *List) Hints(id string, texts ...string) {
	for _, text := range texts {
		*n = append(*n, Note{ID: id, Text: text})
	}
}

// Warn adds a warning. It is formatted like fmt.Sprintf.
func (n *List) Warn(id, format string, args ...any) { n.Warnings(id, fmt.Sprintf(format, args...)) }

// Warnings adds a warning for each text.
func (n *List) Warnings(id string, texts ...string) {
	for _, text := range texts {
		*n = append(*n, Note{ID: id, Severity: Warning, Text: text})
	}
}

// LacksWeb adds a warning that says why the image has no process web. It is formatted like fmt.Sprintf.
func (n *List) LacksWeb(id, format string, args ...any) {
	*n = append(*n, Note{ID: id, Severity: Warning, Effect: LacksWeb, Text: fmt.Sprintf(format, args...)})
}

// Texts returns the texts of notes.
func Texts(all []Note) (texts []string) {
	for _, n := range all {
		texts = append(texts, n.Text)
	}
	return texts
}
