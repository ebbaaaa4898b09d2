package deps

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
	pep440 "github.com/aquasecurity/go-pep440-version"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// versions is what somebody's words for a version stand for.
type versions struct {
	accepts func(*semver.Version) bool
	open    bool // a range that newer and newer lines will fit: nobody has chosen the newest of it
}

// constraint says which versions of a dependency a wanted one accepts. This is the one place that knows how versions are
// written.
func constraint(id, want string) (versions, error) {
	want = strings.TrimSpace(want)
	if err := limits.Version(want); err != nil {
		return versions{}, err
	}
	if id == "cpython" {
		want = interpreter.ReplaceAllString(want, "$1")
	}
	if exact, err := parse(strings.TrimPrefix(want, "v")); err == nil {
		return versions{accepts: exact.Equal}, nil
	}
	if want == "" {
		want = "*"
	}
	switch id {
	case "cpython":
		return pythonVersions(want)
	case "node":
		return nodeVersions(want)
	}
	return semverRange(want)
}

// Accepts tells whether the words for a version of a dependency stand for this one too. Words that nobody understands do.
func Accepts(id, want, version string) bool {
	wanted, err := constraint(id, want)
	if err != nil {
		return true
	}
	there, err := parse(version)
	return err != nil || wanted.accepts(there)
}

// interpreter is how runtime.txt (python-3.12.1), uv and mise (cpython@3.12) begin.
var interpreter = regexp.MustCompile(`(?i)^c?python[-@]?(\d)`)

// pythonPrerelease matches Python's way of writing one (PEP 440); semver wants a hyphen.
var pythonPrerelease = regexp.MustCompile(`^(\d+\.\d+\.\d+)(a|b|rc)(\d+)$`)

// parse reads a whole version, three numbers and perhaps a prerelease.
func parse(version string) (*semver.Version, error) {
	return semver.StrictNewVersion(pythonPrerelease.ReplaceAllString(version, "$1-$2.$3"))
}

// newest is what the words for it stand for. Only an exact version finds a prerelease.
func newest() versions { return versions{accepts: released} }

func released(v *semver.Version) bool { return v.Prerelease() == "" }

// ltsLines are Node's lines with long-term support, newest first. A line comes in with the first release that bears its name.
// https://github.com/nodejs/Release/blob/main/CODENAMES.md
var ltsLines = []struct{ name, line string }{
	{"krypton", "24"}, {"jod", "22"}, {"iron", "20"}, {"hydrogen", "18"}, {"gallium", "16"}, {"fermium", "14"},
	{"erbium", "12"}, {"dubnium", "10"}, {"carbon", "8"}, {"boron", "6"}, {"argon", "4"},
}

// nodeVersions reads the aliases of nvm, n and fnm, and npm's ranges. https://github.com/nvm-sh/nvm#usage
func nodeVersions(want string) (versions, error) {
	switch name := strings.ToLower(want); name {
	case "node", "latest", "current", "stable":
		return newest(), nil
	case "lts", "lts/*":
		return semverRange(ltsLines[0].line)
	default:
		if line := ltsLine(name); line != "" {
			return semverRange(line)
		}
	}
	return semverRange(want)
}

// ltsLine is the line of "lts/iron", "lts-iron", "iron" or "lts/-1" (the one before the newest); "": there is no such.
func ltsLine(name string) string {
	name = strings.TrimPrefix(name, "lts/")
	if back, ok := strings.CutPrefix(name, "-"); ok {
		if n, err := strconv.ParseUint(back, 10, 8); err == nil && int(n) < len(ltsLines) {
			return ltsLines[n].line
		}
	}
	name = strings.TrimPrefix(name, "lts-")
	for _, lts := range ltsLines {
		if lts.name == name {
			return lts.line
		}
	}
	return ""
}

// everything is "^*" and "<=*": to npm any version, to Masterminds/semver none.
var everything = regexp.MustCompile(`(?:\^|<=)\s*[*xX](\s|$)`)

