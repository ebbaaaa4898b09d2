package plan

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"slices"
)

// follow returns the plan with the steps and processes that follow from its decisions.
func (q Question) follow(p Plan) Plan {
	var steps, processes note.List
	p.places = q.Places
	if !p.Python.Provided && !p.Open.Packages {
		p.Python.Installer = installerOf(p.Python, q.uv())
		p.Notes = append(p.Notes, inStage(Prepare, p.Python.addSetuptools())...)
		p.Python.target = q.target(p.Python)
	}
	p.Processes, processes = p.image().Possible()
	p.Steps, steps = q.steps(p)
	p.Notes = slices.Concat(p.Notes, inStage(App, steps), p.notCollected(), inStage(Finish, processes))
	return p
}

// Settle returns the plan with what the installation has shown: conditions are closed, commands fit the package
// managers, and the processes are chosen. The error is the user's.
func (p Plan) Settle(f installed.Found) (Plan, error) {
	atEnd := func(s Step) bool { return s.Stage == Finish }
	var processes note.List
	p.Processes, processes = p.image().Choose(f)
	p.Steps = append(slices.DeleteFunc(p.closed(f), atEnd), p.finishSteps(f.Managers)...)
	var said []StagedNote
	for _, n := range p.Notes {
		if n.Stage != Finish && n.If.IsMet(f) {
			said = append(said, n)
		}
	}
	p.Notes = slices.Concat(said, inStage(App, p.skipped(f)), inStage(Finish, processes))
	return p, p.CheckServer(f, p.Processes)
}

// closed returns the steps whose conditions hold.
func (p Plan) closed(f installed.Found) (steps []Step) {
	for _, step := range p.Steps {
		if !slices.ContainsFunc(step.If, func(c installed.Condition) bool { return !c.IsMet(f) }) {
			step.If = slices.DeleteFunc(slices.Clone(step.If), func(c installed.Condition) bool {
				return !slices.Contains(installed.Late(), c) // the step itself finds out
			})
			steps = append(steps, step)
		}
	}
	return steps
}
