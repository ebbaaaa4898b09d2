package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
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
			!slices.ContainsFunc(words, ofGitHooks)
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

// ofGitHooks reports whether a word is a tool that sets up git hooks, which no build has a use for.
func ofGitHooks(word string) bool {
	return slices.Contains([]string{"husky", "lint-staged", "simple-git-hooks", "lefthook", "yorkie"}, word)
}

// withoutDev leaves devDependencies out of the installation where npm's old setting says so, as on Heroku classic.
func (p *Project) withoutDev() (said note.List) {
	p.Install = manager.WithoutDev(p.Install)
	var update [][]string
	for _, command := range p.Update {
		update = append(update, manager.WithoutDev(command))
	}
	p.Update = update
	said.Hint("node/without-dev",
		"%s: %s is set, so devDependencies are not installed", p.Title(), config.NPMProduction)
	return said
}
