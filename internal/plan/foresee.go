package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/settings"
	"github.com/tandem-cnb/tandem/internal/static"
)

// Foresee returns the plan with what files tell about the packages before they are installed. s are the settings as far
// as they can be read without running them; nil if they cannot. If the list of packages is complete, the plan is the
// one that a build will have after the installation, except for conditions that depend on unknown settings. The error
// is the user's.
//
// A complete list makes Foresee the same as Settle: what explain prints is decided by the code of a build. Otherwise
// only what the listed packages certainly imply is decided.
func (p Plan) Foresee(listed manager.Listed, s *installed.Settings) (Plan, error) {
	found := installed.Listed(listed)
	found.Settings = s
	if !listed.Complete {
		p = p.foreseePart(found)
		p.Notes = append(slices.Clip(p.Notes), inStage(Prepare, p.image().NotListed(listed))...)
		return p, nil
	}
	foreseen, err := p.Settle(found)
	for i, step := range foreseen.Steps {
		if step.Kind == Collectstatic && s == nil {
			foreseen.Steps[i].If = []installed.Condition{installed.IfStaticfiles}
		}
	}
	return foreseen, err
}

// foreseePart is Foresee for packages of which only some are known: conditions that they meet are closed.
func (p Plan) foreseePart(found installed.Found) Plan {
	certain := func(c installed.Condition) bool {
		ofDjango := c == installed.IfDjango || c == installed.IfBabel ||
			c == installed.IfStaticfiles && found.Settings != nil
		return ofDjango && found.Has("django") || c == installed.IfNLTK && found.Has("nltk")
	}
	p.Steps = slices.Clone(p.Steps)
	for i, step := range p.Steps {
		p.Steps[i].If = slices.DeleteFunc(slices.Clone(step.If), certain)
	}
	if s := found.Settings; s != nil && !s.Staticfiles {
		p.Steps = slices.DeleteFunc(p.Steps, func(s Step) bool { return s.Kind == Collectstatic })
		p.Notes = append(slices.Clip(p.Notes), inStage(App, p.skipped(found))...)
	}
	open := p.Processes
	p.Processes, _ = p.image().Choose(found)
	isWeb := func(p process.Process) bool { return p.Type == "web" }
	if web := slices.IndexFunc(p.Processes, isWeb); web >= 0 && len(p.app.Procfile) == 0 {
		p.Processes[web].If = p.image().Preferred(found)
	} else if web < 0 {
		possible := slices.DeleteFunc(slices.Clone(open), func(p process.Process) bool { return !isWeb(p) })
		p.Processes = append(possible, p.Processes...)
	}
	for _, process := range open {
		if process.If == installed.IfDjango && !found.Has("django") {
			p.Processes = append(p.Processes, process)
		}
	}
	return p
}

// Machine returns what the packages are installed for, on an architecture.
func (py *Python) Machine(arch string) manager.Machine {
	return manager.Machine{Python: py.Version, Arch: arch}
}

// ForeseenSettings returns settings that were read without running them, for Foresee. It is nil if it is unknown
// whether static files are collected.
func ForeseenSettings(s settings.Settings) *installed.Settings {
	// An app may name the configuration of Django's app, or a subclass of that.
	isStatic := func(name string) bool { return strings.Contains(strings.ToLower(name), "staticfiles") }
	static := slices.ContainsFunc(s.Apps.Names, isStatic)
	if s.File == "" || !static && !s.Apps.Complete {
		return nil
	}
	return &installed.Settings{Staticfiles: static, WSGI: s.WSGI, ASGI: s.ASGI}
}

// LoadsSettings reports whether a step of the app certainly loads Django's settings.
func (p Plan) LoadsSettings() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return (s.Kind == Management || s.Kind == Collectstatic) && len(s.If) == 0
	})
}

// Collects returns the step that collects static files. Ok is false if there is none, or if it may be skipped.
func (p Plan) Collects() (step Step, ok bool) {
	step, ok = first(p.Of(Collectstatic))
	return step, ok && len(step.If) == 0
}

// NotServed warns that nothing serves the static files that are collected, if the settings and processes show that.
func (p Plan) NotServed(s settings.Settings) []note.Note {
	if _, collects := p.Collects(); !collects || !s.Middleware.Complete || s.StaticServer != "" || s.Services {
		return nil
	}
	return static.NotServed(process.Commands(p.Processes))
}
