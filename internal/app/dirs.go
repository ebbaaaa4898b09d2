package app

import (
	"slices"
	"strings"
	"sync"
)

// Use is a question about the files of a directory. Some directories are not the app's own with regard to it.
type Use uint8

// Questions that notOfApp answers.
const (
	ForSource    Use = 1 << iota // does an installation depend on them?
	ForProjects                  // do they have the package.json of a front end?
	ForDjango                    // do they have the app's manage.py, settings and modules?
	ForStatic                    // are they static files, which collectstatic should not have skipped?
	ForByteCode                  // are they Python files to compile?
	ForTimes                     // do they get the build's start time?
	ForPackages                  // in a node_modules: are they packages?
	ForFrontEnds                 // are they front ends to which no Python file refers?
)

// nodeModules is the directory of the packages of Node.js.
const nodeModules = "node_modules"

// ByteCodeDir is the directory in which Python looks for the bytecode of the sources next to it.
// https://peps.python.org/pep-3147/
const ByteCodeDir = "__pycache__"

// notOfApp is the one table of directories that are not the app's. Names are separated by spaces. A star is anything,
// and {a,b} is a or b.
var notOfApp = []struct {
	names string
	uses  Use
}{
	// Package managers and git.
	{"node_modules", ForSource | ForProjects | ForDjango | ForStatic | ForByteCode | ForTimes},
	{".git", ForSource | ForProjects | ForDjango | ForStatic | ForByteCode | ForTimes},
	{"__pycache__ .venv", ForSource | ForProjects | ForDjango},
	{"site-packages", ForProjects | ForDjango},
	{"env venv virtualenv", ForDjango},
	{"bower_components", ForProjects},

	// Caches and settings of tools. What begins with a dot is missing in STATIC_ROOT, but no app needs these.
	{".cache .vite .parcel-cache", ForProjects | ForDjango | ForStatic | ForPackages},
	{".vite-temp .tmp", ForProjects | ForDjango | ForPackages},
	{
		".github .svn .hg .sass-cache .vscode .idea .ipynb_checkpoints .pytest_cache",
		ForProjects | ForDjango | ForStatic,
	},
	{".*", ForProjects | ForDjango},

	// Code of others.
	{"vendor third_party", ForProjects | ForDjango},
	{"vendored third-party thirdparty extern external", ForDjango},

	// Tests, documentation, examples and templates of projects.
	{"test tests doc docs fixtures", ForProjects | ForDjango},
	{"e2e cypress __tests__ testdata *{-,_}{test,tests,e2e,doc,docs}", ForProjects},
	{"testing {unit,integration,e2e,}{-,_,}{test,tests}", ForDjango},
	{"example examples samples *{-,_}{example,examples}", ForProjects | ForDjango},
	{"sample *{-,_}{sample,samples}", ForDjango},
	{"demo", ForProjects},
	{"_*", ForDjango},

	// Infrastructure: clusters, clouds and what runs there, such as projects of CDK and Pulumi.
	{
		"k8s kubernetes infra infrastructure cdk terraform pulumi iac workers functions lambda lambdas tools scripts",
		ForFrontEnds,
	},

	// Output of builds.
	{"dist build out public media staticfiles static_root htmlcov coverage", ForProjects},
}

// index has the rows of notOfApp by names, and those with patterns.
type index struct {
	exact    map[string]Use
	patterns []affixes
}

// affixes are what a name begins and ends with.
type affixes struct {
	prefix, suffix string
	uses           Use
}

// dirs is notOfApp by names, with the braces expanded. It is made when a directory is first asked about.
var dirs = sync.OnceValue(func() index {
	all := index{exact: map[string]Use{}}
	for _, row := range notOfApp {
		names, _ := expand(strings.Fields(row.names)) // the table is far below the limits
		for _, name := range names {
			if prefix, suffix, ok := strings.Cut(name, "*"); ok {
				all.patterns = append(all.patterns, affixes{prefix, suffix, row.uses})
			} else {
				all.exact[name] |= row.uses
			}
		}
	}
	return all
})

// Skipped reports whether the files of a directory of that name are not the app's with regard to one of the uses.
func Skipped(name string, uses Use) bool {
	all := dirs()
	if all.exact[name]&uses != 0 {
		return true
	}
	if uses&ForDjango != 0 && strings.ContainsAny(name, "{}%") { // a template of cookiecutter or Django
		return true
	}
	return slices.ContainsFunc(all.patterns, func(a affixes) bool {
		return a.uses&uses != 0 && strings.HasPrefix(name, a.prefix) && strings.HasSuffix(name, a.suffix)
	})
}

// SkippedNames returns the names for which Skipped is true, sorted. Names that match a pattern are not among them.
func SkippedNames(uses Use) (names []string) {
	for name, of := range dirs().exact {
		if of&uses != 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
