package build

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/static"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// checkShipped warns of what the settings and the code of the app need in a container and the image will not have.
func (h Host) checkShipped(r steps.Runner, d decisions, found installed.Found) {
	settings := r.Done.Settings
	written := static.Written{Ran: r.Done.Ran, Copies: d.app.Copies, Outputs: h.outputs(d, settings)}
	if settings != nil {
		seen := steps.Look(h.Dirs, *settings, written)
		found.Settings = settings
		steps.LogNotes(h.main(), seen.Check(found, process.Commands(r.Plan.Processes)))
	}
	served := static.Served{Written: written}
	for _, f := range d.app.Calls.Served {
		needed := static.Needed{By: f.Place() + ",", Name: f.Text, Dir: f.Dirs[0]}
		at := slices.IndexFunc(f.Dirs, func(dir string) bool { return h.HasDir(dir) })
		served = h.lookServed(served, needed, at >= 0, append(f.Dirs, "")[max(at, 0)])
	}
	if settings != nil && settings.WhitenoiseRoot != "" {
		if dir, ok := h.Tree.Rel(settings.WhitenoiseRoot); ok {
			needed := static.Needed{By: "WHITENOISE_ROOT", Name: string(dir), Dir: string(dir)}
			served = h.lookServed(served, needed, h.HasDir(string(dir)), string(dir))
		}
	}
	steps.LogNotes(h.main(), served.Check())
}

// lookServed adds a directory: to the missing ones if it does not exist, otherwise the files of dir whose names do not
// change with their contents. Without a build script, no names can change.
func (h Host) lookServed(s static.Served, needed static.Needed, exists bool, dir string) static.Served {
	if !exists {
		s.Missing = append(s.Missing, needed)
		return s
	}
	if len(s.Ran) == 0 {
		return s
	}
	_ = fs.WalkDir(h.Source, dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && isAsset(name) && path.Ext(name) != ".html" && !app.Hashed(d.Name()) &&
			!slices.Contains(s.Unhashed, name) {
			s.Unhashed = append(s.Unhashed, name)
		}
		return nil // only for the log
	})
	return s
}

// isAsset reports whether a name is that of a script, a style sheet or a page.
func isAsset(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".css", ".html"}, path.Ext(name))
}

// outputs returns the directories into which steps have written scripts, style sheets or pages, each without those
// below it. It omits directories that are served or collected, and those with a package.json.
func (h Host) outputs(d decisions, settings *installed.Settings) (dirs []string) {
	written, isRead := search{h.Source, d.clock}, map[string]bool{}
	if settings != nil {
		for _, name := range append([]string{settings.StaticRoot}, settings.StaticDirs...) {
			dir, _ := h.Tree.Rel(name) // "": outside of the app
			isRead[string(dir)] = true
		}
	}
	for _, served := range d.app.Calls.Served {
		for _, dir := range served.Dirs {
			isRead[dir] = true
		}
	}
	_ = fs.WalkDir(h.Source, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // only for the log
		case entry.IsDir() && (app.Skipped(entry.Name(), app.ForTimes) || isRead[name]):
			return fs.SkipDir
		case entry.IsDir() || !isAsset(name):
			return nil
		}
		dir := path.Dir(name)
		isKnown := slices.ContainsFunc(dirs, func(above string) bool {
			return dir == above || strings.HasPrefix(dir, above+"/")
		})
		info, err := entry.Info()
		isProject := dir == "." || tree.IsFile(h.Source, path.Join(dir, "package.json"))
		if err == nil && written.isNew(info) && !isProject && !isKnown {
			dirs = append(dirs, dir)
		}
		return nil
	})
	return dirs
}
