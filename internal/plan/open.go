package plan

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/process"
)

// Open says which parts of a plan depend on how its errors are solved. A plan has none of them.
type Open struct {
	Packages bool // how the Python packages are installed
	Manage   bool // which manage.py is used
	Projects bool // the projects of Node.js, or some of them
	Image    bool // what the image has of Node.js
}

// openParts returns the parts that the errors about the packages, manage.py, Node.js and the image leave open, and
// removes unfinished projects from the plan.
func (p *Plan) openParts(packages, manage, node, image error) (open Open) {
	open.Manage = manage != nil
	open.Packages = packages != nil && p.Python.Manager == "" || open.Manage && p.Python.Dir != "."
	open.Packages = open.Packages || p.Config.IsInvalid(config.PythonInstaller, config.PythonProjectPath)
	open.Image = image != nil || node != nil || p.Config.IsInvalid(launchSettings()...)
	open.Projects = node != nil && p.Node == nil || p.Config.IsInvalid(config.NodeProjectPath)
	if p.Node == nil {
		return open
	}
	isOpen := func(project Project) bool { return project.Manager == "" }
	whole := slices.DeleteFunc(slices.Clone(p.Node.Projects), isOpen)
	open.Projects = len(whole) < len(p.Node.Projects)
	p.Node.Projects = whole
	return open
}

// launchSettings returns the variables without which it is unknown what the image has of Node.js.
func launchSettings() []string {
	return []string{config.NodeProjectPath, config.NodeLaunch, config.NodeModulesLaunch}
}

// partly is follow for a plan with errors: the result has the steps and processes that do not depend on them. Without a
// Procfile, what serves the app depends on the packages and on manage.py.
func (q Question) partly(p Plan) Plan {
	if p.Python == nil {
		return p
	}
	if p.Open.Manage {
		q.Config.CommandsBefore, q.Config.CommandsAfter = nil, nil
	}
	p = q.follow(p)
	if p.Open.Packages || p.Open.Manage {
		p.Processes = slices.DeleteFunc(p.Processes, func(process process.Process) bool {
			return process.Type == "web" && !p.app.HasLine("web")
		})
	}
	return p
}
