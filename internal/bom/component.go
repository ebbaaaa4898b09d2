// Package bom describes the software of an image as components. It reads no files, finds no software and writes no
// documents.
package bom

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Component is a version of some software, as all documents describe it.
type Component struct {
	PURL     string // https://github.com/package-url/purl-spec
	CPE      string // version 2.3; empty if it has none
	License  string // as the package declares it: an SPDX expression or other text; empty if it declares none
	Checksum string // of the archive: "sha256:" or "sha512:" and hexadecimal digits; empty if it is not known
	Evidence Evidence
	Places   []string // directories and files that have it or show it, sorted
}

// Evidence says how a component is known to be where a document says.
type Evidence string

// The kinds of evidence, the best first. Documents have these words.
const (
	Installed    Evidence = "installed"      // its files are in the layer, or the build has run it
	SourceMap    Evidence = "source-map"     // a source map of the assets names its files
	BundleReport Evidence = "bundler-report" // a report of the bundler lists its files in the assets
	ReadByStep   Evidence = "read-by-step"   // a step that writes assets has read its files
	Possible     Evidence = "possible"       // the build of the assets could use it
)

// OfRelease returns the component of a runtime, or of uv.
func OfRelease(r versions.Release) Component {
	var licenses []string
	for _, l := range r.Licenses() {
		licenses = append(licenses, l.Type)
	}
	return Component{
		PURL: r.PURL(), CPE: r.CPE(), License: strings.Join(licenses, " OR "), Checksum: r.Checksum(),
		Evidence: Installed,
	}
}

// kinds lists the evidence from the best to the weakest.
func kinds() []Evidence { return []Evidence{Installed, SourceMap, BundleReport, ReadByStep, Possible} }

// Certain reports whether e shows more than a possibility.
func (e Evidence) Certain() bool { return e != Possible }

// Name returns the type of the package URL, the name with its namespace, and the version.
func (c Component) Name() (kind, name, version string) { return purl.Parse(c.PURL) }

// Text returns the component on one line, for Parse: the package URL, a space and the other fields as a query.
// Installed is not written: most components of a record are, and records are labels of an image.
func (c Component) Text() string {
	more := url.Values{}
	for name, value := range map[string]string{
		"cpe": c.CPE, "license": c.License, "checksum": c.Checksum, "evidence": string(c.Evidence),
	} {
		if value != "" {
			more.Set(name, value)
		}
	}
	if c.Evidence == Installed {
		more.Del("evidence")
	}
	if len(c.Places) > 0 {
		more["place"] = c.Places
	}
	return strings.TrimSuffix(c.PURL+" "+more.Encode(), " ")
}

// Parse reads what Text has written. Fields that cannot be read are empty.
func Parse(text string) Component {
	p, query, _ := strings.Cut(text, " ")
	more, _ := url.ParseQuery(query) // what is valid is read
	return Component{
		PURL: p, CPE: more.Get("cpe"), License: more.Get("license"), Checksum: more.Get("checksum"),
		Evidence: Evidence(cmp.Or(more.Get("evidence"), string(Installed))), Places: more["place"],
	}
}

// Mask returns c with mask applied to all that a package or the app declares but the name.
func (c Component) Mask(mask func(string) string) Component {
	c.PURL, c.License, c.Places = purl.MapVersion(c.PURL, mask), mask(c.License), slices.Clone(c.Places)
	for i, place := range c.Places {
		c.Places[i] = mask(place)
	}
	return c
}

// maxPlaces bounds the places of a component in a document: a package may be in hundreds of bundles.
const maxPlaces = 20

// Merge returns components sorted by package URL, each once, with the best evidence and the places of that evidence.
func Merge(components []Component) (merged []Component) {
	rank := func(c Component) int { return slices.Index(kinds(), c.Evidence) }
	sorted := slices.Clone(components)
	slices.SortStableFunc(sorted, func(a, b Component) int {
		return cmp.Or(cmp.Compare(a.PURL, b.PURL), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Text(), b.Text()))
	})
	for _, c := range sorted {
		last := len(merged) - 1
		if last < 0 || merged[last].PURL != c.PURL {
			c.Places = slices.Clone(c.Places)
			merged = append(merged, c)
			continue
		}
		m := &merged[last]
		m.License, m.CPE = cmp.Or(m.License, c.License), cmp.Or(m.CPE, c.CPE)
		m.Checksum = cmp.Or(m.Checksum, c.Checksum)
		if m.Evidence == c.Evidence {
			m.Places = append(m.Places, c.Places...)
		}
	}
	for i := range merged {
		slices.Sort(merged[i].Places)
		places := slices.Compact(merged[i].Places)
		merged[i].Places = places[:min(len(places), maxPlaces)]
	}
	return merged
}

// Versions returns the versions of the packages of one type, such as purl.PyPI, by name.
func Versions(components []Component, kind string) map[string]string {
	found := map[string]string{}
	for _, c := range components {
		if of, name, version := c.Name(); of == kind && name != "" && version != "" {
			found[name] = version
		}
	}
	return found
}
