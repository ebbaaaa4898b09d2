package app

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const djangoManage = "from django.core.management import execute_from_command_line\n"

func TestManageIsFoundWhereAppsHaveIt(t *testing.T) {
	linked := files("backend/manage.py", djangoManage)
	linked["manage.py"] = &fstest.MapFile{Data: []byte("backend/manage.py"), Mode: fs.ModeSymlink | 0o777}
	for name, c := range map[string]struct {
		files fstest.MapFS
		asked string
		want  []Manage
	}{
		"in the root":               {files("manage.py", ""), "", []Manage{{"manage.py", "."}}},
		"in the root, as a symlink": {linked, "", []Manage{{"manage.py", "backend"}}},
		"in a folder": {files("backend/manage.py", djangoManage), "",
			[]Manage{{"backend/manage.py", "backend"}}},
		"three folders deep": {files("a/b/c/manage.py", djangoManage), "",
			[]Manage{{"a/b/c/manage.py", "a/b/c"}}},
		"four folders deep": {files("a/b/c/d/manage.py", djangoManage), "", nil},
		"the root's first": {files("a/manage.py", djangoManage, "manage.py", djangoManage), "",
			[]Manage{{"manage.py", "."}, {"a/manage.py", "a"}}},
		"the shallowest first": {files("a/b/manage.py", djangoManage, "z/manage.py", djangoManage), "",
			[]Manage{{"z/manage.py", "z"}, {"a/b/manage.py", "a/b"}}},
		"of Flask-Script": {files("manage.py", "from flask_script import Manager\n"), "", nil},
		"of FlaskGroup":   {files("manage.py", "from flask.cli import FlaskGroup\n"), "", nil},
		"of Django beside Flask": {files("manage.py", "import flask\n"+djangoManage), "",
			[]Manage{{"manage.py", "."}}},
		"of django-configurations": {files("src/manage.py",
			"from configurations.management import execute_from_command_line\n"), "",
			[]Manage{{"src/manage.py", "src"}}},
		"another program further down": {files("tools/manage.py", "print(1)\n"), "", nil},
		"of packages, tests and the like": {files("node_modules/a/manage.py", djangoManage, "env2/pyvenv.cfg", "",
			"env2/manage.py", djangoManage, "tests/manage.py", djangoManage, "docs/x/manage.py", djangoManage,
			"my-example/manage.py", djangoManage, "examples/manage.py", djangoManage, "vendor/manage.py", djangoManage,
			".cache/manage.py", djangoManage, "{{cookiecutter.name}}/manage.py", djangoManage), "", nil},
		"asked for": {files("manage.py", djangoManage, "tests/manage.py", "x"),
			"./tests/manage.py", []Manage{{"tests/manage.py", "tests"}}},
		"asked for, but not there":          {files("manage.py", djangoManage), "b/manage.py", nil},
		"asked for, but outside of the app": {files("manage.py", djangoManage), "../manage.py", nil},
	} {
		t.Run(name, func(t *testing.T) {
			py := Read(c.files, Requested{Manage: c.asked}).Python
			if py == nil {
				py = &Python{}
			}
			if diff := cmp.Diff(c.want, py.Manage); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinksIntoNodeModulesAreFound(t *testing.T) {
	fsys := files("manage.py", "", "node_modules/x/a", "")
	for name, target := range map[string]string{"static/vendor": "../node_modules/x/dist", "static/other": "../assets",
		"node_modules/y": "../node_modules/x"} {
		fsys[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
	}
	if diff := cmp.Diff([]string{"static/vendor"}, read(fsys).Links); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPathsForCommandsOfAFolder(t *testing.T) {
	for _, c := range []struct{ dir, name, want string }{
		{".", "api/manage.py", "api/manage.py"}, {"api", "api/manage.py", "manage.py"},
		{"api", "api/src/manage.py", "src/manage.py"}, {"api", "tools/manage.py", "../tools/manage.py"},
		{"a/b", "manage.py", "../../manage.py"}, {"api", "apis/manage.py", "../apis/manage.py"},
	} {
		if got := (Manage{Path: c.name}).From(c.dir); got != c.want {
			t.Errorf("%s in %s: got %s", c.name, c.dir, got)
		}
	}
}
