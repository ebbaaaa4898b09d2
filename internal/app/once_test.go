package app_test

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/examples"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// counting counts how often each file is opened. Like the tree, it answers Stat and ReadDir without opening a file.
type counting struct {
	fstest.MapFS
	opened map[string]int
}

func (c counting) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.MapFS.Open(name)
}

// apps returns the examples, and an app with a file of each kind.
func apps(t *testing.T) map[string]fstest.MapFS {
	t.Helper()
	list, err := examples.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fstest.MapFS{"everything": {}}
	for _, e := range list {
		all[e.Name] = e.App
	}
	for name, text := range map[string]string{
		"manage.py": "", "uv.lock": "version = 1\n", "poetry.lock": "", "pyproject.toml": "[project]\n",
		"requirements.txt": "-r base.txt\n-c base.txt\n", "requirements-b.txt": "-r base.txt", "base.txt": "",
		"package.json": `{"workspaces": ["*"]}`, "a/package.json": "{}", "b/package.json": "{}", "mise.toml": "",
		".tool-versions": "", "package-lock.json": "{}", ".npmrc": "", "Procfile": "", "bin/post_compile": "#!bin/x\n",
		"bin/pre_compile": "#!" + strings.Repeat("x", limits.Script), "bin/x": "", "mysite/wsgi.py": "",
		"mysite/settings.py": "", "project.toml": "", ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "",
		"app.json": "{}", "heroku.yml": "", "runtime.txt/x": "",
	} {
		all["everything"][name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestEachFileIsOpenedOnce(t *testing.T) {
	for name, files := range apps(t) {
		fsys := counting{files, map[string]int{}}
		app.Read(fsys, app.Requested{})
		for file, count := range fsys.opened {
			if count > 1 {
				t.Errorf("%s: %s is opened %d times", name, file, count)
			}
		}
		if len(fsys.opened) < 3 {
			t.Errorf("%s: nothing was read", name)
		}
	}
}

func TestFactsAreData(t *testing.T) {
	for name, files := range apps(t) {
		first, second := app.Read(files, app.Requested{}), app.Read(files, app.Requested{})
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%s: two readings differ (-first +second):\n%s", name, cmp.Diff(first, second))
		}
	}
	isData(t, "App", reflect.TypeOf(app.App{}), nil)
}

// isData reports types whose values cannot be compared or printed. Errors are compared by what they hold.
func isData(t *testing.T, path string, typ reflect.Type, above []reflect.Type) {
	t.Helper()
	if slices.Contains(above, typ) || typ == reflect.TypeFor[error]() {
		return
	}
	above = append(above, typ)
	switch typ.Kind() {
	case reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		t.Errorf("%s is a %s", path, typ.Kind())
	case reflect.Map:
		isData(t, path+" key", typ.Key(), above)
		isData(t, path+" value", typ.Elem(), above)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		isData(t, path, typ.Elem(), above)
	case reflect.Struct:
		for i := range typ.NumField() {
			isData(t, path+"."+typ.Field(i).Name, typ.Field(i).Type, above)
		}
	default: // texts, numbers and the like are data
	}
}
