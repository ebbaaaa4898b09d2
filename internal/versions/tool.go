package versions

import (
	"regexp"
	"strings"

	pep440 "github.com/aquasecurity/go-pep440-version"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Pinned returns the version that requirements pin for a package. If several releases of Python have their own, it is
// the last one. It is empty if they pin none.
func Pinned(requirements, name string) (version string) {
	for line := range strings.Lines(requirements) {
		if rest, ok := strings.CutPrefix(line, strings.ToLower(name)+"=="); ok {
			version = strings.Fields(rest)[0]
		}
	}
	return version
}

// Requirement returns the requirement for a Python tool of the version that an app requires: one line with one set of
// version specifiers. It is empty if wanted is not valid.
func Requirement(name, wanted string) string {
	name = strings.ToLower(name)
	set, _ := specifiers(wanted)
	if set == anyVersion {
		return name + "\n"
	}
	if _, err := pep440.NewSpecifiers(set); err != nil {
		return ""
	}
	return name + set + "\n"
}

// Satisfies reports whether an app accepts a version of a Python tool. It returns false if that is uncertain: the
// required version is then installed, which is always right.
func Satisfies(version, wanted string) bool {
	set, bare := specifiers(wanted)
	if set == anyVersion {
		return true
	}
	required, err := pep440.NewSpecifiers(set)
	if err != nil || bare {
		return false
	}
	have, err := pep440.Parse(version)
	return err == nil && required.Check(have)
}

const anyVersion = "*" // Poetry's way to write it

// specifiers returns wanted in PEP 440's form, anyVersion, or "" if it is not valid. bare says that a clause has a
// wildcard and no operator: tools differ in what "2.*" means.
func specifiers(wanted string) (set string, bare bool) {
	wanted = strings.Trim(wanted, " \t")
	if wanted == anyVersion {
		return wanted, false
	}
	if limits.Version(wanted) != nil {
		return "", false
	}
	var clauses []string
	for part := range strings.SplitSeq(wanted, ",") {
		m := toolClause.FindStringSubmatch(strings.Trim(part, " \t"))
		if m == nil {
			return "", false
		}
		clauses, bare = append(clauses, specifier(m[1], m[2], m[3])), bare || m[1] == "" && m[3] != ""
	}
	return strings.Join(clauses, ","), bare
}

// specifier returns a clause in PEP 440's form, which has no bare version (to uv and Poetry exactly that one), no ^
// and no ~. https://python-poetry.org/docs/dependency-specification/
func specifier(operator, version, wildcard string) string {
	numbers := strings.Split(version, ".")
	switch {
	case operator == "":
		return "==" + version + wildcard
	case operator == "^" && len(numbers) != 2:
		return ">=" + version + ",==" + numbers[0] + ".*"
	case operator == "~" && len(numbers) < 3:
		return "~=" + version + ".0"
	case operator == "^" || operator == "~":
		return "~=" + version
	}
	return operator + version + wildcard
}

// toolClause matches one version specifier: an operator, a version and perhaps a wildcard. Unlike the clauses of
// Python's version, a bare version is exactly that one.
// https://packaging.python.org/en/latest/specifications/version-specifiers/
var toolClause = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>|\^|~)? *v?(` +
	`(?:\d+!)?\d+(?:\.\d+)*` +
	`(?:[-_.]?(?:alpha|a|beta|b|preview|pre|rc|c|post|rev|r|dev)[-_.]?\d*)*(?:\+[a-z0-9.]+)?)(\.\*)?$`)
