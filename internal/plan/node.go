package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

func (p *Plan) node(a app.App, c config.Config) (*Node, error) {
	chosen, err := projects(a, c)
	if err != nil {
		return nil, err
	}
	if chosen.alone {
		p.note("Node.js: no folder is its project, %s", chosen.why)
		return &Node{Ask: p.nodeVersion(nil, c)}, nil
	}
	if len(chosen.packages) == 0 {
		if chosen.why != "" {
			p.note("Node.js takes no part: %s", chosen.why)
		}
		return nil, checkScripts(nil, c)
	}
	out := &Node{Ask: p.nodeVersion(chosen.packages, c)}
	var unread, errs []error
	for _, n := range chosen.packages {
		errs = append(errs, p.add(out, ownerOf(a, n), n))
	}
	for _, project := range out.Projects {
		unread = slices.Concat(unread, project.Package.Problems, project.Settings.Unread)
		if c.NodeVersion == "" {
			unread = append(unread, project.Package.NodeVersions.Unread...)
		}
		for _, note := range project.Settings.Notes {
			p.note("%s: %s", project.Title(), note)
		}
	}
	errs = append(errs, checkScripts(out.Projects, c))
	for i := range out.Projects {
		out.Projects[i].again(a)
		if c.NPMProduction.On && out.Projects[i].Manager == manager.NPM && out.Projects[i].Install != nil {
			p.withoutDev(&out.Projects[i])
		}
	}
	if chosen.found {
		p.note("Node.js: the project is in %s, %s", show.Name(chosen.packages[0].Dir), chosen.why)
	}
	return out, withoutEchoes(unread, errs)
}

// add makes n a project. One that is a workspace is installed with its owner and by the same manager.
func (p *Plan) add(out *Node, owner, n *app.Node) error {
	if owner == nil {
		at, err := p.installed(out, n)
		out.Projects[at].Scripts = n.Scripts
		return err
	}
	at, err := p.installed(out, owner)
	if err != nil {
		return err
	}
	with := out.Projects[at]
	out.Projects = append(out.Projects, Project{Package: n, Scripts: n.Scripts, Manager: with.Manager, Tool: with.Tool})
	return nil
}

// installed is the place of n among the projects; it may have got there as the owner of a workspace.
func (p *Plan) installed(out *Node, n *app.Node) (int, error) {
	for i, project := range out.Projects {
		if project.Package == n {
			return i, nil
		}
	}
	project, err := p.project(n)
	out.Projects = append(out.Projects, project)
	return len(out.Projects) - 1, err
}

// project is how the packages of n are installed.
func (p *Plan) project(n *app.Node) (out Project, err error) {
	out = Project{Package: n}
	if out.Manager, err = managerOf(n); err != nil {
		return out, err
	}
	data := out.ManagerData()
	out.Settings = n.Settings[out.Manager]
	out.Tool = toolOf(n, data)
	if err := malformed(out.Tool.Version, data.Name); err != nil {
		return out, err
	}
	out.inputs(n)
	for _, dir := range append([]string{n.Dir}, n.Workspaces...) {
		out.Roots = append(out.Roots, join(dir, "node_modules"))
	}
	for _, name := range out.Settings.Outputs {
		out.Roots = append(out.Roots, n.Path(name))
	}
	switch {
	case slices.Contains(p.others.Modules, n.Dir):
		out.Given = true
	case len(n.Locks) > 0:
		out.Install, out.Update = data.Commands.Locked, data.Commands.Update
	case len(n.Dependencies)+len(n.DevDependencies)+len(n.Workspaces) == 0 && installScript(n) == "":
		p.note("%s: package.json names none", out.Title())
	case len(n.Dependencies)+len(n.DevDependencies)+len(n.Workspaces) == 0:
		out.Install = data.Commands.Unlocked
		p.note("%s: package.json names none; installing runs its script %s", out.Title(), installScript(n))
	default:
		out.Install = data.Commands.Unlocked
		p.note("%s: no lock file, so the versions may differ from build to build. Commit one: %s", out.Title(), n.Command(data.Commands.Relock))
	}
	if out.Settings.Lacks {
		err = managerMissing(out)
	}
	return out, err
}

// inputs are what the packages are made from, besides the versions of the tools and the variables.
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

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// Title is how the log calls the packages of a project.
func (p Project) Title() string {
	if p.Package.Dir == "." {
		return "Node packages"
	}
	return "Node packages of " + show.Name(p.Package.Dir)
}

// NodeTakesPart tells whether the build of a needs Node, or will say what is wrong with its front end.
func NodeTakesPart(a app.App, c config.Config) bool {
	chosen, err := projects(a, c)
	return err != nil || chosen.alone || len(chosen.packages) > 0
}

// forDevelopment knows linters, formatters, test runners, types and git hooks: what no production build runs.
func forDevelopment(name string) bool {
	for _, prefix := range developmentPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return developmentTools[name]
}

var developmentPrefixes = []string{
	"@types/", "eslint", "@eslint/", "@typescript-eslint/", "typescript-eslint", "prettier", "@prettier/", "stylelint", "@stylistic/",
	"@commitlint/", "jest", "@jest/", "@vitest/", "@playwright/", "@testing-library/", "cypress", "@biomejs/", "remark", "markdownlint", "@cspell/",
}

var developmentTools = map[string]bool{
	"husky": true, "lint-staged": true, "vitest": true, "playwright": true, "mocha": true, "chai": true, "sinon": true, "nyc": true,
	"jsdom": true, "globals": true, "jshint": true, "standard": true, "xo": true, "oxlint": true, "cspell": true, "djlint": true,
	"commitlint": true, "commitizen": true, "cz-conventional-changelog": true, "semantic-release": true, "standard-version": true,
	"pyright": true, "htmlhint": true, "csslint": true, "ava": true, "karma": true, "jasmine": true, "release-it": true, "all-contributors-cli": true,
}
