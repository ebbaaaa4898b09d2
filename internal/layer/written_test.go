package layer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
