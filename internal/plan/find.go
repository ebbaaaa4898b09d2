package plan

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"slices"
)

// Skip says when a later build need not run a step again.
type Skip string

// The ways to skip a step. What exists for things that a build cannot know, such as a hook, runs always.
const (
	Never     Skip = ""
	WithLayer Skip = "with its layer"   // the layer decides, by its key
	Unchanged Skip = "unchanged inputs" // of its environment, the app and the layers that it needs
	PerFile   Skip = "per file"
)

// Skip returns when a later build need not run the step again.
func (s Step) Skip() Skip {
	switch {
	case s.Kind == HookScript || s.Kind == InstallScript || s.Kind == Translate || s.Env == EnvPrebuild:
		return Never
	case s.Layer != "":
		return WithLayer
	case s.Kind == ByteCode:
		return PerFile
	}
	return Unchanged
}

// Commands returns the app's own commands, in order. All of them need the same.
func (p Plan) Commands() []Step {
	return p.where(func(s Step) bool { return s.Stage == App && len(s.Argv) > 0 })
}

// Of returns the steps of a kind, in order.
func (p Plan) Of(kind Kind) []Step { return p.where(func(s Step) bool { return s.Kind == kind }) }

// Filling returns the steps that fill a layer with contents, in order.
func (p Plan) Filling(layer string, contents From) []Step {
	return p.where(func(s Step) bool {
		return s.Layer == layer && (s.From == contents || s.From == Any && contents != Cached)
	})
}

// Compiling returns the step that fills a layer with bytecode. If the layer's name is empty, it returns the step for
// the app. Its ID is empty if there is none.
func (p Plan) Compiling(layer string) (step Step) {
	step, _ = first(p.where(func(s Step) bool { return s.Kind == ByteCode && s.Layer == layer }))
	return step
}

// Import returns the step that imports the settings with what was found. ok is false if nothing does.
func (p Plan) Import(f installed.Found) (_ Step, ok bool) {
	p.Steps = p.closed(f)
	return first(p.Of(ImportSettings))
}

// Prune returns the step that prunes the packages of the project in dir. ok is false if there is none.
func (p Plan) Prune(dir string) (_ Step, ok bool) {
	return first(p.where(func(s Step) bool { return s.Kind == Prune && s.Dir == dir }))
}

// first returns the first of steps. ok is false if there is none.
func first(steps []Step) (_ Step, ok bool) { return append(steps, Step{})[0], len(steps) > 0 }

// ProjectOf returns the project that a step is about. A step of an installation may run in a workspace of its project.
func (p Plan) ProjectOf(step Step) (_ Project, ok bool) {
	for _, project := range p.Projects() {
		n, layers := project.Package, []string{project.Layer(), project.Shipped(), p.ToolLayer(project)}
		byDir := step.Layer == "" && (n.Dir == step.Dir || slices.Contains(n.Workspaces, step.Dir))
		if byDir || step.Layer != "" && slices.Contains(layers, step.Layer) {
			return project, true
		}
	}
	return Project{}, false
}

// Reads returns the files of the app that the contents of a layer depend on.
func (p Plan) Reads(layer string) (names []string) {
	for _, step := range p.Filling(layer, Fresh) {
		names = append(names, step.Reads...)
	}
	return names
}

// where returns the steps for which matches returns true, in the order of the plan.
func (p Plan) where(matches func(Step) bool) (steps []Step) {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return !matches(s) })
}
