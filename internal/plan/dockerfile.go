package plan

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/recipe"
	"github.com/tandem-cnb/tandem/internal/show"
)

// onlyInDockerfile notes scripts and programs of packages that a Dockerfile runs, and no script of the build.
func (p Plan) onlyInDockerfile() (said note.List) {
	var names []string // of the scripts that run
	scripts := map[string]string{}
	for _, project := range p.Projects() {
		ran, _ := p.scripts(project)
		names = append(names, ran...)
		for name, command := range project.Scripts {
			scripts[name] = command
		}
	}
	if len(names) == 0 {
		return nil
	}
	for _, c := range p.app.Recipes {
		script, program := calledBy(c, scripts)
		isRun := func(name string) bool { return name == script || runs(scripts[name], script) }
		calls := func(name string) bool { return runs(scripts[name], program) }
		switch {
		case !recipe.IsDockerfile(c.File):
		case script != "" && !slices.ContainsFunc(names, isRun):
			said.Hint("node/script-in-dockerfile", "Build scripts: %s, line %d, runs %s, and the build does not. To "+
				"run it: %s=%s", show.Name(c.File), c.Line, show.Name(script), config.RunScripts,
				show.Word(strings.Join(append(slices.Clip(names), script), ",")))
		case program != "" && !slices.ContainsFunc(names, calls):
			said.Hint("node/program-in-dockerfile", "Build scripts: %s, line %d, calls %s, and no script of the build "+
				"does. Add it to %s in package.json:\n    %s", show.Name(c.File), c.Line, show.Name(program),
				show.Name(names[0]), show.Command(c.Words))
		}
	}
	return said
}

// calledBy returns the script of package.json that a command runs, or the program of a package that it calls. Both are
// empty for another command.
func calledBy(c recipe.Command, scripts map[string]string) (script, program string) {
	words := slices.DeleteFunc(slices.Clone(c.Words), func(word string) bool { return strings.HasPrefix(word, "-") })
	switch base := path.Base(words[0]); {
	case strings.Contains(words[0], "node_modules/.bin/"):
		return "", base
	case len(words) < 2:
		return "", ""
	case slices.Contains([]string{"npx", "pnpx", "bunx"}, base):
		return "", words[1]
	case len(words) > 2 && slices.Contains([]string{"run", "run-script"}, words[1]):
		words = words[1:]
	}
	if scripts[words[1]] == "" {
		return "", ""
	}
	return words[1], ""
}
