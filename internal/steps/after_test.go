package steps

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// placed returns the directories of a build whose app has the files. The app is in a directory of its own.
func placed(t *testing.T, files map[string]string) Dirs {
	t.Helper()
	base := t.TempDir()
	root := filepath.Join(base, "app")
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	app, err := tree.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.Close() })
	return Dirs{
		Root: root, Tree: app, Source: app.FS(), Scratch: filepath.Join(base, "scratch"), Machine: os.DirFS("/"),
	}
}

// Places that settings name may be anywhere: what is outside of the app is looked at by its kind alone.
func TestPlacesThatSettingsName(t *testing.T) {
	d := placed(t, map[string]string{"static/.hidden/x": "", "static/a": ""})
	base := filepath.Dir(d.Root)
	if err := os.MkdirAll(filepath.Join(base, "outside/.hidden/x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(base, "outside"), filepath.Join(d.Root, "link")); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]struct{ files, hidden bool }{
		filepath.Join(d.Root, "static"):     {true, true},
		filepath.Join(base, "outside"):      {true, false},
		filepath.Join(d.Root, "link"):       {true, false}, // as Paketo's node_modules
		filepath.Join(d.Root, "../outside"): {true, false},
		filepath.Join(d.Root, "gone"):       {},
		"":                                  {},
		"/":                                 {true, false},
		d.Root + "/a\x00b":                  {},
	} {
		hidden := d.hidden(dir, filepath.Join(base, "collected"))
		if got := d.HasFiles(dir); got != want.files || (len(hidden) > 0) != want.hidden {
			t.Errorf("%q: has files %v, hidden %v, want %+v", dir, got, hidden, want)
		}
	}
	if entries, err := fs.ReadDir(d.Source, "."); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
}
