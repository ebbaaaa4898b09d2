package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExtractStripsLeadingComponents(t *testing.T) {
	dir := t.TempDir()
	data := tarOf(t,
		entry{"./top/", tar.TypeDir, 0o755, ""},
		entry{"top/bin/node", tar.TypeReg, 0o755, "elf"},
		entry{"top/bin/npm", tar.TypeSymlink, 0, "../lib/cli.js"},
		entry{"top/lib/cli.js", tar.TypeReg, 0o644, "js"},
		entry{"top/lib/same.js", tar.TypeLink, 0, "top/lib/cli.js"},
		entry{"README", tar.TypeReg, 0o644, "not below top"},
	)
	if err := Extract(t.Context(), bytes.NewReader(data), dir, Options{Strip: 1}); err != nil {
		t.Fatal(err)
	}
	want := []entry{
		{"bin", tar.TypeDir, 0o755, ""}, {"bin/node", tar.TypeReg, 0o755, "elf"},
		{"bin/npm", tar.TypeSymlink, 0, "../lib/cli.js"},
		{"lib", tar.TypeDir, 0o755, ""}, {"lib/cli.js", tar.TypeReg, 0o644, "js"},
		{"lib/same.js", tar.TypeLink, 0o644, "lib/cli.js"},
	}
	if diff := cmp.Diff(want, readTree(t, dir)); diff != "" {
		t.Errorf("unpacked (-want +got):\n%s", diff)
	}
}

func TestExtractReplacesFilesAndKeepsDirectories(t *testing.T) {
	dir := makeTree(t, time.Now(), entry{"d", tar.TypeDir, 0o755, ""}, entry{"d/old", tar.TypeReg, 0o644, "old"},
		entry{"d/link", tar.TypeSymlink, 0, "old"}, entry{"d/kept", tar.TypeReg, 0o644, "kept"})
	data := tarOf(t, entry{"d/", tar.TypeDir, 0o755, ""}, entry{"d/link", tar.TypeReg, 0o644, "a file now"},
		entry{"d/old", tar.TypeSymlink, 0, "kept"})
	if err := Extract(t.Context(), bytes.NewReader(data), dir, Options{}); err != nil {
		t.Fatal(err)
	}
	want := []entry{
		{"d", tar.TypeDir, 0o755, ""}, {"d/kept", tar.TypeReg, 0o644, "kept"},
		{"d/link", tar.TypeReg, 0o644, "a file now"}, {"d/old", tar.TypeSymlink, 0, "kept"},
	}
	if diff := cmp.Diff(want, readTree(t, dir)); diff != "" {
		t.Errorf("unpacked (-want +got):\n%s", diff)
	}
}

// unsafeArchives must be refused with their last entry's name, and written nothing of outside.
func unsafeArchives() map[string][]entry {
	file := func(name string) entry { return entry{name, tar.TypeReg, 0o644, "x"} }
	link := func(name, to string) entry { return entry{name, tar.TypeSymlink, 0, to} }
	hard := func(name, to string) entry { return entry{name, tar.TypeLink, 0, to} }
	return map[string][]entry{
		"absolute name":                     {file("/tmp/evil")},
		"name with ..":                      {file("a/../../evil")},
		"name with .. that stays inside":    {file("a/../evil")},
		"directory with ..":                 {{"../evil/", tar.TypeDir, 0o755, ""}},
		"absolute symlink":                  {link("evil", "/etc/passwd")},
		"symlink out":                       {link("a/evil", "../../x")},
		"symlink to the parent":             {link("evil", "..")},
		"symlinks that leave together":      {link("d", "."), link("evil", "d/d/../..")},
		"file below a symlink":              {link("d", "a"), file("d/evil")},
		"file below a file":                 {file("d"), file("d/evil")},
		"file below an absolute symlink":    {link("evil", "/tmp"), file("evil/x")},
		"symlink over a directory":          {file("evil/a"), link("evil", "a")},
		"absolute hard link":                {hard("evil", "/etc/passwd")},
		"hard link out":                     {hard("a/evil", "../x")},
		"hard link that moves a symlink up": {file("a/b/c"), link("a/b/s", "../.."), hard("evil", "a/b/s")},
		"symlink that goes round":           {link("evil", "evil")},
		"device":                            {{"evil", tar.TypeChar, 0o644, ""}},
		"block device":                      {{"evil", tar.TypeBlock, 0o644, ""}},
		"pipe":                              {{"evil", tar.TypeFifo, 0o644, ""}},
		"file twice":                        {file("evil"), file("evil")},
		"file, then directory":              {file("evil"), {"evil/", tar.TypeDir, 0o755, ""}},
		"too large":                         {file("a"), {"evil", tar.TypeReg, 0o644, strings.Repeat("x", 3000)}},
	}
}

func TestExtractRefusesWhatLeavesTheDirectory(t *testing.T) {
	for name, entries := range unsafeArchives() {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "one", "two")
			err := Extract(t.Context(), bytes.NewReader(tarOf(t, entries...)), dir, Options{MaxBytes: 4000})
			if !errors.Is(err, ErrUnsafe) {
				t.Fatalf("got %v, want %v", err, ErrUnsafe)
			}
			if !strings.Contains(err.Error(), "evil") {
				t.Errorf("the entry is not named: %v", err)
			}
			for _, e := range readTree(t, parent) {
				if e.Name != "one" && e.Name != "one/two" && !strings.HasPrefix(e.Name, "one/two/") {
					t.Errorf("%s was written", e.Name)
				}
				if e.Name == "one/two/evil" && e.Kind == tar.TypeSymlink {
					t.Errorf("the link to %s stayed", e.Text)
				}
			}
		})
	}
}

