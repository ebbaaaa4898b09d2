package layer

import (
	"context"
	"io/fs"
	"path"
	"time"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Sealed describes the contents of a Tree that come from an archive, and what Finish creates from them. Commands of the
// app can write into the layer while they run, and must leave nothing to the next build:
//
//   - The stream that is packed is compared with the manifest, so the cached archive has listed files alone. After a
//     difference there is no archive.
//   - When nothing runs any more, what the image gets is compared again.
//   - If the image has the layer already, or gets none, the contents are only removed. Their change times are enough
//     for a warning, although a clock's tick may hide a change. So a build that reuses all its layers lists nothing.
//   - A cached archive has its digest. Its manifest is read from it only to name what was changed.
//   - After a difference the image gets the layer as it was created: from the archive if that was packed before,
//     otherwise it is created again. Neither the archive nor the image's layer serves the next build. What StepsWrite
//     allows is in the image, but in no archive.
type Sealed struct {
	// Fill creates the contents and returns their manifest.
	Fill func(ctx context.Context, dir string) (Filled, archive.Manifest, error)
	// Derived returns the listed file from which Finish creates the file name; "": from none. nil: Finish creates no
	// files.
	Derived func(name string) string
	// Repeat creates again, elsewhere, what Finish has created, and returns it by its names in the layer. It is called
	// when nothing else runs any more. nil: commands that run during Finish cannot change what it creates.
	Repeat func(ctx context.Context, dir string) (archive.Manifest, error)
	// StepsWrite: the app's commands may write into the layer. The image gets that, the cached archive never.
	StepsWrite bool
	Warn       func(format string, args ...any)
}

// sealState has what a build knows about the contents of a sealed layer.
type sealState struct {
	listed  archive.Manifest // of contents that were created in this build
	mark    string           // what the ID of the contents begins with if no later build may use them
	written bool             // the contents were changed, as StepsWrite allows
}

// changedError lists the files of a sealed layer that a command has changed.
type changedError struct{ names []string }

// Error names the files, as a part of a sentence of the log.
func (e *changedError) Error() string {
	return "a command of this build changed " + show.Series(e.names)
}

// strict reports whether the image, too, must have a sealed layer as it was made.
func (m *Made) strict() bool { return m.Sealed != nil && !m.Sealed.StepsWrite }

// fill creates the contents.
func (m *Made) fill(ctx context.Context) (filled Filled, err error) {
	if m.Sealed == nil {
		return m.Fill(ctx, m.Dir())
	}
	filled, m.seal.listed, err = m.Sealed.Fill(ctx, m.Dir())
	return filled, err
}

// listDerived adds to the manifest what Finish has just created from listed files, and the directories of that.
// Commands that run meanwhile may create and remove files: what cannot be read after a few attempts is not listed, and
// so a difference.
func (m *Made) listDerived(ctx context.Context) {
	if m.Sealed.Derived == nil {
		return
	}
	tree := m.tree()
	tree.Skip = func(rel string, _ fs.DirEntry) bool {
		e, ok := m.seal.listed[rel]
		return ok && !e.Mode.IsDir()
	}
	var found archive.Manifest
	for range 5 {
		var err error
		if found, err = archive.Scan(ctx, tree); err == nil || ctx.Err() != nil {
			break
		}
		time.Sleep(tick)
	}
	for name, e := range found {
		if !m.derived(name, e) {
			continue
		}
		m.seal.listed[name] = e
		if dir := path.Dir(name); found[dir].Mode.IsDir() {
			if _, ok := m.seal.listed[dir]; !ok {
				m.seal.listed[dir] = found[dir]
			}
		}
	}
}

// derived reports whether Finish may have created a file: only from a file of the manifest.
func (m *Made) derived(name string, e archive.Entry) bool {
	source, ok := m.seal.listed[m.Sealed.Derived(name)]
	return ok && source.Mode.IsRegular() && e.Mode.IsRegular()
}
