package diagnose

import (
	"regexp"
	"slices"
	"strings"
)

// knowledge is what the probes know about the output of other programs, and about names in it. rules/known.toml has
// the values, and says of each what it is and where it comes from.
type knowledge struct {
	tracebacks
	modules
	programs
	assets
	variables
}

// tracebacks are those of Python, and Django's errors without one.
type tracebacks struct {
	Frame, Raised, CommandError *regexp.Regexp
	Links                       []string
}

// modules are Python's modules and names, packages and libraries that are not there.
type modules struct {
	NoModule, NoDriver, LastModule, Package, Python2 *regexp.Regexp
	Loads, Built                                     *regexp.Regexp

	Gone  []*regexp.Regexp // with the groups name and perhaps module
	Lasts []struct {
		Minor int
		Names []string
	}
	Distributions map[string]string // of modules that have another name
}

// programs are those that are not there.
type programs struct {
	NoProgram                    []*regexp.Regexp // the last one that matches counts
	NoFile, NoCommand, NodeFrame *regexp.Regexp
}

// assets are static files, and what a front end's build makes.
type assets struct {
	Processed, NoStaticFile *regexp.Regexp
	Manifests               []struct {
		Exceptions []string
		Message    *regexp.Regexp
	}
}

// variables are those of settings.
type variables struct {
	Unset                                                      []*regexp.Regexp
	Variable, SaysUnset, Lookup, Absent, Subscript, AssignsKey *regexp.Regexp

	NoVariables []string
	Casts       []struct {
		Code  *regexp.Regexp
		Value string
	}
	Samples []struct{ End, Value string } // the last one is for any name
}

// lastWith returns the minor version of the last Python 3 with a module or a name; -1 is Python 2.
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
