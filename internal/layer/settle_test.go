package layer

import (
	"os"
	"path/filepath"
	"testing"
)

// An ID says what contents a layer of others is made from. After a change there is none, in this build and in the next.
func TestIDsAreOfContentsThatNoCommandHasChanged(t *testing.T) {
	for name, sealed := range map[string]bool{"sealed": true, "not sealed": false} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			round := func(change bool) string {
				t.Helper()
				b := newBuild(t, dir)
				spec := b.tree(testKey{"1", "a"})
				if sealed {
					spec = b.runtime(nil)
				}
				m := b.make(spec)
				b.read(m)
				m.Packed()
				if change {
					if err := writing("file", "2")(m.Dir()); err != nil {
						t.Fatal(err)
					}
				}
				if err := b.set.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				id := m.ID()
				b.close()
				if m.ID() != id {
					t.Errorf("%q after Settle, %q after Close", id, m.ID())
				}
				restore(t, dir)
				return id
			}
			first := round(false)
			if first == "" || round(false) != first {
				t.Errorf("the first is %q, and the next another", first)
			}
			if id := round(true); id != "" {
				t.Errorf("changed contents have the ID %s", id)
			}
			if id := round(false); id != first {
				t.Errorf("created again they have %q, want %q", id, first)
			}
		})
	}
}

func TestALayerThatIsReusedByItsMetadataHasItsID(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	b := newBuild(t, dir)
	m := b.make(b.tree(testKey{"1", "a"}))
	if err := b.set.Settle(t.Context()); err != nil || m.ID() == "" || m.ID() != m.image.ID {
		t.Errorf("got %q, %v", m.ID(), err)
	}
	b.close()
}

// lendable is a directory of layers with a cached archive of a format.
func lendable(t *testing.T, format string) string {
	dir := t.TempDir()
	b := newBuild(t, dir)
	b.read(b.make(keyed(b, format)))
	b.close()
	restore(t, dir)
	return dir
}

// keyed is a layer whose key has a format.
func keyed(b *build, format string) Tree {
	spec := b.tree(testKey{"1", "a"})
	spec.Key = Common{Format: format, Arch: "a", Distro: "d", Layers: "l"}
	return spec
}

// What is lent is a copy: it may be changed, and the archive serves the layer itself afterwards.
func TestACachedArchiveIsLent(t *testing.T) {
	dir := lendable(t, Format)
	b := newBuild(t, dir)
	to := filepath.Join(t.TempDir(), "lent")
	lent, err := b.set.Lend(t.Context(), "thing", to)
	if text, readErr := os.ReadFile(filepath.Join(to, "file")); !lent || err != nil || string(text) != "1" {
		t.Errorf("got %v, %v: %q, %v", lent, err, text, readErr)
	}
	if err := writing("file", "2")(to); err != nil {
		t.Fatal(err)
	}
	m := b.make(keyed(b, Format))
	if text := b.read(m); text != "1" || b.fills != 0 {
		t.Errorf("the layer has %q, filled %d times", text, b.fills)
	}
	b.close()
}

func TestOnlyASoundArchiveOfThisFormatIsLent(t *testing.T) {
	sound := func(string) error { return nil }
	for name, spoil := range map[string]func(dir string) error{
		"of another version": sound,
		"none":               func(dir string) error { return os.RemoveAll(filepath.Join(dir, "cache-thing")) },
		"damaged": func(dir string) error {
			return os.Truncate(filepath.Join(dir, "cache-thing", archiveName), 100)
		},
		"no record": func(dir string) error { return os.Remove(filepath.Join(dir, "cache-thing.toml")) },
	} {
		dir := lendable(t, map[bool]string{true: "6", false: Format}[name == "of another version"])
		if err := spoil(dir); err != nil {
			t.Fatal(err)
		}
		b := newBuild(t, dir)
		to := filepath.Join(t.TempDir(), "lent")
		lent, err := b.set.Lend(t.Context(), "thing", to)
		if _, there := os.Stat(to); lent || err != nil || there == nil {
			t.Errorf("%s: lent %v, %v; files are left: %v", name, lent, err, there == nil)
		}
		b.close()
	}
}
