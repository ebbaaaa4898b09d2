package plan

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/process"
)

// image returns what the processes of the image depend on.
func (p Plan) image() process.Facts {
	facts := process.Facts{
		App: p.app, Root: p.places.App, Manage: p.Manage, NoCollectstatic: p.Config.Collectstatic.Disable.On,
	}
	if py := p.Python; py != nil {
		facts.Wanted, facts.Add = py.Wanted, process.Add{Command: py.ManagerData().Add, Dir: py.Dir}
		if len(py.Sources.Files) > 0 {
			facts.Add.File = py.Sources.Files[0]
		}
	}
	for _, project := range p.Projects() {
		names, _ := p.scripts(project)
		for _, name := range names {
			facts.Scripts = append(facts.Scripts,
				process.BuildScript{Package: project.Package, Name: name, Command: project.Scripts[name]})
		}
	}
	return facts
}

// NoServer returns an error if the app has no Procfile and none of its packages is a server: the image would have no
// process that a container can start. The list must be complete.
func (p Plan) NoServer(listed manager.Listed) error { return p.image().NoServer(listed) }

// CheckServer returns an error if the server of one of the processes cannot start. The environment of another
// buildpack may have more than its records show.
func (p Plan) CheckServer(in installed.Found, processes []process.Process) error {
	if p.Python.Provided {
		return nil
	}
	return process.CheckServer(in, processes, p.Python.Series)
}
