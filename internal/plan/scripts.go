package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Scripts around those: before the packages are installed, and last of all.
const (
	prebuild = "heroku-prebuild"
	cleanup  = "heroku-cleanup"
)

// productionScripts are scripts next to which the script build may be a development build.
var productionScripts = []string{"build:prod", "build:production", "prod", "production"}

// scripts returns the names of those that build a project's front end: the requested ones that it has, otherwise the
// first of app.BuildScripts.
func (p Plan) scripts(project Project) (names []string, said note.List) {
	c := p.Config
	if project.Scripts == nil {
		return nil, nil
	}
	file := show.Name(project.Package.Path("package.json"))
	if c.RunScripts.Set {
		names = slices.DeleteFunc(slices.Clone(c.RunScripts.Names),
			func(name string) bool { return !project.Has(name) })
		if len(names) == 0 && !p.ownsAnother(project) {
			said.Hint("node/no-requested-script", "Build scripts: %s lists none of %s", config.RunScripts, file)
		}
		return names, said
	}
	name := app.BuildScript(project.Scripts)
	if name == "" && p.ownsAnother(project) {
		return nil, nil
	}
	if name == "" {
		return nil, withoutScript(project)
	}
	if project.Has("build") && name != "build" {
		said.Hint("node/heroku-script", "Build scripts: %s runs instead of build", name)
	}
	if development := developmentBuild(project, name, file); len(development) > 0 {
		return []string{name}, append(said, development...)
	}
	for _, other := range productionScripts {
		if name == "build" && project.Has(other) {
			said.Hint("node/production-script", "Build scripts: build runs; %s also has %s, which %s=%s would run "+
				"instead", file, other, config.RunScripts, other)
			break
		}
	}
	return []string{name}, said
}

// withoutScript notes that a project has no build script, and what it has instead.
func withoutScript(project Project) (said note.List) {
	file := show.Name(project.Package.Path("package.json"))
	none := fmt.Sprintf("Build scripts: %s has none of %s.", file, show.List(app.BuildScripts))
	if also := otherBuilds(project.Scripts); len(also) > 0 {
		said.Hint("node/other-scripts", "%s It has %s: %s=%s runs that", none, show.List(also), config.RunScripts,
			show.Word(strings.Join(also[:min(len(also), 10)], ",")))
		return said
	}
	if all := project.Package.Bundlers; len(all) > 0 {
		none += fmt.Sprintf(" To build with %s, add one:\n    %s", show.Name(all[0].File), buildWith(all[0]))
	}
	said.Hint("node/no-build-script", "%s", none)
	return said
}

// ownsAnother reports whether one of the workspaces is a project too. Then that project has the scripts.
func (p Plan) ownsAnother(project Project) bool {
	return slices.ContainsFunc(p.Projects(),
		func(other Project) bool { return slices.Contains(project.Package.Workspaces, other.Package.Dir) })
}

// otherBuilds returns the scripts whose names or commands say that they build something (build:css, prod), except those
// for development and those that another one of them runs.
func otherBuilds(scripts map[string]string) (names []string) {
	for name, command := range scripts {
		words := nameWords(name)
		builds := overlap(words, "build", "prod", "production", "compile", "bundle", "css") || runsBuilder(command)
		if builds && !forDevelopment(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	all := slices.Clone(names)
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return other != name && runs(scripts[other], name) })
	})
}

// runsBuilder reports whether a command builds assets, and then ends. Some programs do so only with an argument.
func runsBuilder(command string) bool {
	always := []string{
		"sass", "lessc", "postcss", "tailwindcss", "@tailwindcss/cli", "esbuild", "webpack", "rollup", "browserify",
		"gulp", "grunt",
	}
	return slices.ContainsFunc(shell.Commands(command), func(words []string) bool {
		if len(words) > 1 && overlap(words[:1], "npx", "pnpx", "bunx") {
			words = words[1:]
		}
		if len(words) == 0 || overlap(words, "--watch", "-w", "watch", "serve", "dev") {
			return false
		}
		names := []string{words[0], path.Base(words[0])}
		return overlap(names, always...) || overlap(words, "build") &&
			overlap(names, "vite", "parcel", "ng", "vue-cli-service", "react-scripts")
	})
}

// runs reports whether the command of a script names another script, perhaps by a pattern such as build:*.
func runs(command, script string) bool {
	return slices.ContainsFunc(strings.Fields(command), func(word string) bool {
		word = strings.Trim(word, `"'`)
		prefix, isPattern := strings.CutSuffix(word, "*")
		return word == script || isPattern && prefix != "" && strings.HasPrefix(script, prefix)
	})
}

// nameWords returns the words of a name, such as build:css or requirements/production.txt, in lower case.
func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("/-_.:", r) })
}

// overlap reports whether words contains one of others.
func overlap(words []string, others ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(others, word) })
}

// checkScripts returns an error for each requested script that no package.json has.
func checkScripts(projects []Project, c config.Config) error {
	var missing []error
	for _, name := range c.RunScripts.Names {
		if !slices.ContainsFunc(projects, func(p Project) bool { return p.Has(name) }) {
			missing = append(missing, absent{scriptMissing(projects, name), app.Unknown})
		}
	}
	return fail.Join(missing...)
}

// scriptMissing returns the error about a requested script that no project has. It lists the scripts that the user can
// request.
func scriptMissing(projects []Project, name string) *fail.Error {
	var files, known []string
	example := ""
	for _, project := range projects {
		file := project.Package.Path("package.json")
		files = append(files, file)
		for _, script := range project.Package.ScriptNames() {
			known = append(known, fmt.Sprintf("%s (%s)", show.Name(script), show.Name(file)))
			if example == "" {
				example = script
			}
		}
	}
	e := &fail.Error{
		ID: "node/script-missing", What: fmt.Sprintf("There is no script %s", show.Name(name)),
		Why: fmt.Sprintf("%s requests it. %s has no scripts.", config.RunScripts, show.List(files)),
		Fix: fail.Fix{
			fail.Say{Text: "Add the script, or remove the variable: then the first of " +
				strings.Join(app.BuildScripts, ", ") + " that exists runs."},
		},
	}
	switch {
	case len(files) == 0:
		e.Why = fmt.Sprintf("%s requests it, and there is no package.json.", config.RunScripts)
	case len(known) > 0:
		e.Why = fmt.Sprintf("%s requests it. Available scripts:\n%s", config.RunScripts, show.Below(known))
		e.Fix = fail.Fix{
			fail.Say{Text: "Name one of them, or leave the variable empty to run none:"},
			fail.Set{Name: config.RunScripts, Value: example},
		}
	}
	return e
}
