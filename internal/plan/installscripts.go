package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// installScript returns the script that package managers run automatically when they install. Apps built their front
// end by it before platforms knew a script for that. It is empty if there is none, or if it only runs tools for
// development, as prepare most often does: it sets up git hooks.
func installScript(n *app.Node) string {
	for _, name := range manager.InstallScripts {
		if mayBuild(n.Scripts[name]) {
			return name
		}
	}
	return ""
}

// betweenCommands puts the commands of a script into lines.
var betweenCommands = strings.NewReplacer("&&", "\n", "||", "\n", ";", "\n")

// mayBuild reports whether a script has another command than tools for development, as in husky install && gulp.
func mayBuild(script string) bool {
	return slices.ContainsFunc(strings.Split(betweenCommands.Replace(script), "\n"), func(command string) bool {
		words := strings.Fields(command)
		return len(words) > 0 && !slices.Contains([]string{"true", ":", "exit"}, words[0]) &&
			!slices.ContainsFunc(words, forDevelopment)
	})
}

// ownScripts returns the app's own scripts that an installation runs, of the package and of its workspaces, as steps.
// They may write anywhere, as bower and bundlers do, and only node_modules is cached: then they run again.
func (q Question) ownScripts(p Project) (steps []Step) {
	if slices.ContainsFunc(p.Package.SettingsFiles, withoutScripts) {
		return nil
	}
	for name, value := range q.Install {
		if manager.IgnoresScriptsBy(name, value) {
			return nil
		}
	}
	for _, dir := range append([]string{p.Package.Dir}, p.Package.Workspaces...) {
		if n := q.App.NodeIn(dir); n != nil {
			of := Project{Package: n, Manager: p.Manager}
			for _, name := range p.ManagerData().Lifecycle {
				if mayBuild(n.Scripts[name]) {
					steps = append(steps, of.Script(name))
				}
			}
		}
	}
	return steps
}

// withoutScripts reports whether a settings file of a package manager turns install scripts off.
func withoutScripts(s app.SettingsFile) bool {
	return slices.ContainsFunc(s.Lines, manager.IgnoresScripts)
}

// forDevelopment reports whether a package is a linter, a formatter, a test runner, types or a tool for git hooks. No
// production build runs these.
func forDevelopment(name string) bool {
	for _, prefix := range developmentPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return developmentTools[name]
}

// developmentPrefixes are the beginnings of names of packages for development, such as plugins of a linter.
var developmentPrefixes = []string{
	"@types/", "eslint", "@eslint/", "@typescript-eslint/", "typescript-eslint", "prettier", "@prettier/",
	"stylelint", "@stylistic/", "@commitlint/", "jest", "@jest/", "@vitest/", "@playwright/", "@testing-library/",
	"cypress", "@biomejs/", "remark", "markdownlint", "@cspell/",
}

// developmentTools are the names of packages for development that have no common beginning.
var developmentTools = map[string]bool{
	"husky": true, "lint-staged": true, "vitest": true, "playwright": true, "mocha": true, "chai": true,
	"sinon": true, "nyc": true, "jsdom": true, "globals": true, "jshint": true, "standard": true, "xo": true,
	"oxlint": true, "cspell": true, "djlint": true, "commitlint": true, "commitizen": true,
	"cz-conventional-changelog": true, "semantic-release": true, "standard-version": true, "pyright": true,
	"htmlhint": true, "csslint": true, "ava": true, "karma": true, "jasmine": true, "release-it": true,
	"all-contributors-cli": true,
}
