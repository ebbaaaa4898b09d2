package build

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// checkShipped warns of what the settings need in a container and the image will not have.
func (b *builder) checkShipped() {
	if b.settings == nil {
		return
	}
	for _, warning := range plan.CheckShipped(*b.settings, b.installed, b.plan.Processes, b.seenStatic(), b.root) {
		b.main.Warn("%s", warning)
	}
}

// settingsAgain imports the settings once more where they could not be before the app's steps: a build script may have made what they
// read. If they still cannot, collectstatic says so.
func (b *builder) settingsAgain(ctx context.Context) {
	if b.settings != nil {
		return
	}
	if read, err := b.readSettings(ctx, b.main, nil); err == nil {
		b.settings = read.Settings
	}
}

// seenStatic looks at the places that the settings name.
func (b *builder) seenStatic() plan.Seen {
	s := b.settings
	seen := plan.Seen{Collected: b.hasFiles(s.StaticRoot), Elsewhere: map[string]string{}, Ran: b.ran}
	for _, dir := range s.StaticDirs {
		if !isDirIn(b.behind(dir)) {
			seen.Missing = append(seen.Missing, dir)
		}
	}
	for _, m := range s.Manifests {
		if isFileIn(b.behind(m.File)) {
			continue
		}
		seen.Missing = append(seen.Missing, m.File)
		for _, place := range b.otherPlaces(m.File) {
			if isFileIn(b.behind(place)) {
				seen.Elsewhere[m.File] = place
				break
			}
		}
	}
	if seen.Collected && s.LocalStatic {
		for i, dir := range s.StaticDirs {
			seen.Hidden = append(seen.Hidden, b.leftOut(dir, filepath.Join(s.StaticRoot, nth(s.StaticPrefixes, i)))...)
		}
	}
	return seen
}

// otherPlaces are where a bundler may have written a manifest: Vite 5 and later hide it in a folder .vite.
// https://vite.dev/config/build-options#build-manifest
func (b *builder) otherPlaces(file string) (places []string) {
	name := filepath.Base(file)
	for _, dir := range append([]string{filepath.Dir(file)}, b.settings.StaticDirs...) {
		places = append(places, filepath.Join(dir, ".vite", name), filepath.Join(dir, name))
	}
	if name == "manifest.json" { // elsewhere that may be the one of a web app
		return places
	}
	for _, pattern := range []string{"", "*/", "*/*/"} {
		found, _ := fs.Glob(b.source, pattern+escaped(name)) // the only error is a wrong pattern
		for _, p := range found {
			if !strings.Contains("/"+p, "/node_modules/") {
				places = append(places, filepath.Join(b.root, p))
			}
		}
	}
	return places
}

// leftOut are the hidden folders of dir that are not in the folder where they were to be collected. Outside of the app
// nothing is looked for.
func (b *builder) leftOut(dir, collected string) (hidden []string) {
	root, ok := b.inApp(dir)
	if !ok {
		return nil
	}
	// What cannot be read is not collected either, and collectstatic has said so.
	_ = fs.WalkDir(b.source, string(root), func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || name == string(root) {
			return nil
		}
		if app.Skipped(d.Name(), app.ForStatic) {
			return fs.SkipDir
		}
		if !strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		rel := strings.TrimPrefix(name, string(root))
		if hasFilesIn(b.source, name) && !isDirIn(b.behind(filepath.Join(collected, rel))) {
			hidden = append(hidden, filepath.Join(b.root, name))
		}
		return fs.SkipDir
	})
	return hidden
}

// hasFiles reports whether a directory that the settings name has entries.
func (b *builder) hasFiles(dir string) bool { return dir != "" && hasFilesIn(b.behind(dir)) }

func nth(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
