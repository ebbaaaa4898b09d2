package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// provenance describes where a checksum comes from and which signature over it was verified.
type provenance struct {
	sources   []string // public repositories that have the checksum, sorted
	signature string   // the result of verifying the publisher's signature; empty if there is no signature
}

// provenances maps checksums to their provenance.
type provenances map[string]provenance

// repository is the owner and name that a source begins with; a path, a commit or a date may follow.
var repository = regexp.MustCompile(`^[\w.-]+/[\w.-]+`)

// provenanceOf reads the gathered JSON and the comments of the gathered TOML.
func provenanceOf(data string) (provenances, error) {
	all := provenances{}
	for _, name := range []string{"node-linux.json", "pbs-linux-gnu.json"} {
		archives, err := gathered(data, name)
		if err != nil {
			return nil, err
		}
		for _, a := range archives {
			all.add(a.SHA256, a.Sources, a.Signed)
		}
	}
	text, err := os.ReadFile(filepath.Join(data, "dependencies.toml"))
	if err != nil {
		return nil, err
	}
	for _, m := range commented.FindAllStringSubmatch(string(text), -1) {
		all.add(m[2], []string{m[1]}, "")
	}
	return all, nil
}

// commented matches a comment with the source of a checksum and the entry of uv that follows.
var commented = regexp.MustCompile(`# sum: (\S+)[^\n]*\n(?:#[^\n]*\n)*\[\[metadata\.dependencies\]\]\nid = "uv"\n` +
	`(?:[^[\n][^\n]*\n)*?checksum = "sha256:([0-9a-f]{64})"`)

func (all provenances) add(sum string, sources []string, signature string) {
	var names []string
	for _, source := range sources {
		if name := repository.FindString(source); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	all[sum] = provenance{slices.Compact(names), signature}
}

// document returns the text of data.md: every archive of inv, grouped by where its checksum comes from. A checksum
// without a source is an error, so that no such archive gets into the inventory.
func (all provenances) document(inv versions.Inventory) (string, error) {
	type group struct {
		id                 versions.ID
		sources, signature string
	}
	archives, order := map[group][]string{}, []group{}
	var missing []error
	for _, e := range inv {
		p := all[e.SHA256]
		if len(p.sources) == 0 {
			missing = append(missing, fmt.Errorf("%s %s %s: its checksum has no source",
				e.ID, e.Version, e.Arch))
			continue
		}
		g := group{e.ID, strings.Join(p.sources, ", "), p.signature}
		if archives[g] == nil {
			order = append(order, g)
		}
		archives[g] = append(archives[g], e.Version+" "+e.Arch)
	}
	var out strings.Builder
	out.WriteString(heading)
	for _, g := range order {
		signature := g.signature
		if signature == "" {
			signature = "no signature was checked"
		}
		fmt.Fprintf(&out, "\n## %s: %s\n\nSignature: %s. Archives (%d):\n\n",
			g.id, g.sources, signature, len(archives[g]))
		for chunk := range slices.Chunk(archives[g], 6) {
			fmt.Fprintf(&out, "    %s\n", strings.Join(chunk, ", "))
		}
	}
	return out.String(), errors.Join(missing...)
}

const heading = `# Where the checksums of the inventory come from

The generator writes this page (` + "`go generate ./internal/versions`" + `) and refuses an archive without a source. Each
section names the public repositories that publish the same SHA-256, and what checking the publisher's signature gave:

- Node.js: the signature of the release's SHASUMS256 text, against the keys of nodejs/release-keys. Releases of the series
  8 to 17 are listed by two repositories, which agree; nobody checked their signatures.
- CPython (python-build-standalone) and uv publish attestations on their release pages. These were not checked.

Nobody downloaded the archives to make the list. A wrong checksum therefore fails a build; it does not install another file.
`