func TestNothingIsWrittenThroughALinkThatWasThere(t *testing.T) {
	outside := t.TempDir()
	data := tarOf(t, entry{"out/evil", tar.TypeReg, 0o644, "x"})
	dir := makeTree(t, time.Now(), entry{"out", tar.TypeSymlink, 0, outside})
	if err := Extract(t.Context(), bytes.NewReader(data), dir, Options{AnyLink: true}); err == nil {
		t.Error("no error for a file below a link that leaves the directory")
	}
	if found := readTree(t, outside); len(found) != 0 {
		t.Errorf("written outside: %v", found)
	}
	// With AnyLink an archive may bring the same link itself, and must not use it.
	data = tarOf(t, entry{"out", tar.TypeSymlink, 0, outside}, entry{"out/evil", tar.TypeReg, 0o644, "x"})
	err := Extract(t.Context(), bytes.NewReader(data), t.TempDir(), Options{AnyLink: true})
	if found := readTree(t, outside); !errors.Is(err, ErrUnsafe) || len(found) != 0 {
		t.Errorf("a file below the archive's own link: got %v and %v, want %v and nothing", err, found, ErrUnsafe)
	}
	data = tarOf(t, entry{"file", tar.TypeReg, 0o644, "x"})
	target := filepath.Join(outside, "target")
	dir = makeTree(t, time.Now(), entry{"file", tar.TypeSymlink, 0, target})
	if err := Extract(t.Context(), bytes.NewReader(data), dir, Options{AnyLink: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link's target was made: %v", err)
	}
}

func TestATruncatedStreamIsAnError(t *testing.T) {
	data := tarOf(t, entry{"a", tar.TypeReg, 0o644, strings.Repeat("\x00", 1024)},
		entry{"b", tar.TypeReg, 0o644, "text"})
	for cut := 0; cut < len(data); cut += 256 {
		if err := Extract(t.Context(), bytes.NewReader(data[:cut]), t.TempDir(), Options{}); !errors.Is(err,
			io.ErrUnexpectedEOF) {
			t.Errorf("%d of %d bytes: got %v, want %v", cut, len(data), err, io.ErrUnexpectedEOF)
		}
	}
	padded := append(data, make([]byte, 10240)...)
	if err := Extract(t.Context(), bytes.NewReader(padded), t.TempDir(), Options{}); err != nil {
		t.Errorf("a padded archive: %v", err)
	}
	endless := io.MultiReader(bytes.NewReader(data), zeros{})
	if err := Extract(t.Context(), endless, t.TempDir(), Options{}); err == nil {
		t.Error("an endless tail is no error")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTheContextEndsBothDirections(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	data := tarOf(t, entry{"big", tar.TypeReg, 0o644, strings.Repeat("x", 4*smallFile)})
	r := readFunc(func(p []byte) (int, error) {
		cancel(stop)
		return bytes.NewReader(data).Read(p)
	})
	if err := Extract(ctx, r, t.TempDir(), Options{}); !errors.Is(err, stop) {
		t.Errorf("Extract: got %v, want %v", err, stop)
	}
	source := makeTree(t, time.Now(), entry{"a", tar.TypeReg, 0o644, ""})
	if err := Write(ctx, io.Discard, Tree{Base: source, Roots: []string{"."}}); !errors.Is(err, stop) {
		t.Errorf("Write: got %v, want %v", err, stop)
	}
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestAFileThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := makeTree(t, time.Now(), entry{"a", tar.TypeDir, 0o755, ""}, entry{"a/in the way", tar.TypeReg, 0o644, ""})
	data := tarOf(t, entry{"a", tar.TypeReg, 0o644, "small, so another goroutine writes it"})
	if err := Extract(t.Context(), bytes.NewReader(data), dir, Options{}); err == nil {
		t.Error("no error")
	}
}

// FuzzExtract: go test -fuzz FuzzExtract -fuzzminimizetime 10x (by default a minute goes into making each input
// smaller).
func FuzzExtract(f *testing.F) {
	for _, entries := range unsafeArchives() {
		f.Add(tarOf(f, entries...), 0, false)
		f.Add(tarOf(f, entries...), 1, true)
	}
	small := slices.DeleteFunc(sample(), func(e entry) bool { return e.Name == "big" }) // or a second brings few inputs
	f.Add(tarOf(f, small...), 0, true)
	f.Fuzz(func(t *testing.T, data []byte, strip int, anyLink bool) {
		parent := openAtEnd(t, t.TempDir())
		dir := filepath.Join(parent, "one", "two")
		err := Extract(t.Context(), bytes.NewReader(data), dir,
			Options{Strip: max(0, strip), AnyLink: anyLink, MaxBytes: 1 << 20})
		if names, err := os.ReadDir(parent); err != nil || len(names) != 1 {
			t.Fatalf("written outside: %v, %v", names, err)
		}
		if names, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(names) != 1 {
			t.Fatalf("written outside: %v, %v", names, err)
		}
		if err != nil || anyLink {
			return
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		for _, e := range readTree(t, dir) {
			if _, err := root.Stat(e.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("%s leads out: %v", e.Name, err)
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	var entries []entry
	for _, d := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		for _, n := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
			entries = append(entries, entry{d + "/" + n, tar.TypeReg, 0o644, strings.Repeat(n, 16<<10)})
		}
	}
	data := tarOf(b, entries...)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := Extract(b.Context(), bytes.NewReader(data), b.TempDir(), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
