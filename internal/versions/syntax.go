package versions

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// constraint is a parsed version requirement.
type constraint struct {
	accepts func(*semver.Version) bool
	open    bool // a range that every new series will satisfy: the latest one was not chosen on purpose
}

// parseConstraint parses a required version of a runtime.
func parseConstraint(id ID, want string) (constraint, error) {
	want = strings.TrimSpace(want)
	if err := limits.Version(want); err != nil {
		return constraint{}, err
	}
	if id == Python {
		want = interpreter.ReplaceAllString(want, "$1")
	}
	// An exact version also selects a prerelease, which no range does.
	if exact, err := Parse(strings.TrimPrefix(want, "v")); err == nil {
		return constraint{accepts: exact.Equal}, nil
	}
	if want == "" {
		want = "*"
	}
	switch id {
	case Python:
		return pythonConstraint(want)
	case Node:
		return nodeConstraint(want)
	default:
		return npmConstraint(want)
	}
}

// Accepts reports whether version satisfies want, a required version of a runtime. It does if want is not valid.
func (id ID) Accepts(want, version string) bool {
	wanted, err := parseConstraint(id, want)
	if err != nil {
		return true
	}
	there, err := Parse(version)
	return err != nil || wanted.accepts(there)
}

// interpreter is how runtime.txt (python-3.12.1), uv and mise (cpython@3.12) begin.
var interpreter = regexp.MustCompile(`(?i)^c?python[-@]?(\d)`)

// pythonPrerelease matches Python's way of writing a prerelease (PEP 440); semver requires a hyphen.
var pythonPrerelease = regexp.MustCompile(`^(\d+\.\d+\.\d+)(a|b|rc)(\d+)$`)

// Parse parses a whole version: three numbers and perhaps a prerelease.
func Parse(version string) (*semver.Version, error) {
	return semver.StrictNewVersion(pythonPrerelease.ReplaceAllString(version, "$1-$2.$3"))
}

// latest accepts every release. Only an exact version selects a prerelease.
func latest() constraint { return constraint{accepts: released} }

// released reports whether a version is a release and not a prerelease.
func released(v *semver.Version) bool { return v.Prerelease() == "" }

// nodeConstraint parses the aliases of nvm, n and fnm, and npm's ranges. https://github.com/nvm-sh/nvm#usage
func nodeConstraint(want string) (constraint, error) {
	switch name := strings.ToLower(want); name {
	case "node", "latest", "current", "stable":
		return latest(), nil
	case "lts", "lts/*":
		return npmConstraint(ltsSeries()[0].Name)
	default:
		if series := aliasedSeries(name); series != "" {
			return npmConstraint(series)
		}
	}
	return npmConstraint(want)
}

// aliasedSeries returns the series of "lts/iron", "lts-iron", "iron" or "lts/-1" (the one before the latest), or "" if
// there is none.
func aliasedSeries(name string) string {
	name = strings.TrimPrefix(name, "lts/")
	if back, ok := strings.CutPrefix(name, "-"); ok {
		if n, err := strconv.ParseUint(back, 10, 8); err == nil && int(n) < len(ltsSeries()) {
			return ltsSeries()[n].Name
		}
	}
	return seriesOfName(strings.TrimPrefix(name, "lts-"))
}

// everything matches "^*" and "<=*": to npm any version, to Masterminds/semver none.
var everything = regexp.MustCompile(`(?:\^|<=)\s*[*xX](\s|$)`)

// npmRange parses each alternative of npm's range alone, since npm allows "18||20" and an empty one.
func npmRange(want string) (ranges []*semver.Constraints, err error) {
	for alternative := range strings.SplitSeq(want, "||") {
		alternative = everything.ReplaceAllString(strings.TrimSpace(alternative), "*$1")
		if alternative == "" {
			alternative = "*"
		}
		r, err := semver.NewConstraint(alternative)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

// npmConstraint parses a range of npm's that accepts no prereleases.
func npmConstraint(want string) (constraint, error) {
	ranges, err := npmRange(want)
	if err != nil {
		return constraint{}, err
	}
	accepts := func(v *semver.Version) bool {
		return released(v) && slices.ContainsFunc(ranges, func(r *semver.Constraints) bool { return r.Check(v) })
	}
	return constraint{accepts, accepts(semver.New(9999, 0, 0, "", ""))}, nil
}
