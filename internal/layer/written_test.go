package layer

import (
	"context"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// A layer into which commands may write is reused like any other if none has.
func TestWhatStepsMayWriteAndDidNotIsReused(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		b := newBuild(t, dir)
		spec := b.runtime(nil)
		spec.Sealed.StepsWrite = true
		b.read(b.make(spec))
		b.close()
		_, kept := b.layers["cache-thing"]
		if !kept || b.fills != 1-round || b.exported() != (round == 0) ||
			strings.Contains(b.log.String(), "as it is now") {
			t.Errorf("round %d: kept %v, filled %d times, exported %v, the log:\n%s", round, kept, b.fills,
				b.exported(), &b.log)
		}
		restore(t, dir)
	}
}

// A command that runs beside Finish can replace what Finish makes, and only a second run shows that.
func TestWhatFinishHasMadeIsComparedWithASecondRun(t *testing.T) {
	for text, same := range map[string]bool{"code": true, "other": false} {
		b := newBuild(t, t.TempDir())
		spec := b.runtime(nil)
		spec.Sealed.Derived = func(name string) string {
			if name == "lib/cache/code.pyc" {
				return "lib/code.py"
			}
			return ""
		}
		spec.Sealed.Repeat = func(context.Context, string) (archive.Manifest, error) {
			return archive.Manifest{"lib/cache/code.pyc": archive.FileOf([]byte(text), 0o644)}, nil
		}
		b.read(b.make(spec))
		b.close()
		_, kept := b.layers["cache-thing"]
		if warned := strings.Contains(b.log.String(), "changed lib/cache/code.pyc"); kept != same || warned == same {
			t.Errorf("%s: kept %v, the log:\n%s", text, kept, &b.log)
		}
		if want := map[bool]int{true: 1, false: 2}[same]; b.fills != want {
			t.Errorf("%s: filled %d times", text, b.fills)
		}
	}
}
