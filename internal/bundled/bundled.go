// Package bundled finds out which packages of Node.js are in the assets that a build has written, from source maps and
// reports of bundlers. It bounds what it reads, and opens no file that a map or a report names.
package bundled

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// Search says where to look.
type Search struct {
	FS        fs.FS // the app
	Root      string
	Written   func(fs.FileInfo) bool // whether the build has written a file
	Skip      []string               // directories with copies of other assets
	Installed []bom.Component        // with the directories of the packages, relative to the app's
}

// Found is the result of a search.
type Found struct {
	Packages []bom.Component // each with the files that show it
	Whole    bool            // every script and style sheet that the build has written has a map or is in a report
}

// find is a search that has begun.
type find struct {
	Search
	index  index
	assets map[string]bool // scripts and style sheets; true: there is evidence for what they have
	maps   map[string]bool // files with a source map that was read
	found  []bom.Component
	bytes  int64
}

// Find looks for evidence. Files that cannot be read, or that are too large, are none.
func (s Search) Find() Found {
	f := &find{Search: s, index: newIndex(s.Installed), assets: map[string]bool{}, maps: map[string]bool{}}
	assets, evidence := s.written()
	for _, name := range assets {
		f.assets[name] = false
	}
	for _, name := range evidence {
		f.read(name)
	}
	return f.result()
}

// written returns the assets that the build has written, and the files that may be evidence for them.
func (s Search) written() (assets, evidence []string) {
	entries := 0
	_ = fs.WalkDir(s.FS, ".", func(name string, d fs.DirEntry, err error) error {
		entries++
		switch {
		case entries > limits.Entries:
			return fs.SkipAll
		case err != nil:
			return nil // what cannot be listed shows nothing
		case d.IsDir() && (app.Skipped(d.Name(), app.ForTimes) || slices.Contains(s.Skip, name)):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		if !isAsset(name) && !isEvidence(name) {
			return nil
		}
		switch info, err := d.Info(); {
		case err != nil || !s.Written(info):
		case isEvidence(name):
			evidence = append(evidence, name)
		default:
			assets = append(assets, name)
		}
		return nil
	})
	return assets, evidence
}

// result looks at the assets themselves: one may contain its map, or name it.
func (f *find) result() Found {
	whole := len(f.assets) > 0
	for name, known := range f.assets {
		if !known && !f.maps[name+".map"] && !f.mapIn(name) {
			whole = false
		}
	}
	return Found{bom.Merge(f.found), whole}
}

// isAsset reports whether bundlers write packages into a file of that name.
func isAsset(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".css"}, path.Ext(name))
}

// isEvidence reports whether a file may be a source map or a report of a bundler.
func isEvidence(name string) bool {
	base := path.Base(name)
	return path.Ext(base) == ".map" || base == "stats.json" || base == "meta.json" ||
		strings.HasSuffix(base, "-stats.json") || strings.HasSuffix(base, "metafile.json")
}

// read reads a source map or a report.
func (f *find) read(name string) {
	data := f.contents(name)
	if path.Ext(name) == ".map" {
		f.maps[name] = f.sourceMap(data, name)
		return
	}
	f.report(data, name)
}

// contents returns the contents of a file; nil if it is too large, alone or with those that were read before.
func (f *find) contents(name string) []byte {
	data, err := limits.Read(f.FS, name, min(limits.Size("package-lock.json"), limits.AllFiles-f.bytes))
	if err != nil {
		return nil
	}
	f.bytes += int64(len(data))
	return data
}

// mapIn reports whether an asset names a map that was read, or contains one.
// https://tc39.es/ecma426/#sec-linking-generated-code
func (f *find) mapIn(name string) bool {
	const comment = "sourceMappingURL="
	data := f.contents(name)
	at := bytes.LastIndex(data, []byte(comment))
	if at < 0 {
		return false
	}
	url := string(bytes.TrimSpace(data[at+len(comment):]))
	if end := strings.IndexAny(url, " \t\r\n"); end >= 0 {
		url = url[:end]
	}
	if inline := inlineMap(url); inline != nil {
		return f.sourceMap(inline, name)
	}
	return f.maps[path.Join(path.Dir(name), url)]
}

// add notes that a file shows packages. place is the file.
func (f *find) add(components []bom.Component, evidence bom.Evidence, place string) {
	for _, c := range components {
		c.Evidence, c.Places = evidence, []string{place}
		f.found = append(f.found, c)
	}
}
