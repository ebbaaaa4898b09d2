package diagnose

import (
	"regexp"
	"slices"
	"strings"
)

// knowledge has the patterns and names by which the probes understand the output of other programs. rules/known.toml
// has the values, and says of each where it comes from.
type knowledge struct {
	tracebacks
	modules
	programs
	assets
	variables
	messages
	releases
}

// messages match what package managers print.
type messages struct {
	// Prefix matches the beginning of each line of a tool. Advice matches the line that ends the part that errors
	// repeat.
	Prefix, Advice *regexp.Regexp
	// NotFound has the package as its group.
	NotFound []*regexp.Regexp
	// Debian packages that apt does not find: NoPackage has the name, NoVersion the version and then the name.
	NoPackage, NoVersion *regexp.Regexp
}

// releases match messages about versions of Python and Node.js, and names that newer ones lack.
type releases struct {
	// The group is a range of versions; of Pinned it is the version of a package.
	PythonRanges, NodeRanges []*regexp.Regexp
	Pinned                   *regexp.Regexp
	// GoneInBuild has the group name.
	GoneInBuild []*regexp.Regexp
	// Renamed are names that Django has removed, since a version, from a module, and those of the module To that
	// replace them. Without names the module itself is removed.
	Renamed []struct {
		Since, Module, To string
		Names             map[string]string
	}
}

// tracebacks match Python's tracebacks, and Django's errors without one.
type tracebacks struct {
	// Frame has the groups file, line and function; Raised and CommandError have exception and message.
	Frame, Raised, CommandError *regexp.Regexp
	// Links are beginnings of the sentences that join two tracebacks.
	Links []string
}

// modules are Python's modules and names, packages and libraries that are not there.
type modules struct {
	// The first group of each is a name: of a module, a driver, a package or a library. Python2 has no group.
	NoModule, NoDriver, LastModule, Package, Python2, Loads, Built *regexp.Regexp

	// Removed has the groups name and perhaps module.
	Removed []*regexp.Regexp
	// Lasts are names of Python's library by the minor version of the last Python 3 that has them; -1 is Python 2.
	Lasts []struct {
		Minor int
		Names []string
	}
	// Distributions are what to install for modules that have another name.
	Distributions map[string]string
}

// programs match messages about programs that cannot be found.
type programs struct {
	// NoProgram and NoFile match what Django's commands print, and NoCommand what scripts of package.json print. The
	// group is the program. If several of NoProgram match, the last one is used.
	NoProgram         []*regexp.Regexp
	NoFile, NoCommand *regexp.Regexp
	// Runtime matches the name of a program that Tandem or another buildpack has installed. Loader matches the lines of
	// ld.so about one, with its name as group 1.
	Runtime *regexp.Regexp
	Loader  []*regexp.Regexp

	// NodeFrame matches a whole line, which errors do not repeat.
	NodeFrame *regexp.Regexp
}

// assets are static files, and what a front end's build makes.
type assets struct {
	// Processed has the group file, NoStaticFile the groups file and storage.
	Processed, NoStaticFile *regexp.Regexp
	// Manifests are the exceptions about a missing file, and their messages with the group file.
	Manifests []struct {
		Exceptions []string
		Message    *regexp.Regexp
	}
}

// variables match messages about variables of settings.
type variables struct {
	// Unset match messages of libraries; the group is the variable.
	Unset []*regexp.Regexp
	// A message of an app names a Variable, which is none of NoVariables, if SaysUnset matches it too.
	Variable, SaysUnset *regexp.Regexp
	NoVariables         []string
	// Lookup matches code, with the variable as the group, after which an exception may match Absent.
	Lookup, Absent *regexp.Regexp
	// Subscript and AssignsKey match code.
	Subscript, AssignsKey *regexp.Regexp
	// Casts and Samples have values for a variable: the first that fits its code, or else the end of its name. The last
	// of Samples fits any name.
	Casts []struct {
		Code  *regexp.Regexp
		Value string
	}
	Samples []struct{ End, Value string }
}

// python2 is the minor version in known.toml for what Python 3 never had.
const python2 = -1

// lastWith returns the minor version of the last Python 3 with a module or a name, or python2.
func (k *knowledge) lastWith(name string) (minor int, ok bool) {
	switch {
	case strings.HasSuffix(name, "six.moves"): // of a six before 1.16, which packages have in them
		return 11, true
	case strings.HasPrefix(name, "collections."): // its abstract classes
		return 9, true
	}
	for _, last := range k.Lasts {
		if slices.Contains(last.Names, name) {
			return last.Minor, true
		}
	}
	return 0, false
}

// distribution returns the package to install for a module.
func (k *knowledge) distribution(module string) string {
	if name, ok := k.Distributions[module]; ok {
		return name
	}
	return strings.ReplaceAll(module, "_", "-")
}

// sample returns a value for a variable with which code that reads it can go on.
func (k *knowledge) sample(name, code string) string {
	for _, c := range k.Casts {
		if strings.Contains(code, name) && c.Code.MatchString(code) {
			return c.Value
		}
	}
	for _, s := range k.Samples {
		if strings.HasSuffix(name, s.End) {
			return s.Value
		}
	}
	return ""
}

// match returns the first group of a pattern in the message of an exception with one of the names.
func (t trace) match(pattern *regexp.Regexp, exceptions ...string) string {
	if !slices.Contains(exceptions, t.exception) {
		return ""
	}
	return firstGroup(pattern, t.message)
}

// firstGroup returns the first group of a match that is not empty. It is empty if there is none.
func firstGroup(pattern *regexp.Regexp, text string) string {
	for i, group := range pattern.FindStringSubmatch(text) {
		if i > 0 && group != "" {
			return group
		}
	}
	return ""
}
