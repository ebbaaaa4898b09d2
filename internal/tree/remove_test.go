package tree

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Tools write directories from which nothing can be removed.
func TestADirectoryTreeIsRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "own")
	deep := filepath.Join(dir, "go", "pkg", "mod")
	outside := filepath.Join(t.TempDir(), "outside")
	for _, err := range []error{
		os.MkdirAll(deep, 0o755), os.MkdirAll(outside, 0o555), os.WriteFile(filepath.Join(deep, "file"), nil, 0o444),
		os.Symlink(outside, filepath.Join(deep, "link")), os.Chmod(deep, 0o555), os.Chmod(filepath.Dir(deep), 0),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := Remove(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is left: %v", err)
	}
	if info, err := os.Stat(outside); err != nil || info.Mode().Perm() != 0o555 {
		t.Errorf("a directory that a link leads to: %v, %v", info, err)
	}
	for _, missing := range []string{dir, filepath.Join(dir, "below")} {
		if err := Remove(missing); err != nil {
			t.Errorf("%s: %v", missing, err)
		}
	}
}
