package devenv

import (
	"os"
	"path/filepath"
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

func TestWhichAppsWantALock(t *testing.T) {
	const project = "[project]\nname = \"x\"\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"a project with nothing locked", map[string]string{"pyproject.toml": project}, true},
		{"a project with a lock", map[string]string{"pyproject.toml": project, "uv.lock": ""}, false},
		{"a project with requirements", map[string]string{"pyproject.toml": project, "requirements.txt": ""}, false},
		{"settings of tools only", map[string]string{"pyproject.toml": "[tool.ruff]\n"}, false},
		{"a file that is broken on purpose", map[string]string{"pyproject.toml": "[project"}, false},
		{"no Python at all", map[string]string{"package.json": "{}"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := wantsLock(tree(t, c.files))
			if err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestWhichFoldersWantAYarnLock(t *testing.T) {
	app := tree(t, map[string]string{
		"package.json": `{"packageManager": "yarn@4.9.1+sha224.ab"}`, "classic/package.json": `{"packageManager": "yarn@1.22.22"}`,
		"locked/package.json": `{"packageManager": "yarn@1.22.22"}`, "locked/yarn.lock": "", "npm/package.json": "{}", "broken/package.json": "{",
		"pnpm/package.json": `{"packageManager": "pnpm@9.0.0"}`,
	})
	got, err := wantYarnLock(app)
	if diff := cmp.Diff(map[string]string{".": "4.9.1", "classic": "1.22.22"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAUsersAppIsBuiltWhereItIs(t *testing.T) {
	app := tree(t, map[string]string{"pyproject.toml": "[project]\nname = \"x\"\n"})
	e := &Env{Root: t.TempDir(), Home: t.TempDir()}
	dir, remove, err := e.Stage(t.Context(), app)
	if err != nil || dir != app {
		t.Fatalf("got %s, %v, want the app's own folder", dir, err)
	}
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(app, "pyproject.toml")); err != nil {
		t.Errorf("the user's file is gone: %v", err)
	}
}

func TestDigestOfATreeSeesWhatABuildSees(t *testing.T) {
	digest := func(dir string) string {
		t.Helper()
		sum, err := digestTree(dir)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	files := map[string]string{"bin/build": "a", "buildpack.toml": "b"}
	dir := tree(t, files)
	want := digest(dir)
	if got := digest(tree(t, files)); got != want {
		t.Error("another time and place give another digest")
	}
	for name, change := range map[string]func() error{
		"contents":    func() error { return os.WriteFile(filepath.Join(dir, "bin/build"), []byte("c"), 0o644) },
		"permissions": func() error { return os.Chmod(filepath.Join(dir, "bin/build"), 0o755) },
		"a link":      func() error { return os.Symlink("build", filepath.Join(dir, "bin/detect")) },
		"a name": func() error {
			return os.Rename(filepath.Join(dir, "buildpack.toml"), filepath.Join(dir, "buildpack.tom"))
		},
	} {
		before := digest(dir)
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if digest(dir) == before {
			t.Errorf("%s changed, the digest did not", name)
		}
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
		want, _ := digestTree(from)
		if got, err := digestTree(to); err != nil || got != want {
			t.Errorf("link %v: the copy differs: %v", link, err)
		}
	}
}

func TestInputsDoNotRunIntoEachOther(t *testing.T) {
	if inputs("a", "b") == inputs("ab", "") {
		t.Error("two inputs are taken for one")
	}
}

func TestArgumentsOfPack(t *testing.T) {
	b := Build{App: "app", Image: "img", Env: map[string]string{"B": "2", "A": "1"}, Flags: []string{"--clear-cache"}}
	got := b.arguments(Builder{Image: "public", Buildpack: "dir"}, map[string]string{"npmrc": "/b"})
	want := []string{"build", "img", "--path", "app", "--builder", "public", "--trust-builder", "--network", "host",
		"--pull-policy", "if-not-present", "--buildpack", "dir", "--env", "A=1", "--env", "B=2",
		"--volume", "/b:/platform/bindings/npmrc:ro", "--clear-cache"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
