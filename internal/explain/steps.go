package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// inPack has the directories of a build by pack.
var inPack = plan.Places{App: "/workspace", Layers: "/layers/tandem_python-node"}

// packages returns the sets of packages that a build installs: Python's, and one for each package.json that is
// installed.
func (x explanation) packages() (all []Package) {
	all = x.nodePackages()
	p, by := x.Plan.Python, x.Plan.Python.Installer
	if x.Open.Packages {
		return all
	}
	version := versions.Pinned(by.Tool, by.Name)
	if p.Sources.Version != "" {
		version = p.Sources.Version
	}
	files := nonNil(p.Sources.Files)
	return append([]Package{{Name: "Python packages", Manager: by.Name, Version: version, Why: by.Note, Files: files,
		File: append(files, "")[0], Count: x.pythonPackages()}}, append(x.data(), all...)...)
}

// data returns the data of NLTK that the build downloads, as a set of packages.
func (x explanation) data() (all []Package) {
	for _, step := range x.Steps {
		if data := x.App.Python.NLTK; step.ID == plan.DataOfNLTK {
			p := Package{Name: "NLTK data", Manager: "NLTK", Why: show.List(data.Names), Files: []string{data.File},
				File: data.File, Count: len(data.Names), Data: true}
			for _, condition := range step.If {
				p.Why += ", if " + string(condition)
			}
			all = append(all, p)
		}
	}
	return all
}

// nodePackages returns the sets of packages of Node.js.
func (x explanation) nodePackages() (all []Package) {
	for _, project := range x.Projects() {
		if project.Install == nil {
			continue
		}
		n, tool := project.Package, project.Tool
		all = append(all, Package{Name: project.Title(), Manager: project.ManagerData().Name,
			Version: tool.Version.Want + tool.File, Why: tool.Version.Source, Files: nonNil(n.Inputs),
			File: append(slices.Clip(n.Locks), n.Path("package.json"))[0], Count: x.counts[n.Dir]})
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
			Kind: string(step.Kind), About: x.about(step),
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

// about returns what a step runs or writes, as far as the files tell.
func (x explanation) about(step plan.Step) string {
	switch step.Kind {
	case plan.Script:
		if project, ok := x.ProjectOf(step); ok {
			return project.Scripts[step.Argv[len(step.Argv)-1]]
		}
	case plan.Collectstatic:
		var parts []string
		if x.settings.StaticRoot != "" {
			parts = append(parts, "into "+show.Name(x.settings.StaticRoot)+"/")
		}
		if x.settings.StaticServer == "whitenoise" {
			parts = append(parts, "by WhiteNoise")
		}
		return strings.Join(parts, ", ")
	default: // the command says it
	}
	return ""
}

// pythonPackages returns the number of Python packages; 0 if the list is not complete.
func (x explanation) pythonPackages() int {
	if !x.listed.Complete {
		return 0
	}
	return len(x.listed.Packages)
}

// processes returns the processes of the plan.
func (x explanation) processes() (all []Process) {
	for _, p := range x.Processes {
		out := Process{Type: p.Type, Command: p.Command, Dir: p.Dir, Default: p.Default, If: string(p.If)}
		out.Brief = p.Brief()
		switch server := process.ServerIn(x.listed); {
		case p.Line > 0:
			out.From = fmt.Sprintf("Procfile, line %d", p.Line)
		case p.Type == "migrate":
			out.From = "run it when you deploy"
		case server.Name != "" && strings.Contains(p.Command, server.Name):
			out.From = strings.TrimSpace(server.Name+" "+server.Version) + ", " + show.Name(server.File)
		}
		all = append(all, out)
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
