package steps

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// prepare does what a step needs before it runs, and logs what to know about the step. It returns the settings, which
// may have been imported.
func (r Runner) prepare(ctx context.Context, step plan.Step) *installed.Settings {
	LogNotes(r.Log, step.Notes)
	settings := r.Done.Settings
	for _, need := range step.Before {
		switch need {
		case plan.Executable:
			if err := r.makeExecutable(step.Title); err != nil {
				r.Log.Body("%s keeps its permissions (%s)", step.Title, app.Reason(err))
			}
		case plan.SettingsRead: // a build script may have made what the settings read
			if settings == nil {
				settings = r.Before.Import(ctx)
			}
		case plan.StaticRootAged:
			r.ageStaticRoot(settings)
		}
	}
	return settings
}

// makeExecutable lets a script of the app be run. Whether that was needed shows when it runs.
func (r Runner) makeExecutable(name string) error {
	const mode = 0o755
	info, err := fs.Stat(r.Source, name)
	if err != nil || info.Mode()&mode == mode {
		return err
	}
	p, err := app.In(".", name)
	if err != nil {
		return err
	}
	return r.Tree.Chmod(p, mode)
}

// ageStaticRoot makes files that came with the source in STATIC_ROOT older than all sources, so that collectstatic
// replaces them.
func (r Runner) ageStaticRoot(settings *installed.Settings) {
	if settings == nil {
		return
	}
	if dir, ok := r.Tree.Rel(settings.StaticRoot); ok { // otherwise it is outside of the app, or its root
		r.Touch(string(dir), time.Now().Add(-24*time.Hour))
	}
}

// Touch sets the time of every file below dir. Tools trust times, and in an image or a git archive all are equal and
// old. Webpack's cache gave the old bundle for changed sources, and collectstatic over existing files copied nothing.
// Files of another user keep their time.
func (r Runner) Touch(dir string, when time.Time) {
	within := r.Tree
	if p, err := app.In(".", dir); err == nil {
		if within, err = r.Tree.Sub(p); err != nil {
			return // it does not exist, or is not in the app
		}
		defer within.Close()
	}
	if left := touchIn(within, dir, when); len(left) > 0 {
		r.Log.Warn("could not set times, so that tools may take old files for new: %s", show.Series(left))
	}
}

// touchIn sets the times in dir, whose path in the app is name. It returns the files that keep their time, with
// reasons.
func touchIn(dir *tree.Tree, name string, when time.Time) (left []string) {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		left = append(left, app.Refused(name, err))
	}
	for _, d := range entries {
		p, err := app.In(".", d.Name())
		switch {
		case err != nil || d.IsDir() && app.Skipped(d.Name(), app.ForTimes):
			continue
		case d.IsDir():
			var below *tree.Tree
			if below, err = dir.Sub(p); err == nil {
				left = append(left, touchIn(below, path.Join(name, d.Name()), when)...)
				err = below.Close()
			}
		case d.Type().IsRegular():
			err = dir.Chtimes(p, when)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			left = append(left, app.Refused(path.Join(name, d.Name()), err))
		}
	}
	return left
}
