package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Scripts around those: before the packages are installed, and last of all.
const (
	prebuild = "heroku-prebuild"
	cleanup  = "heroku-cleanup"
)

// buildScripts are the scripts that build the front end, the first that exists runs. heroku-postbuild replaces build,
// as on Heroku classic. https://devcenter.heroku.com/articles/nodejs-support#customizing-the-build-process
var buildScripts = []string{"heroku-postbuild", "heroku-build", "build"}

// productionScripts are scripts next to which the script build may be a development build.
var productionScripts = []string{"build:prod", "build:production", "prod", "production"}

// buildScript returns the name of the script that builds the front end. It is empty if there is none. An empty script
// is a script that does nothing.
func buildScript(scripts map[string]string) string {
	for _, name := range buildScripts {
		if _, ok := scripts[name]; ok {
			return name
		}
	}
	return ""
}

// scripts returns the names of those that build a project's front end: the requested ones that it has, otherwise the
// first of buildScripts.
func (p Plan) scripts(project Project) (names []string, said notes) {
	c := p.Config
	if project.Scripts == nil {
		return nil, nil
	}
	file := show.Name(project.Package.Path("package.json"))
	if c.RunScripts.Set {
		names = slices.DeleteFunc(slices.Clone(c.RunScripts.Names),
			func(name string) bool { return !project.Has(name) })
		if len(names) == 0 && !p.ownsAnother(project) {
			said.hint("node/no-requested-script", "Build scripts: %s lists none of %s", config.RunScripts, file)
		}
		return names, said
	}
	name := buildScript(project.Scripts)
	if name == "" && p.ownsAnother(project) {
		return nil, nil
	}
	if name == "" {
		none := fmt.Sprintf("Build scripts: %s has none of %s.", file, show.List(buildScripts))
		if also := buildsByName(project.Package.ScriptNames()); len(also) > 0 {
			said.hint("node/other-scripts", "%s It has %s: %s=%s runs that", none, show.List(also), config.RunScripts,
				show.Word(strings.Join(also[:min(len(also), 10)], ",")))
		} else {
			said.hint("node/no-build-script", "%s %s=NAME runs another", none, config.RunScripts)
		}
		return nil, said
	}
	if project.Has("build") && name != "build" {
		said.hint("node/heroku-script", "Build scripts: %s runs instead of build", name)
	}
	for _, other := range productionScripts {
		if name == "build" && project.Has(other) {
			said.hint("node/production-script", "Build scripts: build runs; %s also has %s, which %s=%s would run "+
				"instead", file, other, config.RunScripts, other)
			break
		}
	}
	return []string{name}, said
}

// ownsAnother reports whether one of the workspaces is a project too. Then that project has the scripts.
func (p Plan) ownsAnother(project Project) bool {
	return slices.ContainsFunc(p.Projects(),
		func(other Project) bool { return slices.Contains(project.Package.Workspaces, other.Package.Dir) })
}

// buildsByName returns the scripts whose names say that they build something (build:css, prod), except those for
// development.
func buildsByName(scripts []string) (names []string) {
	for _, name := range scripts {
		words := nameWords(name)
		if overlap(words, "build", "prod", "production", "compile", "bundle", "css") &&
			!overlap(words, "dev", "development", "watch", "serve", "start", "test", "lint", "format", "clean",
				"analyze", "docker", "storybook") {
			names = append(names, name)
		}
	}
	return names
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
				strings.Join(buildScripts, ", ") + " that exists runs."},
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

// withoutDev leaves devDependencies out of the installation where npm's old setting says so, as on Heroku classic.
func (p *Project) withoutDev() (said notes) {
	p.Install = manager.WithoutDev(p.Install)
	var update [][]string
	for _, command := range p.Update {
		update = append(update, manager.WithoutDev(command))
	}
	p.Update = update
	said.hint("node/without-dev",
		"%s: %s is set, so devDependencies are not installed", p.Title(), config.NPMProduction)
	return said
}
