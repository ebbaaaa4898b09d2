package versions

import (
	"fmt"
	"net/url"
	"strings"
)

// ID names a runtime or a tool that Tandem downloads, as in inventory.json.
type ID string

// The runtimes, and uv, which installs Python packages.
const (
	Python ID = "cpython"
	Node   ID = "node"
	UV     ID = "uv"
)

// runtime describes what all releases of a runtime have in common. "%s" represents the version.
type runtime struct {
	project  string // the name of what is downloaded
	name     string // the name in the log, where it differs
	digits   int    // numbers of a version that name its series: 1 for Node.js (22), 2 for Python (3.13)
	series   string // the series if nothing else is requested
	purl     string
	cpe      string
	licenses []License
}

// License is a license of a release: its SPDX identifier and the URL of its text.
type License struct{ Type, URI string }

// runtimes has the package URLs and CPEs that Paketo's node-engine and cpython use, so that scanners find both alike.
// Node.js and CPython bundle more, under other licenses; these are the projects' own.
// Node.js 26 is not the default: it needs libatomic, which slim images do not have.
var runtimes = map[ID]runtime{
	Node: {
		project: "Node.js", digits: 1, series: "24",
		purl: "pkg:generic/node@%s", cpe: "cpe:2.3:a:nodejs:node.js:%s:*:*:*:*:*:*:*",
		licenses: []License{{"MIT", "https://github.com/nodejs/node/blob/v%s/LICENSE"}},
	},
	Python: {
		project: "CPython", name: "Python", digits: 2, series: "3.13",
		purl: "pkg:generic/python@%s", cpe: "cpe:2.3:a:python:python:%s:*:*:*:*:*:*:*",
		licenses: []License{{"PSF-2.0", "https://github.com/python/cpython/blob/v%s/LICENSE"}},
	},
	UV: {
		project: "uv", digits: 2,
		purl: "pkg:github/astral-sh/uv@%s", cpe: "cpe:2.3:a:astral:uv:%s:*:*:*:*:*:*:*",
		licenses: []License{
			{"Apache-2.0", "https://github.com/astral-sh/uv/blob/%s/LICENSE-APACHE"},
			{"MIT", "https://github.com/astral-sh/uv/blob/%s/LICENSE-MIT"},
		},
	},
}

// Project returns the name of the project that publishes the runtime: "CPython", "Node.js" or "uv".
func (id ID) Project() string { return runtimes[id].project }

// Name returns the name of the runtime in the log: "Python", "Node.js" or "uv".
func (id ID) Name() string {
	if name := runtimes[id].name; name != "" {
		return name
	}
	return runtimes[id].project
}

// DefaultSeries returns the series that is chosen if nothing requests another: "3.13" or "24". It is empty for uv.
func (id ID) DefaultSeries() string { return runtimes[id].series }

// Series returns the release series of a version: "3.13" for Python 3.13.1, "24" for Node.js 24.21.0.
func (id ID) Series(version string) string {
	numbers := strings.Split(version, ".")
	return strings.Join(numbers[:min(runtimes[id].digits, len(numbers))], ".")
}

// Checksum returns the digest of the archive, "sha256:" and lower-case digits.
func (r Release) Checksum() string { return "sha256:" + strings.ToLower(r.SHA256) }

// PURL returns the package URL. https://github.com/package-url/purl-spec
func (r Release) PURL() string {
	return fmt.Sprintf(runtimes[r.ID].purl, r.Version) +
		"?arch=" + r.Arch + "&checksum=" + r.Checksum() + "&download_url=" + url.QueryEscape(r.URI)
}

// CPE returns the name by which vulnerability databases know the release.
func (r Release) CPE() string { return fmt.Sprintf(runtimes[r.ID].cpe, r.Version) }

// Licenses returns the licenses of the project, with the URLs of the release's own texts.
func (r Release) Licenses() []License {
	var all []License
	for _, l := range runtimes[r.ID].licenses {
		all = append(all, License{l.Type, fmt.Sprintf(l.URI, r.Version)})
	}
	return all
}
