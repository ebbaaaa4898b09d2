package plan

import (
	"github.com/tandem-cnb/tandem/internal/note"
	"slices"
)

// Condition is something that is known only after the installation. Its value is the text that explain shows.
type Condition string

// The conditions of steps, processes and notes.
const (
	IfDjango       Condition = "Django is installed"
	IfBabel        Condition = "Django or Babel is installed"
	IfStaticfiles  Condition = "Django is installed and django.contrib.staticfiles is in INSTALLED_APPS"
	IfBundledUnfit Condition = "the one that Node.js brings does not fit"
	IfNoPip        Condition = "the Python packages have no pip"
	IfNLTK         Condition = "NLTK is installed"
)

// isMet reports whether a condition is met by f. A condition that is not known yet may be met, and an empty one is met.
func (c Condition) isMet(f Found) bool {
	switch c {
	case IfDjango:
		return f.Has("django")
	case IfNLTK:
		return f.Has("nltk")
	case IfBabel:
		return f.Has("django") || f.Has("babel")
	case IfStaticfiles:
		return f.Has("django") && (f.Settings == nil || f.Settings.Staticfiles)
	case IfBundledUnfit, IfNoPip: // not known before the step
	}
	return true
}

// follow returns the plan with the steps and processes that follow from its decisions.
func (q Question) follow(p Plan) Plan {
	var steps, processes note.List
	p.places = q.Places
	if !p.Python.Provided && !p.Open.Packages {
		p.Python.Installer = installerOf(p.Python, q.uv())
		p.Notes = append(p.Notes, inStage(Prepare, p.Python.addSetuptools())...)
		p.Python.target = q.target(p.Python)
	}
	p.Processes, processes = p.openProcesses(q.Places.App)
	p.Steps, steps = q.steps(p)
	p.Notes = slices.Concat(p.Notes, inStage(App, steps), p.notCollected(), inStage(Finish, processes))
	return p
}

// Settle returns the plan with what the installation has shown: conditions are closed, commands fit the package
// managers, and the processes are chosen. The error is the user's.
func (p Plan) Settle(f Found) (Plan, error) {
	atEnd := func(s Step) bool { return s.Stage == Finish }
	var processes note.List
	p.Processes, processes = p.processes(f, p.places.App)
	p.Steps = append(slices.DeleteFunc(p.closed(f), atEnd), p.finishSteps(f.Managers)...)
	var said []StagedNote
	for _, n := range p.Notes {
		if n.Stage != Finish && n.If.isMet(f) {
			said = append(said, n)
		}
	}
	p.Notes = slices.Concat(said, inStage(App, p.skipped(f)), inStage(Finish, processes))
	return p, p.CheckServer(f, p.Processes)
}

// closed returns the steps whose conditions hold.
func (p Plan) closed(f Found) (steps []Step) {
	for _, step := range p.Steps {
		if !slices.ContainsFunc(step.If, func(c Condition) bool { return !c.isMet(f) }) {
			step.If = slices.DeleteFunc(slices.Clone(step.If), func(c Condition) bool {
				return c != IfBundledUnfit && c != IfNoPip // the step itself finds out
			})
			steps = append(steps, step)
		}
	}
	return steps
}

// CheckServer returns an error if the server of one of the processes cannot start. The environment of another
// buildpack may have more than its records show.
func (p Plan) CheckServer(in Found, processes []Process) error {
	if p.Python.Provided {
		return nil
	}
	return oldGunicorn(in, processes, p.Python.Series)
}
