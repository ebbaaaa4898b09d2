package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// developmentBuild warns of a build script that builds for development, if package.json has others that may build for
// production. file is the name of that package.json.
// https://webpack.js.org/configuration/mode/, https://vite.dev/guide/env-and-mode
func developmentBuild(project Project, name, file string) (said note.List) {
	option := developmentOption(project.Scripts[name])
	if option == "" {
		return nil
	}
	var others []string
	for other := range project.Scripts {
		if other != name && project.Has(other) && developmentOption(project.Scripts[other]) == "" &&
			overlap(nameWords(other), "build", "prod", "production", "dist", "generate", "release", "compile",
				"bundle") &&
			!forDevelopment(other) && !runs(project.Scripts[name], other) {
			others = append(others, other)
		}
	}
	if len(others) == 0 {
		return nil
	}
	slices.Sort(others)
	said.Warn("node/development-build", "Build scripts: %s builds for development (%s); %s also has %s. To run "+
		"another one: %s=%s", name, show.Line(option), file, show.List(others), config.RunScripts, show.Word(others[0]))
	return said
}

// developmentOption returns the words of a script that request a build for development; empty if there are none.
func developmentOption(script string) string {
	words := strings.Fields(script)
	for i, word := range words {
		word = strings.Trim(word, `"'`)
		switch {
		case word == "--mode=development" || word == "NODE_ENV=development":
			return word
		case word == "--mode" && i+1 < len(words) && strings.Trim(words[i+1], `"'`) == "development":
			return "--mode development"
		}
	}
	return ""
}

// forDevelopment reports whether the name of a script says that it is not for production, or builds something else.
func forDevelopment(name string) bool {
	return overlap(nameWords(name), "dev", "development", "watch", "serve", "start", "test", "lint", "format", "clean",
		"analyze", "docker", "storybook")
}
