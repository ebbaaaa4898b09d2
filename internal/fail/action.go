package fail

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// A Fix tells a user how to mend an error, in the order in which it is read: sentences, and below them commands,
// settings and lines of files. Render writes it for a platform.
type Fix []Action

// Action is one part of a Fix: Say, Run, Set, Edit, Bind or Build.
type Action interface {
	// mapped returns the action with every text in it replaced by change.
	mapped(change func(string) string) Action
}

// Say is text: imperative sentences, which may end with a colon if an action follows.
type Say struct{ Text string }

// Run is a line for a shell on the user's machine. In is the directory of the app in which it is typed; empty or "." is
// the root of the app.
type Run struct{ Command, In string }

// Set gives the build a variable. Adjacent ones are rendered together.
type Set struct {
	Name  string
	Value string // empty if only the user knows it
}

// Edit is lines for a file of the app. The sentence above it names the file.
type Edit struct{ Lines []string }

// Bind gives the build a service binding.
// https://buildpacks.io/docs/for-app-developers/how-to/build-inputs/use-service-bindings/
type Bind struct {
	Type  string
	Name  string      // of the binding; empty: as Type
	Dir   string      // the directory on the user's machine; empty: bindings/NAME
	Files []BoundFile // the entries in addition to type; empty if the sentences above say how to create them
}

// BoundFile is an entry of a binding: a copy of the file From, or Text.
type BoundFile struct{ Name, From, Text string }

// Build changes what the build itself is made with. Empty fields stay as they are.
type Build struct {
	Builder    string   // the image
	Buildpacks []string // images or ids, in the order in which they run
	CPU        string   // the architecture, in Go's words
}

// Options returns the options of pack for the build.
func (b Build) Options() string {
	var all []string
	if b.Builder != "" {
		all = append(all, "--builder "+show.Word(b.Builder))
	}
	for _, one := range b.Buildpacks {
		all = append(all, "--buildpack "+show.Word(one))
	}
	if b.CPU != "" {
		all = append(all, "--platform "+show.Word("linux/"+b.CPU))
	}
	return strings.Join(all, " ")
}

// Map returns f with every text in it replaced by change, such as one that masks secrets.
func (f Fix) Map(change func(string) string) Fix {
	all := make(Fix, 0, len(f))
	for _, action := range f {
		all = append(all, action.mapped(change))
	}
	return all
}

// String returns f for an app that has a project.toml.
func (f Fix) String() string { return Render(f, Project) }

// The methods return a copy of the action, with every text of the user or of the app replaced by change.
func (s Say) mapped(change func(string) string) Action  { return Say{change(s.Text)} }
func (r Run) mapped(change func(string) string) Action  { return Run{change(r.Command), change(r.In)} }
func (s Set) mapped(change func(string) string) Action  { return Set{change(s.Name), change(s.Value)} }
func (e Edit) mapped(change func(string) string) Action { return Edit{mappedAll(e.Lines, change)} }

func (b Build) mapped(change func(string) string) Action {
	return Build{change(b.Builder), mappedAll(b.Buildpacks, change), change(b.CPU)}
}

// mappedAll returns texts, each replaced by change.
func mappedAll(texts []string, change func(string) string) []string {
	all := make([]string, 0, len(texts))
	for _, text := range texts {
		all = append(all, change(text))
	}
	return all
}

func (b Bind) mapped(change func(string) string) Action {
	files := make([]BoundFile, 0, len(b.Files))
	for _, f := range b.Files {
		files = append(files, BoundFile{f.Name, change(f.From), change(f.Text)})
	}
	return Bind{b.Type, b.Name, change(b.Dir), files}
}
