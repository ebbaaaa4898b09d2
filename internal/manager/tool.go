package manager

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
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

// ToolFor is the requirement for a manager of the version that an app asks for.
func ToolFor(name, wanted string) string {
	var parts []string
	for part := range strings.SplitSeq(wanted, ",") {
		part = strings.TrimSpace(part)
		switch m := clause.FindStringSubmatch(part); {
		case m != nil && m[1] == "": // uv: a bare version is an exact one
			part = "==" + part
		case m != nil && m[1] == "^": // Poetry's own operators
			part = "~=" + m[2]
		case m != nil && m[1] == "~":
			part = "~=" + m[2] + ".0"
		}
		parts = append(parts, part)
	}
	return strings.ToLower(name) + strings.Join(parts, ",") + "\n"
}

var clause = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>|\^|~)?\s*v?(\d+(?:\.\d+)*)(\.\*)?$`)

// Satisfies tells whether a version is one of those that an app asks of its manager. Where it is not sure, it is not: the
// manager that is asked for is then installed, which is right in any case.
func Satisfies(version, wanted string) bool {
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
