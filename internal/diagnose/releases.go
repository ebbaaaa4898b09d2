package diagnose

import (
	"regexp"
	"strconv"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Offers suggest versions of the runtimes, and names of Debian packages.
type Offers struct {
	Python, Node versions.Offer
	Debian       debian.Offered
}

// probePythonRelease finds the {range} of Python's versions that a package requires, and the {release} in it that the
// app can request. Its cases are release, none if there is no such release, and unknown without a range.
func probePythonRelease(f *failure) (string, Vars) {
	patterns := f.known.PythonRanges
	if pinned := firstGroup(f.known.Pinned, f.folded); pinned != "" { // pip lists what each version requires
		own := regexp.MustCompile(regexp.QuoteMeta(pinned) + ` Requires-Python ([^;E]+)`)
		patterns = append([]*regexp.Regexp{own}, patterns...)
	}
	return f.release(f.Offers.Python, patterns)
}

// probeNodeRelease is like probePythonRelease, for Node.js.
func probeNodeRelease(f *failure) (string, Vars) { return f.release(f.Offers.Node, f.known.NodeRanges) }

// release finds the {range} of versions that the output requires, and the {release} of offer that satisfies it. The
// outcome is none if there is no such release, and unknown if the output has no range.
func (f *failure) release(offer versions.Offer, patterns []*regexp.Regexp) (string, Vars) {
	for _, pattern := range patterns {
		if within := firstGroup(pattern, f.folded); within != "" {
			if release := offer.Within(within); release != "" {
				return "release", Vars{"range": within, "release": release}
			}
			return "none", Vars{"range": within}
		}
	}
	return "unknown", nil
}

// probeLastPython finds the {last} series of Python that has what the build of a package needs. {supported} is the same
// if the series gets security fixes.
func probeLastPython(f *failure) (string, Vars) {
	for _, pattern := range f.known.GoneInBuild {
		vars := Vars{}
		groups(pattern, f.folded, vars)
		if minor, ok := f.known.lastWith(vars["name"]); ok {
			return "known", f.lastPython(minor)
		}
	}
	return "unknown", nil
}

// probeSetuptools is like probeLastPython, for releases of setuptools that need distutils.
func probeSetuptools(f *failure) (string, Vars) {
	minor, _ := f.known.lastWith("distutils")
	return "known", f.lastPython(minor)
}

// lastPython returns {last} and {supported} for a minor version of Python 3.
func (f *failure) lastPython(minor int) Vars {
	vars := Vars{"last": "3." + strconv.Itoa(minor)}
	if f.Offers.Python.Supported(vars["last"]) {
		vars["supported"] = vars["last"]
	}
	return vars
}
