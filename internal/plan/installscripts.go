package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// installScript is one that package managers run by themselves when they install, and by which apps built their front
// end before platforms knew a script for it; "": none, or one of tools for development. (prepare is most often of
// those: it sets up git hooks.)
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

// mayBuild tells whether a script has a command that is no tool for development, as in husky install && gulp.
func mayBuild(script string) bool {
	return slices.ContainsFunc(strings.Split(betweenCommands.Replace(script), "\n"), func(command string) bool {
		words := strings.Fields(command)
		return len(words) > 0 && !slices.Contains([]string{"true", ":", "exit"}, words[0]) &&
			!slices.ContainsFunc(words, forDevelopment)
	})
}

// again finds the app's own scripts that an installation runs, of the package and of its workspaces. They may write
// anywhere, as bower and bundlers do, and only node_modules is kept.
func (p *Project) again(a app.App) {
	if p.Install == nil || slices.ContainsFunc(p.Package.SettingsFiles, withoutScripts) {
		return
	}
	for _, dir := range append([]string{p.Package.Dir}, p.Package.Workspaces...) {
		if n := a.NodeIn(dir); n != nil {
			of := Project{Package: n, Manager: p.Manager}
			for _, name := range p.ManagerData().Lifecycle {
				if mayBuild(n.Scripts[name]) {
					p.Again = append(p.Again, of.Script(name))
				}
			}
		}
	}
}

func withoutScripts(s app.SettingsFile) bool {
	return slices.ContainsFunc(s.Lines, manager.IgnoresScripts)
}
