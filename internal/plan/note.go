package plan

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
	Severity Severity
	Stage    Stage     // when it is shown
	If       Condition // empty if the note always applies
	Text     string
}

// Stage is a part of a build.
type Stage int

// The stages of a build, in order.
const (
	Prepare Stage = iota // before anything is installed
	Install              // the runtimes and the packages
	App                  // app steps: hooks, build scripts, management commands
	Finish               // what the image needs
)

// notes are collected by one function, and returned.
type notes []Note

// hint adds a hint. It is formatted like fmt.Sprintf.
func (n *notes) hint(format string, args ...any) { n.hints(fmt.Sprintf(format, args...)) }

// hints adds a hint for each text. They have no condition, and their stage is Prepare.
func (n *notes) hints(texts ...string) {
	for _, text := range texts {
		*n = append(*n, Note{Text: text})
	}
}

// inStage returns the notes with another stage.
func (n notes) inStage(stage Stage) (out []Note) {
	for _, note := range n {
		note.Stage = stage
		out = append(out, note)
	}
	return out
}

// Texts returns the texts of the notes of one stage and severity.
func (p Plan) Texts(stage Stage, severity Severity) (texts []string) {
	for _, n := range p.Notes {
		if n.Stage == stage && n.Severity == severity {
			texts = append(texts, n.Text)
		}
	}
	return texts
}
