package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entry is one thing in a directory or an archive: Kind is a tar type, Text a file's contents or a link's target.
type entry struct {
	Name string
	Kind byte
	Mode int64
	Text string
}

func tarOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	tw := tar.NewWriter(&out)
	for _, e := range entries {
		h := &tar.Header{Name: e.Name, Typeflag: e.Kind, Mode: e.Mode, ModTime: time.Unix(1e9, 0)}
		if e.Kind == tar.TypeReg {
			h.Size = int64(len(e.Text))
		} else {
			h.Linkname = e.Text
		}
		if err := tw.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if e.Kind == tar.TypeReg {
			if _, err := io.WriteString(tw, e.Text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// makeTree creates the entries in the given order, with the modification time at.
func makeTree(t testing.TB, at time.Time, entries ...entry) string {
	t.Helper()
	dir := openAtEnd(t, t.TempDir())
	for _, e := range entries {
		name := filepath.Join(dir, e.Name)
		var err error
		switch e.Kind {
		case tar.TypeDir:
			err = os.MkdirAll(name, 0o755)
		case tar.TypeReg:
			err = errors.Join(os.WriteFile(name, []byte(e.Text), 0o644), os.Chmod(name, fs.FileMode(e.Mode)))
		case tar.TypeSymlink:
			err = os.Symlink(e.Text, name)
		case tar.TypeLink:
			err = os.Link(filepath.Join(dir, e.Text), name)
		case tar.TypeFifo:
			err = syscall.Mkfifo(name, 0o644)
		}
		if err == nil && e.Kind != tar.TypeSymlink {
			err = os.Chtimes(name, at, at)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range slices.Backward(entries) { // last, or only root could fill a closed directory
		if e.Kind == tar.TypeDir {
			if err := os.Chmod(filepath.Join(dir, e.Name), fs.FileMode(e.Mode)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// openAtEnd makes closed directories writable again when the test is over, so that they can be removed.
func openAtEnd(t testing.TB, dir string) string {
	t.Cleanup(func() {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			return os.Chmod(name, 0o755)
		})
		if err != nil {
			t.Error(err)
		}
	})
	return dir
}

// readTree says what is below dir; the second name of an inode is a hard link to the first in sorted order.
func readTree(t testing.TB, dir string) []entry {
	t.Helper()
	var found []entry
	first := map[uint64]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		e := entry{Name: strings.TrimPrefix(name, dir+"/"), Kind: tar.TypeDir, Mode: int64(info.Mode().Perm())}
		inode := info.Sys().(*syscall.Stat_t).Ino
		switch {
		case d.Type() == fs.ModeSymlink:
			e.Kind, e.Mode = tar.TypeSymlink, 0
			e.Text, err = os.Readlink(name)
		case first[inode] != "":
			e.Kind, e.Text = tar.TypeLink, first[inode]
		case d.Type().IsRegular():
			var data []byte
			data, err = os.ReadFile(name)
			e.Kind, e.Text, first[inode] = tar.TypeReg, string(data), e.Name
		case d.Type() == fs.ModeNamedPipe:
			e.Kind = tar.TypeFifo
		}
		found = append(found, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func pack(t testing.TB, tree Tree) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, tree); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sample holds one of everything, in sorted order.
func sample() []entry {
	long := strings.Repeat("a long name/", 20) // more than the 255 bytes that ustar holds
	entries := []entry{{"a dir", tar.TypeDir, 0o755, ""}}
	for i := range strings.Split(strings.Trim(long, "/"), "/") {
		entries = append(entries, entry{strings.Trim(long[:12*(i+1)], "/"), tar.TypeDir, 0o755, ""})
	}
	return append(entries,
		entry{long + "file", tar.TypeReg, 0o644, "deep"},
		entry{"absolute", tar.TypeSymlink, 0, "/nowhere/bin/python3.13"},
		entry{"big", tar.TypeReg, 0o600, strings.Repeat("0123456789", smallFile/5)},
		entry{"closed", tar.TypeDir, 0o550, ""},
		entry{"closed/program", tar.TypeReg, 0o755, "#!/bin/sh\n"},
		entry{"closed/second name", tar.TypeLink, 0o755, "closed/program"},
		entry{"empty", tar.TypeReg, 0o444, ""},
		entry{"naïve ☃ name", tar.TypeReg, 0o640, "unicode"},
		entry{"up", tar.TypeDir, 0o700, ""},
		entry{"up/link", tar.TypeSymlink, 0, "../closed/program"},
	)
}

func TestWhatIsPackedComesBackTheSame(t *testing.T) {
	source := makeTree(t, time.Now(), sample()...)
	dir := filepath.Join(openAtEnd(t, t.TempDir()), "made", "on the way")
	packed := pack(t, Tree{Base: source, Roots: []string{"."}})
	if err := Extract(t.Context(), bytes.NewReader(packed), dir, Options{AnyLink: true}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readTree(t, source), readTree(t, dir)); diff != "" {
		t.Errorf("unpacked is not what was packed (-packed +unpacked):\n%s", diff)
	}
	if diff := cmp.Diff(sample(), readTree(t, dir)); diff != "" {
		t.Errorf("unpacked is not the sample (-sample +unpacked):\n%s", diff)
	}
}

func TestTheSameTreeGivesTheSameBytes(t *testing.T) {
	there := makeTree(t, time.Unix(1e9, 0), sample()...)
	back := []entry{{"closed", tar.TypeDir, 0o550, ""}, {"a dir", tar.TypeDir, 0o755, ""}}
	for i := range sample() {
		e := sample()[len(sample())-1-i]
		switch {
		case e.Name == "closed/second name": // made first, so that it is the older name of the file
			back = append(back, entry{e.Name, tar.TypeReg, 0o755, "#!/bin/sh\n"})
		case e.Name == "closed/program":
			back = append(back, entry{e.Name, tar.TypeLink, 0o755, "closed/second name"})
		case e.Kind == tar.TypeDir:
			back = append([]entry{e}, back...)
		default:
			back = append(back, e)
		}
	}
	other := makeTree(t, time.Unix(1.5e9, 0), back...)
	link := filepath.Join(t.TempDir(), "link to it")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	want := pack(t, Tree{Base: there, Roots: []string{"."}})
	for _, base := range []string{other, link} {
		if got := pack(t, Tree{Base: base, Roots: []string{"."}}); !bytes.Equal(got, want) {
			t.Errorf("%s packs to %d bytes that differ from the first tree's %d", base, len(got), len(want))
		}
	}
}

func TestOneWritesOnlyTheRootsAndNotWhatIsSkipped(t *testing.T) {
	source := makeTree(t, time.Now(),
		entry{"app", tar.TypeDir, 0o755, ""}, entry{"app/left out", tar.TypeReg, 0o644, ""},
		entry{"app/node_modules", tar.TypeDir, 0o755, ""}, entry{"app/node_modules/x", tar.TypeReg, 0o644, ""},
		entry{"app/node_modules/.cache", tar.TypeDir, 0o755, ""},
		entry{"app/node_modules/.cache/y", tar.TypeReg, 0o644, ""},
		entry{"app/node_modules/pipe", tar.TypeFifo, 0o644, ""},
		entry{"z", tar.TypeReg, 0o644, ""}, entry{"zz", tar.TypeReg, 0o644, ""},
	)
	packed := pack(t, Tree{
		Base:  source,
		Roots: []string{"z", "app/node_modules/x", "app/node_modules/", "z"},
		Skip:  func(rel string, _ fs.DirEntry) bool { return rel == "app/node_modules/.cache" },
	})
	var got []string
	tr := tar.NewReader(bytes.NewReader(packed))
	for h, err := tr.Next(); err != io.EOF; h, err = tr.Next() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got,
			fmt.Sprint(h.Name, " ", h.Uname, h.Gname, h.Uid, h.Gid, " ", h.ModTime.UTC().Format(time.DateTime)))
	}
	want := []string{
		"app/node_modules/ 0 0 1980-01-01 00:00:01",
		"app/node_modules/x 0 0 1980-01-01 00:00:01",
		"z 0 0 1980-01-01 00:00:01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, root := range []string{"missing", "../outside", "/etc"} {
		if err := Write(t.Context(), io.Discard, Tree{Base: t.TempDir(), Roots: []string{root}}); err == nil {
			t.Errorf("root %q is packed without an error", root)
		}
	}
	// Files of /proc say 0 bytes and hold more: the same as a file that grows between stat and read.
	err := Write(t.Context(), io.Discard, Tree{Base: "/proc/self", Roots: []string{"status"}})
	if !errors.Is(err, errChanged) {
		t.Errorf("a file that grows: got %v, want %v", err, errChanged)
	}
	p := &packing{ctx: t.Context(), tw: tar.NewWriter(io.Discard), buffer: make([]byte, 512)}
	if err := p.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "f", Size: 5}); err != nil {
		t.Fatal(err)
	}
	if err := p.contents("f", strings.NewReader("four"), 5); !errors.Is(err, errChanged) {
		t.Errorf("a file that shrinks: got %v, want %v", err, errChanged)
	}
}
