package plan

import "slices"

// follow returns the plan with the steps and processes that follow from its decisions.
func (q Question) follow(p Plan) Plan {
	var steps, processes notes
	p.root = q.Places.App
	if !p.Python.Provided {
		p.Python.Installer = installerOf(p.Python, q.uv())
		p.Python.target = q.target(p.Python)
	}
	p.Steps, steps = q.steps(p)
	p.Processes, processes = p.openProcesses(q.Places.App)
	p.Notes = slices.Concat(p.Notes, steps.at(App), processes.at(Finish))
	return p
}

// Settle returns the plan with what the installation has shown: conditions are closed, commands fit the package
// managers, and the processes are chosen. The error is the user's.
func (p Plan) Settle(f Found) (Plan, error) {
	isPrune := func(s Step) bool { return s.Kind == Prune }
	p.Steps = append(slices.DeleteFunc(p.closed(f), isPrune), p.prunes(f.Managers)...)
	var processes notes
	p.Processes, processes = p.processes(f, p.root)
	var said []Note
	for _, note := range p.Notes {
		if note.Stage != Finish && note.If.holds(f) {
			said = append(said, note)
		}
	}
	p.Notes = slices.Concat(said, p.skipped(f).at(App), processes.at(Finish))
	return p, p.CheckServer(f, p.Processes)
}

// closed returns the steps whose conditions hold.
func (p Plan) closed(f Found) (steps []Step) {
	for _, step := range p.Steps {
		if !slices.ContainsFunc(step.If, func(c Condition) bool { return !c.holds(f) }) {
			step.If = nil
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
