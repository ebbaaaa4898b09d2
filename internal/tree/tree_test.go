package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// fixture returns a directory with files, links and a pipe, beside a file that is not the app's.
func fixture(t *testing.T) (tree *Tree, beside string) {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "app")
	beside = filepath.Join(dir, "victim")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "sub"), 0o755),
		os.WriteFile(filepath.Join(root, "sub/file"), []byte("text"), 0o644),
		os.WriteFile(beside, []byte("precious"), 0o644),
		os.Symlink("sub/file", filepath.Join(root, "inside")),
		os.Symlink(beside, filepath.Join(root, "absolute")),
		os.Symlink("../victim", filepath.Join(root, "relative")),
		os.Symlink("relative", filepath.Join(root, "chain")),
		os.Symlink("..", filepath.Join(root, "up")),
		os.Symlink("loop", filepath.Join(root, "loop")),
		syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
		if data, err := os.ReadFile(beside); err != nil || string(data) != "precious" {
			t.Errorf("the file beside the app is %q, %v", data, err)
		}
	})
	return tree, beside
}

func TestReadingStaysInsideAndWaitsForNothing(t *testing.T) {
	tree, _ := fixture(t)
	for name, want := range map[string]error{
		"sub/file": nil, "inside": nil, "absolute": app.ErrOutside, "relative": app.ErrOutside, "chain": app.ErrOutside,
		"up/victim": app.ErrOutside,
		"pipe":      app.ErrSpecial, "loop": syscall.ELOOP, "gone": fs.ErrNotExist, "../victim": fs.ErrInvalid,
		"sub/../sub/file": fs.ErrInvalid,
		"a\x00":           fs.ErrInvalid, "/etc/passwd": fs.ErrInvalid,
	} {
		data, err := limits.Read(tree.FS(), name, 100)
		if !errors.Is(err, want) || (want == nil) != (string(data) == "text") {
			t.Errorf("%s: %q, %v, want %v", name, data, err, want)
		}
	}
	if _, err := fs.Stat(tree.FS(), "absolute"); !errors.Is(err, app.ErrOutside) {
		t.Errorf("Stat: %v", err)
	}
	if target, err := fs.ReadLink(tree.FS(), "relative"); err != nil || target != "../victim" {
		t.Errorf("ReadLink: %q, %v", target, err)
	}
	var names []string
	entries, err := fs.ReadDir(tree.FS(), ".")
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff("absolute chain inside loop pipe relative sub up", strings.Join(names, " ")); err != nil ||
		diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestFilesOfProcHaveALimit(t *testing.T) {
	status, err := Open("/proc/self")
	if err != nil {
		t.Skip("no /proc here")
	}
	defer status.Close()
	if _, err := limits.Read(status.FS(), "status", 10); !errors.Is(err, limits.ErrLarge) {
		t.Errorf("a file of /proc, whose size is 0: %v", err)
	}
}

func TestChangesStayInside(t *testing.T) {
	tree, beside := fixture(t)
	for name, do := range map[string]func() error{
		"write below a link": func() error { return tree.Write("up/victim", nil, 0o644) },
		"remove":             func() error { return tree.RemoveAll("up/victim") },
		"chmod":              func() error { return tree.Chmod("relative", 0) },
		"chtimes":            func() error { return tree.Chtimes("absolute", time.Now()) },
		"mkdir":              func() error { return tree.MkdirAll("up/new", 0o755) },
		"symlink":            func() error { return tree.Symlink("x", "up/new") },
		"no path":            func() error { return tree.RemoveAll(app.Path("../victim")) },
		"the root":           func() error { return tree.RemoveAll(app.Path(".")) },
		"nothing":            func() error { return tree.RemoveAll("") },
		"an absolute path":   func() error { return tree.Write(app.Path(beside), nil, 0o644) },
		"a directory":        func() error { return tree.Write("sub", nil, 0o644) },
		"sub outside":        func() error { _, err := tree.Sub("up"); return err },
		"sub of a file":      func() error { _, err := tree.Sub("sub/file"); return err },
		"sub of no path":     func() error { _, err := tree.Sub(".."); return err },
	} {
		if err := do(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(beside)); err != nil || len(entries) != 2 {
		t.Errorf("beside the app: %v, %v", entries, err)
	}
}

func TestWriteReplacesLinksAndPipes(t *testing.T) {
	tree, _ := fixture(t)
	for _, name := range []app.Path{"absolute", "pipe", "loop", "sub/file", "new"} {
		if err := tree.Write(name, []byte("ours"), 0o644); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if data, err := limits.Read(tree.FS(), string(name), 100); err != nil || string(data) != "ours" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	if err := errors.Join(tree.RemoveAll("relative"), tree.RemoveAll("up"), tree.RemoveAll("gone")); err != nil {
		t.Error(err)
	}
	if _, err := fs.Lstat(tree.FS(), "up"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the link itself: %v", err)
	}
}

// Directories that their owner has closed are removed as others are.
func TestRemoveAllOfClosedDirectories(t *testing.T) {
	if os.Getuid() == 0 { // nothing is closed to root
		if err := syscall.Setresuid(65534, 65534, 0); err != nil {
			t.Skip(err)
		}
		defer func() {
			if err := syscall.Setresuid(0, 0, 0); err != nil {
				t.Fatal(err)
			}
		}()
	}
	dir := t.TempDir()
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "top/closed/hidden"), 0o755),
		os.WriteFile(filepath.Join(dir, "top/closed/file"), nil,
			0o400),
		os.Mkdir(filepath.Join(dir, "other"), 0o755), os.Symlink("../other", filepath.Join(dir, "top/link")),
		os.Chmod(filepath.Join(dir, "top/closed/hidden"), 0), os.Chmod(filepath.Join(dir, "top/closed"), 0o555),
		os.Chmod(filepath.Join(dir, "other"), 0o555),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if err := tree.RemoveAll("top"); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "other")); err != nil || info.Mode().Perm() != 0o555 {
		t.Errorf("the directory that a link leads to: %v, %v", info, err)
	}
}

// A file whose size says that it is too large is not read at all, and a directory is no file.
func TestReadRefusesLargeFilesAtOnce(t *testing.T) {
	tree, _ := fixture(t)
	file := filepath.Join(tree.Dir(), "sparse")
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Truncate(file, 1<<40)); err != nil {
		t.Skip(err)
	}
	if _, err := limits.Read(tree.FS(), "sparse", 1<<20); !errors.Is(err, limits.ErrLarge) {
		t.Errorf("%v", err)
	}
	if data, err := limits.Read(tree.FS(), "sub", 1<<20); err == nil {
		t.Errorf("a directory: %q", data)
	}
	if entries, err := fs.ReadDir(tree.FS(), "sub"); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestReadFileFollowsLinksAndWaitsForNothing(t *testing.T) {
	tree, beside := fixture(t)
	for name, want := range map[string]error{
		"sub/file": nil, "inside": nil, "absolute": nil, "pipe": app.ErrSpecial, "loop": syscall.ELOOP,
		"gone": fs.ErrNotExist,
	} {
		if _, err := ReadFile(filepath.Join(tree.Dir(), name), 100); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := ReadFile(beside, 3); !errors.Is(err, limits.ErrLarge) {
		t.Errorf("%v", err)
	}
	if _, err := ReadFile("/dev/zero", 3); !errors.Is(err, app.ErrSpecial) {
		t.Errorf("%v", err)
	}
}
