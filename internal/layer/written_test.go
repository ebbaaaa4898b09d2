package layer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// The contents of a written layer are not read again, so a touched file is a written one.
func TestWhatStepsMayWriteIsWrittenIfItIsTouched(t *testing.T) {
	b := newBuild(t, t.TempDir())
	spec := b.runtime(nil)
	spec.Sealed.StepsWrite = true
	m := b.make(spec)
	b.read(m)
	m.Packed()
	if err := os.Chtimes(filepath.Join(m.Dir(), "file"), time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	b.close()
	if !strings.Contains(b.log.String(), "the image gets it as it is now") {
		t.Errorf("the log:\n%s", &b.log)
	}
}

// Times cannot show what is written while the archive is unpacked. The image gets these contents, so they are compared.
func TestWhatIsWrittenWhileALayerIsRestoredIsFound(t *testing.T) {
	dir := t.TempDir()
	for _, again := range []bool{false, true} {
		b := newBuild(t, dir)
		spec := b.runtime(nil)
		spec.Sealed.StepsWrite = true
		m := b.make(spec)
		b.read(m)
		if again {
			err := writing("file", "2")(m.Dir())
			before, stateErr := stateOf(m.Dir(), nil)
			if m.before = before; errors.Join(err, stateErr) != nil || b.fills != 0 {
				t.Fatalf("%v, %v, filled %d times", err, stateErr, b.fills)
			}
		}
		b.close()
		if found := strings.Contains(b.log.String(), "the image gets it as it is now"); found != again {
			t.Errorf("found: %v, the log:\n%s", found, &b.log)
		}
		restore(t, dir)
		if err := os.Remove(filepath.Join(dir, "thing.toml")); err != nil { // no image has the layer
			t.Fatal(err)
		}
	}
}

// interrupted is a context that interrupts the first reading, and none after it.
type interrupted struct {
	context.Context
	asked *int
}

func (c interrupted) Err() error {
	if *c.asked++; *c.asked == 1 {
		return errors.New("a file is gone")
	}
	return nil
}

// What Finish has created is listed in a second attempt if commands disturb the first one.
func TestWhatFinishHasMadeIsListedAgainAfterAFailure(t *testing.T) {
	b := newBuild(t, t.TempDir())
	m := b.make(b.runtime(nil))
	b.read(m)
	m.Packed()
	const made = "lib/cache/code.pyc"
	delete(m.seal.listed, made)
	m.listDerived(interrupted{context.Background(), new(int)})
	if _, ok := m.seal.listed[made]; !ok {
		t.Errorf("%s is not listed: %v", made, m.seal.listed)
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
