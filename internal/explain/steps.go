package explain

import (
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// inPack has the directories of a build by pack.
var inPack = plan.Places{App: "/workspace", Layers: "/layers/tandem_python-node"}

// packages returns the sets of packages that a build installs: Python's, and one for each package.json that is
// installed.
func (x explanation) packages() (all []Package) {
	p, by := x.Plan.Python, x.Plan.Python.Installer
	version := versions.Pinned(by.Tool, by.Name)
	if p.Sources.Version != "" {
		version = p.Sources.Version
	}
	all = []Package{{Name: "Python packages", Manager: by.Name, Version: version, Why: by.Note,
		Files: nonNil(p.Sources.Files)}}
	for _, project := range x.Projects() {
		if project.Install == nil {
			continue
		}
		tool := project.Tool
		all = append(all,
			Package{project.Title(), project.ManagerData().Name, tool.Version.Want + tool.File, tool.Version.Source,
				nonNil(project.Package.Inputs)})
	}
	return all
}

// order returns the steps of a first build. A command that users may type is its own name. How Tandem gets a package
// manager or reads the settings is not such a command.
func (x explanation) order() (all []Step) {
	for _, step := range x.Steps {
		if step.From > plan.Fresh || step.Title == "" {
			continue
		}
		if step.In != "" || step.Kind == plan.ImportSettings {
			step.Argv = nil
		}
		out := Step{
			ID: step.ID, Side: string(step.Lane), Name: step.Title, Dir: step.Dir, Command: nonNil(step.Argv),
		}
		if len(step.Argv) > 0 {
			out.Name = plan.Shown(step.Argv)
		}
		for _, condition := range step.If {
			out.If = string(condition)
		}
		all = append(all, out)
	}
	return all
}

// processes returns the processes of the plan.
func (x explanation) processes() (all []Process) {
	for _, p := range x.Processes {
		all = append(all, Process{p.Type, p.Command, p.Dir, p.Default, string(p.If)})
	}
	return all
}

// nonNil returns an empty list instead of nil, since JSON distinguishes [] from null.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
