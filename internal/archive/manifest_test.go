package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listedEntries are what a manifest must tell apart: a file of each size class, links of both kinds, directories with
// and without an entry of their own.
func listedEntries() []entry {
	return []entry{
		{"closed", tar.TypeDir, 0o555, ""}, {"closed/file", tar.TypeReg, 0o444, "small"},
		{"big", tar.TypeReg, 0o755, strings.Repeat("x", smallFile+1)}, {"implied/deep/file", tar.TypeReg, 0o644, ""},
		{"link", tar.TypeSymlink, 0, "big"}, {"hard", tar.TypeLink, 0, "big"}, {"harder", tar.TypeLink, 0, "hard"},
	}
}

func listed(t *testing.T) (dir string, m Manifest) {
	t.Helper()
	dir = openAtEnd(t, t.TempDir())
	m, err := ExtractListed(t.Context(), bytes.NewReader(tarOf(t, listedEntries()...)), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func TestTheManifestIsThatOfTheStreamAndOfTheTree(t *testing.T) {
	old := syscall.Umask(0o077) // the permissions of directories that the archive does not list must not depend on it
	dir, got := listed(t)
	syscall.Umask(old)
	want := Manifest{}
	want.Put("implied/deep/file", FileOf(nil, 0o644))
	want.Put("closed", Entry{Mode: fs.ModeDir | 0o555})
	want.Put("closed/file", FileOf([]byte("small"), 0o444))
	big := FileOf([]byte(strings.Repeat("x", smallFile+1)), 0o755)
	for _, name := range []string{"big", "hard", "harder"} {
		want.Put(name, big)
	}
	want.Put("link", Entry{Mode: fs.ModeSymlink, Target: "big"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
	tree := Tree{Base: dir, Roots: []string{"."}}
	var stream, plain bytes.Buffer
	packed, err := WriteListed(t.Context(), &stream, tree)
	if diff := cmp.Diff(want, packed); err != nil || diff != "" {
		t.Errorf("packed %v (-want +got):\n%s", err, diff)
	}
	if err := Write(t.Context(), &plain, tree); err != nil || !bytes.Equal(plain.Bytes(), stream.Bytes()) {
		t.Errorf("the stream depends on the manifest (%v)", err)
	}
	again, err := ExtractListed(t.Context(), &stream, t.TempDir(), Options{})
	if diff := cmp.Diff(want, again); err != nil || diff != "" {
		t.Errorf("the copy, extracted: %v (-want +got):\n%s", err, diff)
	}
}

func TestDifferences(t *testing.T) {
	in := func(name string, do func(path string) error) func(string) error {
		return func(dir string) error { return do(filepath.Join(dir, name)) }
	}
	write := func(text string) func(string) error {
		return func(path string) error { return os.WriteFile(path, []byte(text), 0o644) }
	}
	chmod := func(mode fs.FileMode) func(string) error {
		return func(path string) error { return os.Chmod(path, mode) }
	}
	link := func(target string) func(string) error {
		return func(path string) error { return errors.Join(os.Remove(path), os.Symlink(target, path)) }
	}
	for name, c := range map[string]struct {
		change func(dir string) error
		want   []string
	}{
		"nothing": {in("", func(string) error { return nil }), nil},
		"only the time": {in("big", func(path string) error { return os.Chtimes(path, time.Now(), time.Now()) }),
			nil},
		"a new file":      {in("new", write("")), []string{"new"}},
		"a new directory": {in("new", func(path string) error { return os.Mkdir(path, 0o755) }), []string{"new"}},
		"a pipe": {in("pipe", func(path string) error { return syscall.Mkfifo(path, 0o6) }),
			[]string{"pipe"}},
		"a file is gone":       {in("implied/deep/file", os.Remove), []string{"implied/deep/file"}},
		"a changed text":       {in("implied/deep/file", write("x")), []string{"implied/deep/file"}},
		"through a hard link":  {in("harder", write("x")), []string{"big", "hard", "harder"}},
		"chmod":                {in("closed/file", chmod(0o666)), []string{"closed/file"}},
		"set-id":               {in("big", chmod(0o755|fs.ModeSetuid)), []string{"big", "hard", "harder"}},
		"chmod of a directory": {in("implied", chmod(0o777)), []string{"implied"}},
		"another target":       {in("link", link("closed/file")), []string{"link"}},
		"a link for a file":    {in("implied/deep/file", link("../../big")), []string{"implied/deep/file"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := listed(t)
			if err := c.change(dir); err != nil {
				t.Fatal(err)
			}
			found, err := Scan(t.Context(), Tree{Base: dir, Roots: []string{"."}})
			if diff := cmp.Diff(c.want, m.Differences(found)); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestRemoveAndCut(t *testing.T) {
	m := Manifest{}
	for _, name := range []string{
		"lib/python3.13/idlelib/a.py", "lib/python3.13/os.py", "lib/tcl8/x/y", "lib/tclsh", "include/a/b", "included",
	} {
		m.Put(name, FileOf(nil, 0o644))
	}
	if err := m.Remove("lib/python3.*/idlelib", "lib/tcl*", "gone"); err != nil {
		t.Fatal(err)
	}
	cut := m.Cut("include")
	want, wantCut := Manifest{}, Manifest{}
	want.Put("lib/python3.13/os.py", FileOf(nil, 0o644))
	want.Put("included", FileOf(nil, 0o644))
	wantCut.Put("include/a/b", FileOf(nil, 0o644))
	if diff := cmp.Diff(want, m) + cmp.Diff(wantCut, cut); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := m.Remove("["); err == nil {
		t.Error("a pattern that is not valid is no error")
	}
}

func TestACopyWritesOnlyBelowItsRoots(t *testing.T) {
	for name, c := range map[string]struct {
		last entry
		only []string
		fine bool
	}{
		"below a root": {entry{"a/b/c", tar.TypeReg, 0o644, ""}, []string{"x", "a/b"}, true},
		"the root itself": {entry{"node_modules", tar.TypeSymlink, 0, "elsewhere"}, []string{"node_modules"},
			true},
		"everything": {entry{"evil", tar.TypeReg, 0o644, ""}, []string{"."}, true},
		"beside":     {entry{"evil", tar.TypeReg, 0o644, ""}, []string{"node_modules"}, false},
		"with the same beginning": {entry{"node_modules.evil", tar.TypeReg, 0o644, ""}, []string{"node_modules"},
			false},
		"a directory beside": {entry{"evil/", tar.TypeDir, 0o755, ""}, []string{"node_modules"}, false},
		"above a root": {entry{"web", tar.TypeSymlink, 0, "elsewhere"}, []string{"web/node_modules"},
			false},
		"a hard link to a file out": {entry{"node_modules/evil", tar.TypeLink, 0, "source"}, []string{"node_modules"},
			false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := makeTree(t, time.Now(), entry{"source", tar.TypeReg, 0o644, "mine"})
			err := Extract(t.Context(), bytes.NewReader(tarOf(t, c.last)), dir, Options{AnyLink: true, Only: c.only})
			if (err == nil) != c.fine || err != nil && !errors.Is(err, ErrUnsafe) {
				t.Errorf("got %v", err)
			}
			for _, e := range readTree(t, dir) {
				if !c.fine && e.Kind != tar.TypeDir && e.Name != "source" {
					t.Errorf("it wrote %v", e)
				}
			}
		})
	}
}

func TestTheNumberOfEntriesHasALimit(t *testing.T) {
	data := tarOf(t, entry{"a", tar.TypeReg, 0o644, ""}, entry{"b/", tar.TypeDir, 0o755, ""},
		entry{"evil", tar.TypeSymlink, 0, "a"})
	for limit, want := range map[int]error{0: nil, 3: nil, 2: ErrUnsafe} {
		err := Extract(t.Context(), bytes.NewReader(data), t.TempDir(), Options{MaxEntries: limit})
		if !errors.Is(err, want) {
			t.Errorf("at most %d: got %v", limit, err)
		}
	}
}

// A hard link to a file that was there before has contents that no stream told.
func TestAListedHardLinkLeadsToTheArchive(t *testing.T) {
	dir := makeTree(t, time.Now(), entry{"source", tar.TypeReg, 0o644, "mine"})
	data := tarOf(t, entry{"evil", tar.TypeLink, 0, "source"})
	if _, err := ExtractListed(t.Context(), bytes.NewReader(data), dir, Options{}); !errors.Is(err, ErrUnsafe) {
		t.Errorf("got %v", err)
	}
}

func TestAPanicOfAWriterIsAnError(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	w := startWriters(nil, cancel) // no root to write to
	for range 100 {                // more than the channel holds: the writers go on
		if err := w.write(file{name: "a"}, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	w.wait()
	if got := context.Cause(ctx); got == nil || !strings.Contains(got.Error(), "panic") {
		t.Errorf("got %v", got)
	}
}
