package plan

import (
	"errors"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// node decides which projects are installed and built. The result is nil if Node.js is not used. With an error it has
// what could be decided anyway.
func (q Question) node() (out *Node, said note.List, err error) {
	a, c := q.App, q.Config
	chosen, err := projects(a, c)
	if err != nil || c.IsInvalid(config.NodeProjectPath) {
		return nil, nil, err
	}
	if chosen.alone {
		said.Hint("node/runtime-only", "Node.js: no directory is a project, but %s", chosen.why)
		ask, also := nodeAsk(nil, c, q.Last.Node)
		return &Node{Runtime: Runtime{Ask: ask}}, slices.Concat(said, also, chosen.said), nil
	}
	if len(chosen.packages) == 0 {
		if chosen.why != "" {
			said.Hint("node/not-used", "Node.js is not used: %s", chosen.why)
		}
		return nil, append(said, chosen.said...), checkScripts(nil, c)
	}
	ask, said := nodeAsk(versioned(a, chosen.packages), c, q.Last.Node)
	out = &Node{Runtime: Runtime{Ask: ask}}
	var errs []error
	for _, n := range chosen.packages {
		also, err := q.add(out, n)
		said, errs = append(said, also...), append(errs, err)
	}
	said = append(said, out.settingsNotes()...)
	errs = append(errs, checkScripts(out.Projects, c))
	for i := range out.Projects {
		if c.NPM.Production.On && out.Projects[i].Manager == manager.NPM && out.Projects[i].Install != nil {
			said = append(said, out.Projects[i].withoutDev()...)
		}
	}
	also, err := q.checkLocks(out)
	said, errs = append(said, also...), append(errs, err)
	return out, append(said, chosen.said...), withoutEchoes(out.unreadable(c), errs)
}

// settingsNotes notes settings of the package managers that are not used.
func (node *Node) settingsNotes() (said note.List) {
	for _, project := range node.Projects {
		for _, text := range project.Settings.Notes {
			said.Hint("node/settings-ignored", "%s: %s", project.Title(), text)
		}
	}
	return said
}

// unreadable returns the files that the projects depend on and that cannot be read.
func (node *Node) unreadable(c config.Config) (all []app.Unreadable) {
	for _, project := range node.Projects {
		all = slices.Concat(all, project.Package.Unreadable, project.Settings.Unreadable)
		if c.NodeVersion == "" {
			all = append(all, project.Package.NodeVersions.Unreadable...)
		}
	}
	return all
}

// add makes n a project of out. A workspace is installed with its owner and by the same manager.
func (q Question) add(out *Node, n *app.Node) (said note.List, err error) {
	owner := ownerOf(q.App, n)
	if owner == nil {
		at, said, err := q.installed(out, n)
		out.Projects[at].Scripts = n.Scripts
		return said, err
	}
	at, said, err := q.installed(out, owner)
	if err != nil {
		return said, err
	}
	with := out.Projects[at]
	out.Projects = append(out.Projects,
		Project{Package: n, Scripts: n.Scripts, Manager: with.Manager, Tool: with.Tool})
	return said, nil
}

// installed returns the index of n among the projects of out. n may be there already, as the owner of a workspace.
func (q Question) installed(out *Node, n *app.Node) (at int, said note.List, err error) {
	for i, project := range out.Projects {
		if project.Package == n {
			return i, nil, nil
		}
	}
	project, said, err := q.project(n)
	out.Projects = append(out.Projects, project)
	return len(out.Projects) - 1, said, err
}

// project decides how the packages of n are installed.
func (q Question) project(n *app.Node) (out Project, said note.List, err error) {
	out = Project{Package: n}
	if out.Manager, err = managerOf(n, q.App.Recipes); err != nil {
		return out, nil, err
	}
	data := out.ManagerData()
	out.Settings = n.Settings[out.Manager]
	out.Tool = toolOf(n, data, q.Arch)
	if err := malformed(out.Tool.Version, data.Name); err != nil {
		return out, nil, err
	}
	out.inputs(n)
	if out.Roots, err = roots(n, out.Settings); err != nil {
		return out, nil, err
	}
	said = out.installs(q.App.Others)
	if out.Settings.Lacks {
		err = managerMissing(out)
	}
	return out, said, err
}

// roots returns what an installation of n creates in the app.
func roots(n *app.Node, settings app.ManagerSettings) (all []app.Path, err error) {
	add := func(dir, name string) {
		p, inErr := app.In(dir, name)
		all, err = append(all, p), errors.Join(err, inErr)
	}
	for _, dir := range append([]string{n.Dir}, n.Workspaces...) {
		add(dir, "node_modules")
	}
	for _, name := range settings.Outputs {
		add(n.Dir, name)
	}
	return all, err
}

// installs decides by which command the packages are installed.
func (p *Project) installs(o app.Others) (said note.List) {
	n, commands := p.Package, p.ManagerData().Commands
	empty := len(n.Dependencies)+len(n.DevDependencies)+len(n.Workspaces) == 0
	switch {
	case slices.Contains(o.Modules, n.Dir):
		p.Provided = true
	case len(n.Locks) > 0:
		p.Install, p.Update = commands.Locked, commands.Update
	case empty && installScript(n) == "" && len(p.ManagerData().Runs) == 0:
		said.Hint("node/no-packages", "%s: package.json lists none", p.Title())
	case empty && installScript(n) != "":
		p.Install = commands.Unlocked
		said.Hint("node/install-script-only",
			"%s: package.json lists none; the installation runs its script %s", p.Title(), installScript(n))
	default: // without packages too, if the manager runs no script before an installation
		p.Install = commands.Unlocked
		said.Hint("node/no-lockfile", "%s: no lockfile, so the versions may differ between builds. Commit one: %s",
			p.Title(), n.Command(commands.Relock))
	}
	return said
}

// inputs notes the files that the installation reads. Versions of tools and variables are not files.
func (p *Project) inputs(n *app.Node) {
	p.Inputs = append(p.Inputs, n.Inputs...)
	for _, names := range [][]string{p.ManagerData().Rest, p.Settings.Inputs, p.Settings.Brought} {
		for _, name := range names {
			p.Inputs = append(p.Inputs, n.Path(name))
		}
	}
	if p.Tool.File != "" {
		p.Inputs = append(p.Inputs, p.Tool.File)
	}
	for _, settings := range n.SettingsFiles {
		for _, name := range p.ManagerData().Files {
			if settings.File == name {
				p.Files = append(p.Files, settings)
			}
		}
	}
}

// ManagerData describes the package manager.
func (p Project) ManagerData() manager.NodeData { return manager.Node(p.Manager).Data() }

// Title returns the name of the project's packages in the log.
func (p Project) Title() string {
	if p.Package.Dir == "." {
		return "Node packages"
	}
	return "Node packages of " + show.Name(p.Package.Dir)
}

// nodeApplies reports whether the build of a needs Node.js, or has an error about its front end to report.
func nodeApplies(a app.App, c config.Config) bool {
	chosen, err := projects(a, c)
	return err != nil || chosen.alone || len(chosen.packages) > 0
}
