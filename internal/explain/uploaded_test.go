package explain

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// What is excluded is not there, whoever asks and however. A pipe is not waited for, neither one that is left nor one
// that is not.
func TestExcludedFilesAreAbsent(t *testing.T) {
	dir := t.TempDir()
	err := errors.Join(os.WriteFile(filepath.Join(dir, "a.txt"), nil, 0o644), syscall.Mkfifo(filepath.Join(dir,
		"p.txt"), 0o644),
		syscall.Mkfifo(filepath.Join(dir, "p.log"), 0o644), os.Symlink("a.txt", filepath.Join(dir, "l.log")),
		os.Symlink("a.txt", filepath.Join(dir, "l.txt")))
	opened, openErr := tree.Open(dir)
	if err := errors.Join(err, openErr); err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	fsys := uploaded(opened.FS(), config.Project{Exclude: []string{"*.log"}})
	for _, name := range []string{"p.log", "l.log", "gone.log"} {
		_, open := fsys.Open(name)
		_, stat := fs.Stat(fsys, name)
		_, lstat := fs.Lstat(fsys, name)
		_, link := fs.ReadLink(fsys, name)
		for _, err := range []error{open, stat, lstat, link} {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := fsys.Open("p.txt"); !errors.Is(err, app.ErrSpecial) {
		t.Errorf("a pipe: %v", err)
	}
	if info, err := fs.Stat(fsys, "l.txt"); err != nil || !info.Mode().IsRegular() {
		t.Errorf("a link: %v, %v", info, err)
	}
	if target, err := fs.ReadLink(fsys, "l.txt"); err != nil || target != "a.txt" {
		t.Errorf("a link: %s, %v", target, err)
	}
	var names []string
	entries, err := fs.ReadDir(fsys, ".")
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if err != nil || !slices.Equal(names, []string{"a.txt", "l.txt", "p.txt"}) {
		t.Errorf("%v, %v", names, err)
	}
}

func TestPatternsAreComparedWithSoManyNames(t *testing.T) {
	source, patterns := fstest.MapFS{}, make([]string, limits.Patterns)
	for i := range limits.Matches/limits.Patterns + 1 {
		source[fmt.Sprint("f", i)] = &fstest.MapFile{}
	}
	for i := range patterns {
		patterns[i] = fmt.Sprint("x", i)
	}
	for _, project := range []config.Project{{Exclude: patterns}, {Include: patterns}} {
		if _, err := fs.ReadDir(uploaded(source, project), "."); !errors.Is(err, limits.ErrLarge) {
			t.Errorf("got %v", err)
		}
	}
}
