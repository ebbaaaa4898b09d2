package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// provenance describes where a digest comes from.
type provenance struct {
	sources   string // names of what publishes it, sorted, with commas between them
	signature string // the result of verifying the publisher's signature
}

const unsigned = "no signature was checked"

// page has the provenance of each archive, by its name in data.md.
type page map[string]provenance

// archivesPerLine is how many names a line of data.md has.
const archivesPerLine = 6

// section matches a section of data.md.
var section = regexp.MustCompile(`(?m)^## (\w+): (.+)\n\nSignature: (.+)\. Archives \(\d+\):\n\n((?:    .+\n)+)`)

func parsePage(text string) (page, error) {
	all := page{}
	for _, m := range section.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(m[4]) {
			for name := range strings.SplitSeq(strings.TrimSpace(line), ", ") {
				if _, twice := all[m[1]+" "+name]; twice {
					return nil, fmt.Errorf("%s %s is there twice", m[1], name)
				}
				all[m[1]+" "+name] = provenance{m[2], m[3]}
			}
		}
	}
	return all, nil
}

// add notes the source of a new archive.
func (p page) add(a archive) { p[withBuild(a.Release)] = provenance{a.source, unsigned} }

// withBuild returns the name of an archive that gen has added: "cpython 3.13.16+20261003 amd64".
func withBuild(r versions.Release) string {
	version := r.Version
	if r.Build != "" {
		version += "+" + r.Build
	}
	return string(r.ID) + " " + version + " " + r.Arch
}

// name returns the name of an archive on the page. The first archives of CPython are there without their builds.
func (p page) name(r versions.Release) string {
	if name := withBuild(r); p[name].sources != "" {
		return name
	}
	return string(r.ID) + " " + r.Version + " " + r.Arch
}

// text returns data.md: every archive of the inventory, grouped by where its digest comes from. A digest without a
// source is an error, so that no such archive gets into the inventory.
func (p page) text(inv versions.Inventory) (string, error) {
	type group struct {
		id versions.ID
		provenance
	}
	archives, order, written := map[group][]string{}, []group{}, map[string]bool{}
	var missing []error
	for _, r := range inv {
		name := p.name(r)
		g := group{r.ID, p[name]}
		if g.sources == "" || written[name] {
			missing = append(missing, fmt.Errorf("%s: its digest has no source in %s", withBuild(r), pageFile))
			continue
		}
		written[name] = true
		if archives[g] == nil {
			order = append(order, g)
		}
		archives[g] = append(archives[g], strings.TrimPrefix(name, string(r.ID)+" "))
	}
	var out strings.Builder
	out.WriteString(heading)
	for _, g := range order {
		fmt.Fprintf(&out, "\n## %s: %s\n\nSignature: %s. Archives (%d):\n\n",
			g.id, g.sources, g.signature, len(archives[g]))
		for chunk := range slices.Chunk(archives[g], archivesPerLine) {
			fmt.Fprintf(&out, "    %s\n", strings.Join(chunk, ", "))
		}
	}
	return out.String(), errors.Join(missing...)
}

const heading = `# Where the checksums of the inventory come from

The generator writes this page (` + "`go generate ./internal/versions`" + `) and refuses an archive without a source.
Each section names what publishes the same SHA-256, and what checking the publisher's signature gave:

- Node.js: the signature of the release's SHASUMS256 text, against the keys of nodejs/release-keys. Releases of the
  series 8 to 17 are listed by two repositories, which agree; nobody checked their signatures.
- CPython (python-build-standalone) and uv publish attestations on their release pages. These were not checked.
- The generator adds archives from nodejs.org/dist and astral-sh/versions alone. It checks no signatures.

Nobody downloaded the archives to make the list. A wrong checksum therefore fails a build; it does not install another
file.
`
