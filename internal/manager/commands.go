package manager

import (
	"fmt"
	"slices"
	"strings"
)

// NoPkgResources is the first setuptools without the module pkg_resources.
// https://setuptools.pypa.io/en/latest/history.html
const NoPkgResources = 82

// setuptools is the package that has pkg_resources.
const setuptools = "setuptools"

// PkgResources returns the requirement that provides the module pkg_resources.
func PkgResources() string { return fmt.Sprintf("%s<%d", setuptools, NoPkgResources) }

// providers are packages of npm whose commands have other names, the one to add first.
var providers = map[string][]string{
	"babel": {"@babel/cli", "babel-cli"}, "cleancss": {"clean-css-cli", "clean-css"},
	"coffee": {"coffeescript", "coffee-script"}, "grunt": {"grunt-cli", "grunt"}, "gulp": {"gulp", "gulp-cli"},
	"lessc": {"less"}, "ng": {"@angular/cli"}, "parcel": {"parcel", "parcel-bundler"}, "postcss": {"postcss-cli"},
	"run-p": {"npm-run-all"}, "run-s": {"npm-run-all"}, "sass": {"sass", "sass-embedded", "node-sass"},
	"swc": {"@swc/cli"}, "tailwindcss": {"@tailwindcss/cli", "tailwindcss"}, "tsc": {"typescript"},
	"uglifyjs": {"uglify-js"}, "vue-cli-service": {"@vue/cli-service"}, "webpack": {"webpack-cli", "webpack"},
}

// Providers returns the packages of npm that may have a command, the one to add first.
func Providers(command string) []string {
	if known, ok := providers[command]; ok {
		return known
	}
	return []string{command}
}

// Programs returns the commands that a package of npm may have, if no lockfile lists them. A package without a row in
// the table may have one with its own name.
func Programs(name string) (commands []string) {
	for command, packages := range providers {
		if slices.Contains(packages, name) {
			commands = append(commands, command)
		}
	}
	if len(commands) == 0 && !strings.HasPrefix(name, "@") {
		return []string{name}
	}
	slices.Sort(commands)
	return commands
}