// semverRange reads npm's ranges; each of the alternatives by itself, since npm allows "18||20" and an empty one.
func semverRange(want string) (versions, error) {
	var ranges []*semver.Constraints
	for alternative := range strings.SplitSeq(want, "||") {
		alternative = everything.ReplaceAllString(strings.TrimSpace(alternative), "*$1")
		if alternative == "" {
			alternative = "*"
		}
		r, err := semver.NewConstraint(alternative)
		if err != nil {
			return versions{}, err
		}
		ranges = append(ranges, r)
	}
	accepts := func(v *semver.Version) bool {
		return released(v) && slices.ContainsFunc(ranges, func(r *semver.Constraints) bool { return r.Check(v) })
	}
	return versions{accepts, accepts(semver.New(9999, 0, 0, "", ""))}, nil
}

// pythonVersions reads PEP 440 and what Poetry has besides. https://packaging.python.org/en/latest/specifications/version-specifiers/
func pythonVersions(want string) (versions, error) {
	if strings.EqualFold(want, "latest") {
		return newest(), nil
	}
	var ranges []pep440.Specifiers
	for alternative := range strings.SplitSeq(strings.ReplaceAll(want, "||", "|"), "|") { // Poetry knows both
		clauses, err := pepClauses(alternative)
		if err != nil {
			return versions{}, err
		}
		r, err := pep440.NewSpecifiers(clauses)
		if err != nil {
			return versions{}, err
		}
		ranges = append(ranges, r)
	}
	accepts := func(v *semver.Version) bool {
		p, err := pep440.Parse(v.String())
		return err == nil && released(v) && slices.ContainsFunc(ranges, func(r pep440.Specifiers) bool { return r.Check(p) })
	}
	return versions{accepts, accepts(semver.New(3, 9999, 0, "", ""))}, nil // "<4" is no end: the next line is 3.15
}

var (
	afterOperator = regexp.MustCompile(`([=<>~^!])\s+`)
	clause        = regexp.MustCompile(`^([=<>~^!]*)v?((\d+)(\.\d+)?(?:\.\d+)*(?:\.?(?:a|b|rc|dev|post)\d+)?(?:\.[xX*])*|\*)$`)
	wildcard      = regexp.MustCompile(`(\.[xX*])+$`)
	wholeVersion  = regexp.MustCompile(`^\d+\.\d+\.\d+`)
)

// pepClauses writes a range as PEP 440 does: ">= 3.9 <4", "3.12", "3.12.x", "^3.12" and "~3.12" are no specifiers there.
func pepClauses(want string) (string, error) {
	var out []string
	for _, text := range strings.FieldsFunc(afterOperator.ReplaceAllString(want, "$1"), func(r rune) bool { return r == ',' || r == ' ' }) {
		m := clause.FindStringSubmatch(text)
		if m == nil {
			return "", fmt.Errorf("%q is no version specifier", text)
		}
		operator, version, major, minor := m[1], wildcard.ReplaceAllString(m[2], ""), m[3], m[4]
		switch {
		case version == "*":
			out = append(out, ">=0")
		case operator == "^": // https://python-poetry.org/docs/dependency-specification/#caret-requirements
			out = append(out, ">="+version, "=="+major+".*")
		case operator == "~":
			out = append(out, ">="+version, "=="+major+minor+".*")
		case operator == "" || operator == "=":
			if !wholeVersion.MatchString(version) {
				version += ".*"
			}
			out = append(out, "=="+version)
		case operator == "==" || operator == "!=":
			out = append(out, operator+wildcard.ReplaceAllString(m[2], ".*"))
		default: // ">=3.9.*" was allowed once, and means ">=3.9"
			out = append(out, operator+version)
		}
	}
	if len(out) == 0 {
		return "", fmt.Errorf("%q is an empty range", want)
	}
	return strings.Join(out, ","), nil
}
