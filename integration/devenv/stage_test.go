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

func TestWhichLocksAreMade(t *testing.T) {
	const project = "[project]\nname = \"x\"\n"
	const classic, berry = `{"packageManager": "yarn@1.22.22"}`, `{"packageManager": "yarn@4.9.1+sha224.ab"}`
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"a project with nothing locked", map[string]string{"pyproject.toml": project}, []string{"uv in ."}},
		{"a project with a lock", map[string]string{"pyproject.toml": project, "uv.lock": ""}, nil},
		{"a project with requirements", map[string]string{"pyproject.toml": project, "requirements.txt": ""}, nil},
		{"a project in a folder", map[string]string{"libs/a/pyproject.toml": project}, nil},
		{"settings of tools only", map[string]string{"pyproject.toml": "[tool.ruff]\n"}, nil},
		{"a file that is broken on purpose", map[string]string{"pyproject.toml": "[project", "package.json": "{"}, nil},
		{"no Python at all", map[string]string{"package.json": "{}"}, nil},
		{"a lock of Poetry", map[string]string{"pyproject.toml": project, "poetry.lock": ""}, []string{"poetry in ."}},
		{"a Pipfile", map[string]string{"Pipfile": "", "package.json": `{"packageManager": "pnpm@9.0.0"}`}, []string{"pipenv in ."}},
		{"a Pipfile with a lock", map[string]string{"Pipfile": "", "Pipfile.lock": ""}, nil},
		{"Yarn in two folders", map[string]string{"package.json": berry, "classic/package.json": classic, "locked/package.json": classic, "locked/yarn.lock": "",
			"node_modules/x/package.json": classic}, []string{"yarn in .", "yarn in classic"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := wantedLocks(tree(t, c.files))
			var got []string
			for _, lock := range found {
				got = append(got, lock.name+" in "+lock.dir)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestTheYarnThatPackageManagerNames(t *testing.T) {
	dir := tree(t, map[string]string{"package.json": `{"packageManager": "yarn@4.9.1+sha224.ab"}`})
	if got, err := yarnVersion(dir); got != "4.9.1" || err != nil {
		t.Errorf("got %q, %v", got, err)
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
