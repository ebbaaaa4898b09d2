package devenv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree writes files (names with contents) below a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLocksThatAreGenerated(t *testing.T) {
	root := tree(t, map[string]string{
		"examples/.gitignore": "node_modules/\nuv/uv.lock\nlocked/uv.lock\nfront/yarn.lock\n" +
			"front/static/\nenv/Pipfile.lock\n",
		"examples/uv/pyproject.toml":              "",
		"examples/not-listed/pyproject.toml":      "",
		"examples/locked/uv.lock":                 "",
		"examples/front/package.json":             "",
		"examples/front/poetry.lock":              "",
		"examples/front/node_modules/uv/uv.lock":  "",
		"examples/env/Pipfile":                    "",
		"elsewhere/uv/pyproject.toml":             "",
		"examples/front/nested/uv/pyproject.toml": "",
	})
	e := &Env{Root: root}
	for app, want := range map[string]string{
		"examples/uv": "uv.lock", "examples/not-listed": "", "examples/locked": "",
		"examples/front": "yarn.lock poetry.lock",
		"examples/env":   "Pipfile.lock", "elsewhere/uv": "", "examples/front/nested/uv": "",
	} {
		missing, err := e.missingLocks(filepath.Join(root, app))
		var got []string
		for _, l := range missing {
			got = append(got, l.name)
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", app, got, err, want)
		}
	}
}

func TestAUsersAppIsBuiltWhereItIs(t *testing.T) {
	app := tree(t, map[string]string{"pyproject.toml": "[project]\nname = \"x\"\n"})
	e := &Env{Root: t.TempDir(), Home: t.TempDir()}
	dir, err := e.Stage(t.Context(), app, t.TempDir())
	if err != nil || dir != app {
		t.Fatalf("got %s, %v, want the app's own folder", dir, err)
	}
}

func TestCopyKeepsLinksAndPermissions(t *testing.T) {
	for _, link := range []bool{false, true} {
		from := tree(t, map[string]string{"bin/build": "a"})
		if err := os.Chmod(filepath.Join(from, "bin/build"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("build", filepath.Join(from, "bin/detect")); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "copy")
		if err := copyTree(from, to, link); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(to, "bin/build"))
		if err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("link %v: the file has mode %v, %v", link, info.Mode(), err)
		}
		if target, err := os.Readlink(filepath.Join(to, "bin/detect")); err != nil || target != "build" {
			t.Errorf("link %v: the link leads to %q, %v", link, target, err)
		}
		if text, err := os.ReadFile(filepath.Join(to, "bin/detect")); err != nil || string(text) != "a" {
			t.Errorf("link %v: the copy contains %q, %v", link, text, err)
		}
	}
}

func TestInputsDoNotRunIntoEachOther(t *testing.T) {
	if inputs("a", "b") == inputs("ab", "") {
		t.Error("two inputs are taken for one")
	}
}

func TestArgumentsOfPack(t *testing.T) {
	b := Build{App: "app", Image: "img", Builder: Builder{Image: "public", Buildpack: "dir"},
		Bindings: map[string]string{"npmrc": "/b"}, Env: map[string]string{"B": "2", "A": "1"},
		Flags: []string{"--clear-cache"}}
	got := b.arguments()
	want := []string{"build", "img", "--path", "app", "--builder", "public", "--trust-builder", "--network", "host",
		"--pull-policy", "if-not-present", "--buildpack", "dir", "--env", "A=1", "--env", "B=2",
		"--volume", "/b:/platform/bindings/npmrc:ro", "--clear-cache"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
