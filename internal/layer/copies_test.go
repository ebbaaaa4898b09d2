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
		large := make([]byte, 4<<20) // so that the encoder cannot know the size at its first block, and writes the window's
		if err := errors.Join(err, os.WriteFile(filepath.Join(other, "large"), large, 0o644)); err != nil {
			t.Fatal(err)
		}
		forge(t, dir, func(w io.Writer) error {
			return archive.Write(t.Context(), w, archive.Tree{Base: other, Roots: []string{"."}})
		}, zstd.WithWindowSize(window))
		b := newBuild(t, dir)
		if got := b.read(b.make(b.spec(key{"1", "a"}))); got != "1" || b.fills != fills {
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
			dir, app := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(app, "source"), []byte("mine"), 0o644); err != nil {
				t.Fatal(err)
			}
			spec := func(b *build) Spec {
				s := b.spec(key{"1", "a"})
				s.Ship, s.Base, s.Roots, s.Over, s.Vars = false, app, []string{"modules"}, []string{"own"}, nil
				s.Fill = func(context.Context, string) (Facts, error) {
					b.fills++
					return nil, os.MkdirAll(filepath.Join(app, "modules/made"), 0o755)
				}
				return s
			}
			made := newBuild(t, dir)
			if _, err := made.make(spec(made)).Contents(t.Context()); err != nil {
				t.Fatal(err)
			}
			made.close()
			restore(t, dir)
			forge(t, dir, func(w io.Writer) error {
				tw := tar.NewWriter(w)
				return errors.Join(tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: c.entry, Mode: 0o644}), tw.Close())
			})
			b := newBuild(t, dir)
			if _, err := b.make(spec(b)).Contents(t.Context()); err != nil || b.fills != c.fills {
				t.Errorf("%v, filled %d times\n%s", err, b.fills, &b.log)
			}
			b.set.Wait()
			if data, err := os.ReadFile(filepath.Join(app, "source")); string(data) != "mine" {
				t.Errorf("the app's file is %q, %v", data, err)
			}
		})
	}
}

// A panic in a packer reaches no door: it must be the build's error.
func TestAPanicOfAPackerIsAnError(t *testing.T) {
	for name, change := range map[string]func(*Spec){
		"in Finish":        func(s *Spec) { s.Finish = func(context.Context, string) error { panic("oh") } },
		"while it is read": func(s *Spec) { s.Skip = func(rel string) bool { panic("oh") } },
	} {
		b := newBuild(t, t.TempDir())
		spec := b.spec(key{"1", "a"})
		change(&spec)
		b.read(b.make(spec))
		if _, err := b.set.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "panic: oh") {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := newBuild(t, t.TempDir())
	spec := b.spec(key{"1", "a"})
	calls := 0
	spec.Skip = func(string) bool {
		if calls++; calls > 2 { // the state before packing is known by then
			panic("oh")
		}
		return false
	}
	b.read(b.make(spec))
	if _, err := b.set.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "panic: oh") {
		t.Errorf("while it is packed: %v", err)
	}
}

func TestFillDoesNotBeginWithUnfitContents(t *testing.T) {
	for reason, want := range map[string]string{"": "1+1", "somebody else's file": "1"} {
		dir := first(t)
		restore(t, dir)
		b := newBuild(t, dir)
		spec := b.spec(key{"1", "b"})
		spec.Start = "lock"
		spec.Unfit = func(string) (string, error) { return reason, nil }
		spec.Fill = func(_ context.Context, dir string) (Facts, error) {
			file := filepath.Join(dir, "file")
			old, err := os.ReadFile(file)
			if err == nil {
				old = append(old, '+')
			}
			return nil, os.WriteFile(file, append(old, '1'), 0o644)
		}
		if got := b.read(b.make(spec)); got != want || !strings.Contains(b.log.String(), reason) {
			t.Errorf("%q: got %q, want %q\n%s", reason, got, want, &b.log)
		}
		b.close()
	}
}

func TestRootsNeedABase(t *testing.T) {
	b := newBuild(t, t.TempDir())
	spec := b.spec(key{"1", "a"})
	spec.Roots = []string{"modules"}
	if _, err := b.set.Make(spec); err == nil {
		t.Error("roots of the layer's own directory are taken")
	}
}
