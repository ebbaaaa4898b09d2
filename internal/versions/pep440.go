package versions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	pep440 "github.com/aquasecurity/go-pep440-version"
)

// pythonConstraint parses PEP 440 and what Poetry allows besides.
// https://packaging.python.org/en/latest/specifications/version-specifiers/
func pythonConstraint(want string) (constraint, error) {
	if strings.EqualFold(want, "latest") {
		return latest(), nil
	}
	var ranges []pep440.Specifiers
	for alternative := range strings.SplitSeq(strings.ReplaceAll(want, "||", "|"), "|") { // Poetry knows both
		clauses, err := pepClauses(alternative)
		if err != nil {
			return constraint{}, err
		}
		r, err := pep440.NewSpecifiers(clauses)
		if err != nil {
			return constraint{}, err
		}
		ranges = append(ranges, r)
	}
	accepts := func(v *semver.Version) bool {
		p, err := pep440.Parse(v.String())
		return err == nil && released(v) &&
			slices.ContainsFunc(ranges, func(r pep440.Specifiers) bool { return r.Check(p) })
	}
	// "<4" does not end the range: the next series is 3.15.
	return constraint{accepts, accepts(semver.New(3, 9999, 0, "", ""))}, nil
}

// pepClauses returns a range in PEP 440's form. PEP 440 does not allow ">= 3.9 <4", "3.12", "3.12.x", "^3.12" and
// "~3.12".
func pepClauses(want string) (string, error) {
	var out []string
	separator := func(r rune) bool { return r == ',' || r == ' ' }
	for _, text := range strings.FieldsFunc(afterOperator.ReplaceAllString(want, "$1"), separator) {
		m := clause.FindStringSubmatch(text)
		if m == nil {
			return "", fmt.Errorf("%q is not a version specifier", text)
		}
		out = append(out, pepClause(m)...)
	}
	if len(out) == 0 {
		return "", fmt.Errorf("%q is an empty range", want)
	}
	return strings.Join(out, ","), nil
}

// pepClause returns one clause in PEP 440's form. m is a match of clause.
func pepClause(m []string) []string {
	operator, version, major, minor, patch, wildcards := m[1], m[2], m[3], m[4], m[5], m[6]
	switch {
	case version == "": // a star alone
		return []string{">=0"}
	case operator == "^": // https://python-poetry.org/docs/dependency-specification/#caret-requirements
		return []string{">=" + version, "==" + major + ".*"}
	case operator == "~":
		return []string{">=" + version, "==" + major + minor + ".*"}
	case operator == "" || operator == "=":
		if patch == "" {
			version += ".*"
		}
		return []string{"==" + version}
	case wildcards != "" && (operator == "==" || operator == "!="):
		return []string{operator + version + ".*"}
	default: // ">=3.9.*" was allowed once, and means ">=3.9"
		return []string{operator + version}
	}
}

var (
	// afterOperator matches the space that may be between an operator and its version.
	afterOperator = regexp.MustCompile(`([=<>~^!])\s+`)
	// clause matches an operator, a version of which the first three numbers are groups, and wildcards; or a star.
	clause = regexp.MustCompile(`^([=<>~^!]*)v?(?:` +
		`((\d+)(\.\d+)?(\.\d+)?(?:\.\d+)*(?:\.?(?:a|b|rc|dev|post)\d+)?)((?:\.[xX*])*)|\*)$`)
)
