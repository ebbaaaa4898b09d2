package steps

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/static"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// Reap ends what the commands of a step have left running.
func (r Runner) Reap(step string) error {
	names, err := r.Reaper.Reap()
	if len(names) > 0 {
		r.Log.Header("Processes that were still running after %s are ended: %d (%s)",
			show.Name(step), len(names), show.Series(names))
	}
	if err == nil {
		return nil
	}
	return &fail.Error{
		ID: "step/left-running", What: "A process that was started by " + show.Name(step) + " cannot be ended",
		Why: err.Error() + ".", Err: err,
		Fix: fail.Fix{
			fail.Say{Text: "End all processes where they are started. In a script, the last lines could be:"},
			fail.Edit{Lines: []string{"kill $(jobs -p)", "wait"}},
		},
	}
}

// Look returns what is at the places that the settings name, after the last step.
func Look(d Dirs, s installed.Settings, written static.Written) static.Seen {
	seen := static.Seen{
		Written: written, Root: d.Root, Collected: d.HasFiles(s.StaticRoot), Elsewhere: map[string]string{},
	}
	for _, dir := range s.StaticDirs {
		if !tree.IsDir(d.Behind(dir)) {
			seen.Missing = append(seen.Missing, dir)
		}
	}
	for _, m := range s.Manifests {
		if tree.IsFile(d.Behind(m.File)) {
			continue
		}
		seen.Missing = append(seen.Missing, m.File)
		for _, place := range d.otherPlaces(m.File, s.StaticDirs) {
			if tree.IsFile(d.Behind(place)) {
				seen.Elsewhere[m.File] = place
				break
			}
		}
	}
	if seen.Collected && s.LocalStatic {
		prefixes := append(slices.Clip(s.StaticPrefixes), make([]string, len(s.StaticDirs))...) // it may have fewer
		for i, dir := range s.StaticDirs {
			collected := filepath.Join(s.StaticRoot, prefixes[i])
			seen.Hidden = append(seen.Hidden, d.hidden(dir, collected)...)
		}
		seen.Modules = d.modules(s.StaticDirs)
	}
	return seen
}

// otherPlaces returns where a bundler may have written a manifest: Vite 5 and later hide it in a directory .vite.
// https://vite.dev/config/build-options#build-manifest
func (d Dirs) otherPlaces(file string, staticDirs []string) (places []string) {
	name := filepath.Base(file)
	for _, dir := range append([]string{filepath.Dir(file)}, staticDirs...) {
		places = append(places, filepath.Join(dir, ".vite", name), filepath.Join(dir, name))
	}
	if name == "manifest.json" { // elsewhere that may be the one of a web app
		return places
	}
	for _, pattern := range []string{"", "*/", "*/*/"} {
		found, _ := fs.Glob(d.Source, pattern+tree.Literal(name)) // the only error is a wrong pattern
		for _, p := range found {
			if !strings.Contains("/"+p, "/node_modules/") {
				places = append(places, filepath.Join(d.Root, p))
			}
		}
	}
	return places
}

// hidden returns the hidden directories of dir that are not in the directory where they were to be collected. Nothing
// outside of the app is looked at.
func (d Dirs) hidden(dir, collected string) (hidden []string) {
	root, ok := d.Tree.Rel(dir)
	if !ok {
		return nil
	}
	// What cannot be read is not collected either, and collectstatic has said so.
	_ = fs.WalkDir(d.Source, string(root), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || name == string(root) {
			return nil
		}
		if app.Skipped(entry.Name(), app.ForStatic) {
			return fs.SkipDir
		}
		if !strings.HasPrefix(entry.Name(), ".") {
			return nil
		}
		rel := strings.TrimPrefix(name, string(root))
		if tree.HasEntries(d.Source, name) && !tree.IsDir(d.Behind(filepath.Join(collected, rel))) {
			hidden = append(hidden, filepath.Join(d.Root, name))
		}
		return fs.SkipDir
	})
	return hidden
}
