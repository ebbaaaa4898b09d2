package python

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// pip of the interpreter itself is in no image, unless the app creates environments with it.
func TestInstallersOfPythonAreRemoved(t *testing.T) {
	files := []string{
		"bin/pip3.13", "bin/python3", "lib/python3.13/ensurepip/__init__.py", "lib/python3.13/venv/__init__.py",
		"lib/python3.13/site-packages/pip/__init__.py", "lib/python3.13/site-packages/pip-24.3.1.dist-info/METADATA",
		"lib/python3.13/site-packages/setuptools/__init__.py", "lib/python3.13/site-packages/README.txt",
		"lib/python3.13/tkinter/__init__.py",
	}
	for name, c := range map[string]struct {
		app  app.App
		kept int
	}{
		"no environment":           {app.App{}, 3},
		"a process that makes one": {app.App{Procfiles: app.Procfiles{Procfile: []app.Process{{Command: "python -m venv x && x/bin/pip install y"}}}}, 8},
		"a hook that makes one": {
			app.App{Hooks: app.Hooks{PostCompile: &app.Hook{Text: "python -m ensurepip\n"}}}, 8},
		"a hook that names it": {app.App{Hooks: app.Hooks{PostCompile: &app.Hook{Text: "rm -rf venv\n"}}}, 3},
	} {
		dir := t.TempDir()
		for _, file := range files {
			file = filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := layer.RemoveMatching(dir, In{Runner: steps.Runner{App: c.app}}.removed()...); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, file := range files {
			if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
				kept++
			}
		}
		if kept != c.kept {
			t.Errorf("%s: %d files are left, want %d", name, kept, c.kept)
		}
	}
}
