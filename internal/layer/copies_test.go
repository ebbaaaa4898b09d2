package layer

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/klauspost/compress/zstd"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
)

// forge replaces the kept copy by one with other contents, and its record by one that has the new digest: what
// somebody can do who can write to the cache.
func forge(t *testing.T, dir string, write func(w io.Writer) error, o ...zstd.EOption) {
	t.Helper()
	var packed bytes.Buffer
	compressed, err := zstd.NewWriter(&packed, o...)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.New()
	err = errors.Join(write(io.MultiWriter(compressed, sum)), compressed.Close())
	metadata := map[string]any{}
	_, reading := toml.DecodeFile(filepath.Join(dir, "cache-thing.toml"), &metadata)
	writing := os.WriteFile(filepath.Join(dir, "cache-thing", archiveName), packed.Bytes(), 0o644)
	if err := errors.Join(err, reading, writing); err != nil {
		t.Fatal(err)
	}
	metadata["metadata"].(map[string]any)["id"] = digest(sum)
	for _, name := range []string{"thing.toml", "cache-thing.toml"} {
		var text bytes.Buffer
		if err := toml.NewEncoder(&text).Encode(metadata); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			continue // not shipped
		}
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A copy decides how much memory its decompressor takes: up to 512 MB.
func TestACopyWithALargeWindowIsNotUnpacked(t *testing.T) {
	for window, fills := range map[int]int{8 << 20: 0, 128 << 20: 1} {
		dir, other := first(t), t.TempDir()
		restore(t, dir)
		err := os.WriteFile(filepath.Join(other, "file"), []byte("1"), 0o644)
		// so that the encoder cannot know the size at its first block, and writes the window's
		large := make([]byte, 4<<20)
		if err := errors.Join(err, os.WriteFile(filepath.Join(other, "large"), large, 0o644)); err != nil {
			t.Fatal(err)
		}
		forge(t, dir, func(w io.Writer) error {
			return archive.Write(t.Context(), w, archive.Tree{Base: other, Roots: []string{"."}})
		}, zstd.WithWindowSize(window))
		b := newBuild(t, dir)
		if got := b.read(b.make(b.tree(testKey{"1", "a"}))); got != "1" || b.fills != fills {
			t.Errorf("a window of %d MB: got %q, filled %d times\n%s", window>>20, got, b.fills, &b.log)
		}
		b.set.Wait()
	}
}

func TestACopyIsUnpackedBelowItsRootsOnly(t *testing.T) {
	for name, c := range map[string]struct {
		entry string
		fills int
	}{
		"below a root": {"modules/a", 0}, "below a directory that it is laid over": {"own/a", 0},
		"beside": {"source", 1}, "with the same beginning": {"modules.x", 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir, dirOfApp := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(dirOfApp, "source"), []byte("mine"), 0o644); err != nil {
				t.Fatal(err)
			}
			tree := func(b *build) AppTree {
				t := b.appTree(dirOfApp,
					func() error { return os.MkdirAll(filepath.Join(dirOfApp, "modules/made"), 0o755) }, "modules")
				t.Over = []app.Path{"own"}
				return t
			}
			made := newBuild(t, dir)
			made.makeIn(tree(made))
			made.close()
			restore(t, dir)
			forge(t, dir, func(w io.Writer) error {
				tw := tar.NewWriter(w)
				return errors.Join(tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: c.entry, Mode: 0o644}),
					tw.Close())
			})
			b := newBuild(t, dir)
			if b.makeIn(tree(b)); b.fills != c.fills {
				t.Errorf("filled %d times\n%s", b.fills, &b.log)
			}
			b.set.Wait()
			if data, err := os.ReadFile(filepath.Join(dirOfApp, "source")); string(data) != "mine" {
				t.Errorf("the app's file is %q, %v", data, err)
			}
		})
	}
}

// A panic in a packer reaches no door: it must be the build's error.
func TestAPanicOfAPackerIsAnError(t *testing.T) {
	b := newBuild(t, t.TempDir())
	calls := 0
	b.makeIn(panics(t, b, func() bool {
		if calls++; calls > 2 { // the state before packing is known by then
			panic("oh")
		}
		return false
	}))
	if _, err := b.set.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "panic: oh") {
		t.Errorf("while it is packed: %v", err)
	}
}

// panics is a layer with a file, for each entry of which skip is called.
func panics(t *testing.T, b *build, skip func() bool) AppTree {
	dir := t.TempDir()
	tree := b.appTree(dir, func() error {
		return errors.Join(os.Mkdir(filepath.Join(dir, "modules"), 0o755), writing("modules/file", "1")(dir))
	}, "modules")
	tree.Skip = func(string) bool { return skip() }
	return tree
}

func TestFillDoesNotBeginWithUnfitContents(t *testing.T) {
	for reason, want := range map[string]string{"": "1+1", "somebody else's file": "1"} {
		dir := first(t)
		restore(t, dir)
		b := newBuild(t, dir)
		spec := b.tree(testKey{"1", "b"})
		spec.Update = true
		spec.Unfit = func(string) (string, error) { return reason, nil }
		spec.Fill = func(_ context.Context, dir string) (Filled, error) {
			file := filepath.Join(dir, "file")
			old, err := os.ReadFile(file)
			if err == nil {
				old = append(old, '+')
			}
			return Filled{}, os.WriteFile(file, append(old, '1'), 0o644)
		}
		if got := b.read(b.make(spec)); got != want || !strings.Contains(b.log.String(), reason) {
			t.Errorf("%q: got %q, want %q\n%s", reason, got, want, &b.log)
		}
		b.close()
	}
}
