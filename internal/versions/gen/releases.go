package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// architectures has the names that upstream uses for Go's.
var architectures = []struct{ arch, node, triple string }{
	{"amd64", "x64", "x86_64-unknown-linux-gnu"},
	{"arm64", "arm64", "aarch64-unknown-linux-gnu"},
}

// sourceOfNode is where the digests of Node.js are.
const sourceOfNode = "nodejs.org/dist"

// nodeRelease is an entry of Node's index. https://github.com/nodejs/nodejs-dist-indexer
type nodeRelease struct {
	Version string // "v24.21.0"
	Files   []string
	LTS     ltsName
}

// ltsName is the name of an LTS series, or false.
type ltsName string

func (l *ltsName) UnmarshalJSON(text []byte) error {
	if string(text) == "false" {
		return nil
	}
	return json.Unmarshal(text, (*string)(l))
}

// astralRelease is a line of a list of Astral's. https://github.com/astral-sh/versions
type astralRelease struct {
	Version   string // "0.12.16"; of Python with the date of the build, "3.13.16+20261003"
	Artifacts []struct{ Platform, Variant, URL, SHA256 string }
}

func readAstral(ctx context.Context, ask source, name string) (all []astralRelease, err error) {
	text, err := ask.text(ctx, name)
	if err != nil {
		return nil, err
	}
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var r astralRelease
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) && len(all) > 0 {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		all = append(all, r)
	}
}

// archive is a release of upstream and the name of the source that has its digest.
type archive struct {
	versions.Release
	source string
}

// lacking says in the report why a release was not added.
const lacking = ", which is not there for both architectures"

// archives returns the archives that the inventory does not have and that are not refused. incomplete lists releases
// that upstream does not have for both architectures yet.
func (a answers) archives(ctx context.Context, ask source, d data) (all []archive, incomplete []string, err error) {
	for _, find := range []func() ([]archive, []string, error){
		func() ([]archive, []string, error) { return d.newNode(ctx, ask, a.node) },
		func() ([]archive, []string, error) { return d.newPython(a.python) },
		func() ([]archive, []string, error) { return d.newUV(a.uv) },
	} {
		found, missing, findErr := find()
		all, incomplete = append(all, found...), append(incomplete, missing...)
		err = errors.Join(err, findErr)
	}
	return all, incomplete, errors.Join(err, d.conflicts(a.uv), d.conflicts(a.python))
}

// conflicts returns an error for each known archive that has another digest upstream.
func (d data) conflicts(releases []astralRelease) error {
	known := map[string]string{}
	for _, r := range d.inventory {
		known[r.URI] = r.SHA256
	}
	var errs []error
	for _, r := range releases {
		for _, a := range r.Artifacts {
			if sum, ok := known[a.URL]; ok && sum != a.SHA256 {
				errs = append(errs, fmt.Errorf("%s has the SHA-256 %s in %s, and %s upstream",
					a.URL, sum, inventoryFile, a.SHA256))
			}
		}
	}
	return errors.Join(errs...)
}

// newNode returns the archives of new releases of Node.js. It asks for the digests of these alone.
func (d data) newNode(ctx context.Context, ask source, index []nodeRelease) (all []archive, incomplete []string,
	_ error,
) {
	var errs []error
	for _, r := range index {
		version := strings.TrimPrefix(r.Version, "v")
		isNew, err := d.isNew(versions.Node, version, "")
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", nodeIndex, err))
		}
		if !isNew {
			continue
		}
		if !slices.Contains(r.Files, "linux-x64") || !slices.Contains(r.Files, "linux-arm64") {
			incomplete = append(incomplete, "Node.js "+version+lacking)
			continue
		}
		found, err := readSums(ctx, ask, version)
		all, errs = append(all, found...), append(errs, err)
	}
	return all, incomplete, errors.Join(errs...)
}

// readSums returns the archives of a release of Node.js. A line of the list has a digest, two blanks and a name.
func readSums(ctx context.Context, ask source, version string) (all []archive, err error) {
	dir := "https://nodejs.org/dist/v" + version + "/"
	name := dir + "SHASUMS256.txt"
	text, err := ask.text(ctx, name)
	if err != nil {
		return nil, err
	}
	for _, on := range architectures {
		file := "node-v" + version + "-linux-" + on.node + ".tar.gz"
		m := regexp.MustCompile(`(?m)^([0-9a-f]{64})  ` + regexp.QuoteMeta(file) + `$`).FindStringSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("%s has no SHA-256 of %s", name, file)
		}
		r := versions.Release{ID: versions.Node, Version: version, Arch: on.arch, Strip: 1}
		r.URI, r.SHA256 = dir+file, m[1]
		all = append(all, archive{r, sourceOfNode})
	}
	return all, nil
}

// isNew reports whether a build of a version is neither known nor refused.
func (d data) isNew(id versions.ID, version, build string) (bool, error) {
	v, err := versions.Parse(version)
	if err != nil {
		return false, fmt.Errorf("version %q: %w", version, err)
	}
	known := slices.ContainsFunc(d.inventory, func(r versions.Release) bool {
		return r.ID == id && r.Version == version && r.Build >= build
	})
	return !known && d.refused.why(id, v) == "", nil
}
