package layer

import (
	"context"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Sealed describes the contents of a Tree that come from an archive. Commands of the app can write into the layer while
// they run, and must leave nothing to the next build:
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
	// StepsWrite: the app's commands may write into the layer. The image gets that, the cached archive never.
	StepsWrite bool
	Warn       func(format string, args ...any)
}

// sealState has what a build knows about the last state of a layer.
type sealState struct {
	listed  archive.Manifest // of sealed contents that were created in this build
	mark    string           // what the ID of the contents begins with if no later build may use them
	written bool             // a command has changed the contents, and the image gets them so
	settled bool             // Settle has nothing left to do
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
