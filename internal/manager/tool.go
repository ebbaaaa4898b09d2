package manager

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
	pep440 "github.com/aquasecurity/go-pep440-version"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// ToolVersion is the version that requirements with exact versions name of a package, the newest one's if several Pythons have
// their own; "": none.
func ToolVersion(requirements, name string) (version string) {
	for line := range strings.Lines(requirements) {
		if rest, ok := strings.CutPrefix(line, strings.ToLower(name)+"=="); ok {
			version = strings.Fields(rest)[0]
		}
	}
	return version
}

// ToolFor returns the requirement for a manager of the version that an app requires: one line with one set of version
// specifiers. It is empty if wanted is not valid.
func ToolFor(name, wanted string) string {
	name, wanted = strings.ToLower(name), strings.Trim(wanted, " \t")
	if wanted == "*" { // Poetry: any
		return name + "\n"
	}
	if limits.Version(wanted) != nil {
		return ""
	}
	var clauses []string
	for part := range strings.SplitSeq(wanted, ",") {
		m := clause.FindStringSubmatch(strings.Trim(part, " \t"))
		if m == nil {
			return ""
		}
		clauses = append(clauses, specifier(m[1], m[2], m[3]))
	}
	set := strings.Join(clauses, ",")
	if _, err := pep440.NewSpecifiers(set); err != nil {
		return ""
	}
	return name + set + "\n"
}

// specifier writes a clause as PEP 440 does, which has no bare version (to uv and Poetry exactly that one), no ^
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

// clause is a part of a version specifier: an operator, a version and perhaps a wildcard.
// https://packaging.python.org/en/latest/specifications/version-specifiers/
var clause = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>|\^|~)? *v?(` +
	`(?:\d+!)?\d+(?:\.\d+)*` +
	`(?:[-_.]?(?:alpha|a|beta|b|preview|pre|rc|c|post|rev|r|dev)[-_.]?\d*)*(?:\+[a-z0-9.]+)?)(\.\*)?$`)

// Satisfies tells whether a version is one of those that an app asks of its manager. Where it is not sure, it is not: the
// manager that is asked for is then installed, which is right in any case.
func Satisfies(version, wanted string) bool {
	if limits.Version(wanted) != nil {
		return false
	}
	if strings.Trim(wanted, " \t") == "*" {
		return true
	}
	have, err := semver.NewVersion(version)
	if err != nil {
		return false
	}
	for part := range strings.SplitSeq(wanted, ",") {
		m := clause.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return false
		}
		operator, number := m[1], m[2]
		switch {
		case m[3] != "" && operator == "==":
			operator, number = "=", number+".x"
		case m[3] != "":
			return false
		case operator == "~=":
			// ~=1.4.5 is >=1.4.5, ==1.4.*. https://packaging.python.org/en/latest/specifications/version-specifiers/#compatible-release
			parts := strings.Split(number, ".")
			operator, number = ">=", number+", "+strings.Join(parts[:max(1, len(parts)-1)], ".")+".x"
		case operator == "==" || operator == "===" || operator == "":
			operator = "="
		}
		constraint, err := semver.NewConstraint(operator + number)
		if err != nil || !constraint.Check(have) {
			return false
		}
	}
	return true
}
