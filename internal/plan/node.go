package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func (p *Plan) node(a app.App, c config.Config) (*Node, error) {
	n := a.NodeIn(".")
	if n == nil {
		return nil, checkScripts(nil, c)
	}
	if why, ok := takesPart(a, c); !ok {
		p.note("Node.js takes no part: %s", why)
		return nil, nil
	}
	if err := only("Node.js", n.Locks); err != nil {
		return nil, err
	}
	project, err := p.project(n)
	if err == nil {
		err = checkScripts([]Project{project}, c)
	}
	if c.NPMProduction.On && project.Manager.Name == "npm" {
		p.note("Node packages: %s is set, so no devDependencies", config.NPMProduction)
		project.Install = withoutDev(project.Install)
		for i, command := range project.Update {
			project.Update[i] = withoutDev(command)
		}
	}
	return &Node{Version: p.nodeVersion(n, c, p.last.Node), Projects: []Project{project}}, err
}

// project chooses how the packages are installed. devDependencies are: the build needs them, whatever NODE_ENV says.
func (p *Plan) project(n *app.Node) (Project, error) {
	out := Project{Package: n, Manager: manager.Nodes()[0], Files: n.Inputs, Roots: []string{n.Path("node_modules")}}
	lock := strings.TrimPrefix(strings.Join(n.Locks, ""), n.Dir+"/")
	m, known := manager.NodeLock(lock)
	switch {
	case known:
		out.Manager, out.Install, out.Update = m, m.Locked, m.Update
	case lock != "":
		return out, &fail.Error{
			ID: "node/manager-unknown", What: lock + " is not understood yet",
			Why: "Tandem installs the packages of package-lock.json.",
			Fix: "Make a lock of npm, delete the other and commit:\n    npm install --package-lock-only",
		}
	case len(n.Dependencies)+len(n.DevDependencies) == 0:
		p.note("Node packages: package.json names none")
	default:
		out.Install = out.Manager.Unlocked
		p.note("Node packages: no lock file, so the versions may differ from build to build. Commit one: %s", out.Manager.Relock)
	}
	return out, nil
}

// NodeTakesPart tells whether the build of a needs Node.
func NodeTakesPart(a app.App, c config.Config) bool {
	if a.NodeIn(".") == nil {
		return false
	}
	_, ok := takesPart(a, c)
	return ok
}

// takesPart is false only where package.json certainly is for other things than the build: in doubt a build is slower, not broken.
func takesPart(a app.App, c config.Config) (why string, ok bool) {
	n := a.NodeIn(".")
	switch {
	case c.NodeVersion != "":
		return config.NodeVersion + " is set", true
	case len(c.RunScripts.Names) > 0:
		return config.RunScripts + " is set", true
	case withoutNode(a) != "":
		return withoutNode(a), false
	case buildScript(n) != "", n.Scripts["heroku-prebuild"] != "":
		return "package.json has a script for the build", true
	case len(n.Dependencies) > 0:
		return "package.json has dependencies", true
	case a.Hooks.NameNode():
		return "a hook names it", true
	}
	for _, process := range a.Procfile {
		if app.NamesNode(process.Command) {
			return "the Procfile names it", true
		}
	}
	for _, name := range n.DevDependencies {
		if !forDevelopment(name) {
			return fmt.Sprintf("%s may be a build tool", name), true
		}
	}
	return "package.json has no script for the build, no dependencies, and only tools for development", false
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
