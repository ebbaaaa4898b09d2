package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// In a build the app is in a known directory, and hooks make links with absolute targets in it.
func TestAbsoluteLinksIntoTheRoot(t *testing.T) {
	dir := t.TempDir()
	root, beside := filepath.Join(dir, "app"), filepath.Join(dir, "app-victim")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "sub/deep"), 0o755),
		os.WriteFile(filepath.Join(root, "sub/file"), []byte("text"), 0o644),
		os.WriteFile(filepath.Join(root, "sub/deep/file"), []byte("text"), 0o644),
		os.WriteFile(beside, []byte("precious"), 0o644),
		os.Symlink(beside, filepath.Join(root, "out")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	links := map[string]string{
		"file": root + "/sub/file", "dir": root + "/sub", "slash": root + "/sub/", "all": root,
		"chain": root + "/dir/file",
		"up":    root + "/sub/deep/../file", "twice": root + "//sub/./file",
		"beside": beside, "below": root + "/../app-victim", "back": root + "/../app/sub/file", "by": root + "/out",
		"gone": root + "/none", "loop": root + "/loop", "kernel": "/proc/self/status", "top": "/",
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for name, want := range map[string]error{
		"file": nil, "dir/file": nil, "slash/file": nil, "all/sub/file": nil, "chain": nil, "up": nil, "twice": nil,
		"dir/deep/file": nil,
		"beside":        app.ErrOutside, "below": app.ErrOutside, "back": app.ErrOutside, "by": app.ErrOutside,
		"kernel":         app.ErrOutside,
		"top/etc/passwd": app.ErrOutside, "all/out": app.ErrOutside, "gone": fs.ErrNotExist, "loop": app.ErrOutside,
	} {
		data, err := limits.Read(tree.FS(), name, 100)
		if !errors.Is(err, want) || (want == nil) != (string(data) == "text") {
			t.Errorf("%s: %q, %v, want %v", name, data, err, want)
		}
		if _, err := fs.Stat(tree.FS(), name); !errors.Is(err, want) {
			t.Errorf("%s: Stat: %v, want %v", name, err, want)
		}
	}
	if entries, err := fs.ReadDir(tree.FS(), "dir"); err != nil || len(entries) != 2 {
		t.Errorf("ReadDir: %v, %v", entries, err)
	}
	sub, err := tree.Sub("dir")
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	if data, err := limits.Read(sub.FS(), "file", 100); err != nil || string(data) != "text" {
		t.Errorf("Sub: %q, %v", data, err)
	}
	if err := tree.Chmod("chain", 0o700); err != nil {
		t.Errorf("Chmod: %v", err)
	}
	if err := tree.Chmod("beside", 0o700); !errors.Is(err, app.ErrOutside) {
		t.Errorf("Chmod outside: %v", err)
	}
	if err := tree.RemoveAll("dir/deep"); err == nil || !strings.Contains(err.Error(), app.ErrOutside.Error()) {
		t.Errorf("RemoveAll by way of a link: %v", err)
	}
}
