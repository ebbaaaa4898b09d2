package app

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// counting counts how often each file and each directory is opened.
type counting struct {
	fs.FS
	opened map[string]int
}

func (c counting) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

func TestEachFileIsReadOnce(t *testing.T) {
	fsys := counting{files("manage.py", "", "uv.lock", "version = 1\n", "poetry.lock", "", "pyproject.toml",
		"[project]\n", "requirements.txt", "-r base.txt\n-c base.txt\n",
		"requirements-b.txt", "-r base.txt", "base.txt", "", "package.json", `{"workspaces": ["*"]}`,
		"a/package.json", "{}", "b/package.json", "{}", "mise.toml", "",
		".tool-versions", "", "package-lock.json", "{}", ".npmrc", "", "Procfile", "", "bin/post_compile", "#!",
		"mysite/wsgi.py", "", "project.toml", ""), map[string]int{}}
	Read(plainFS{fsys})
	for name, count := range fsys.opened {
		limit := 1
		if name == "bin/post_compile" { // its first letters too
			limit = 2
		}
		if info, err := fs.Stat(fsys.FS, name); err != nil || count > limit && !info.IsDir() {
			t.Errorf("%s was opened %d times, %v", name, count, err)
		}
	}
}

// plainFS answers Stat without opening a file, as the tree does.
type plainFS struct{ counting }

func (p plainFS) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(p.FS, name) }
func (p plainFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.FS, name) }

func TestProblemsAreThoseOfThePartThatHasThem(t *testing.T) {
	a := Read(files("manage.py", "", "uv.lock/x", "", "poetry.lock", "[", "requirements.txt", "-r folder",
		"folder/x", "", "requirements-b.txt", "-r other", "other/x", "",
		"mise.toml/x", "", "package.json", "{}", ".yarnrc.yml", "[", ".npmrc/x", "", "package-lock.json", "{}"))
	got := map[string]string{"app": ids(a.Problems)}
	for _, lock := range a.Python.Locks {
		got[manager.Python(lock.Manager).Data().Lock] = ids(lock.Unread)
	}
	for _, q := range a.Python.Requirements {
		got[q.Names[0]] = ids(q.Unread)
	}
	n := a.Node[0]
	got["python's version"], got["node's version"], got["package"] = ids(a.Python.PythonVersions.Unread),
		ids(n.NodeVersions.Unread), ids(n.Problems)
	for id, own := range n.Settings {
		got[string(id)] = ids(own.Unread)
	}
	want := map[string]string{
		"app": "", "poetry.lock": "python/poetry-lock-invalid poetry.lock",
		"requirements.txt": "app/unreadable folder", "requirements-b.txt": "",
		"python's version": "app/unreadable mise.toml", "node's version": "app/unreadable mise.toml",
		"package": "", "npm": "app/unreadable .npmrc",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// ids are the ids of errors with the first word of what is wrong.
func ids(errs []error) string {
	var all []string
	for _, err := range errs {
		user, _ := fail.User(err)
		file, _, _ := strings.Cut(user.What, " ")
		all = append(all, user.ID+" "+file)
	}
	return strings.Join(all, ", ")
}

func TestAllFilesTogetherHaveALimit(t *testing.T) {
	fsys := fstest.MapFS{"manage.py": {}, "requirements.txt": {Data: []byte("-r a\n-r b\n-r c\n-r d\n-r e\n")}}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		fsys[name] = &fstest.MapFile{Data: []byte(strings.Repeat("#", 16<<20))}
	}
	r := newReader(fsys)
	for name := range fsys {
		_, _ = r.text(name)
	}
	if len(r.problems) == 0 || len(r.problems) > 2 || !strings.Contains(r.problems[0].Error(),
		"more than 64 MB together") {
		t.Errorf("got %v", r.problems)
	}
	small := newReader(fsys)
	for i := range limits.AllFiles / minFileCost {
		fsys[fmt.Sprint(i, ".py")] = &fstest.MapFile{}
		_, _ = small.quiet(fmt.Sprint(i, ".py"))
	}
	if small.bytes > limits.AllFiles/2+minFileCost {
		t.Errorf("%d MB of what does not matter", small.bytes>>20)
	}
}

func TestFoldersHaveALimit(t *testing.T) {
	many, deep := fstest.MapFS{"manage.py": {}}, fstest.MapFS{"manage.py": {},
		"package.json": {Data: []byte(`{"workspaces": ["**"]}`)}}
	for i := range limits.Entries + 1 {
		many[fmt.Sprint("d", i%100, "/f", i)] = &fstest.MapFile{}
	}
	deep[strings.Repeat("d/", 2*limits.Levels)+"x"] = &fstest.MapFile{}
	if problems := Read(many).Problems; ids(problems) != "app/unreadable The" {
		t.Errorf("many: %v", problems)
	}
	a := Read(deep)
	if len(a.Problems) > 0 || ids(a.Node[0].Problems) != "app/unreadable The" {
		t.Errorf("deep: %v, %v", a.Problems, a.Node[0].Problems)
	}
	delete(deep, "package.json")
	if problems := Read(deep).Problems; len(problems) > 0 {
		t.Errorf("deep, but nobody looks there: %v", problems)
	}
}

func TestPackagesHaveALimit(t *testing.T) {
	fsys := fstest.MapFS{"manage.py": {}}
	for i := range limits.Packages + 1 {
		fsys[fmt.Sprint("d", i, "/package.json")] = &fstest.MapFile{Data: []byte("{}")}
	}
	if a := Read(fsys); ids(a.Problems) != "app/unreadable The" || len(a.Node) > limits.Packages {
		t.Errorf("%d packages, %v", len(a.Node), a.Problems)
	}
	if a := (Asked{Projects: []string{"d7"}}).Read(fsys); len(a.Problems) > 0 || a.NodeIn("d7") == nil {
		t.Errorf("with one that is named: %v", a.Problems)
	}
	fsys["package.json"] = &fstest.MapFile{Data: []byte(`{"workspaces": ["**"]}`)}
	if n := Read(fsys).Node[0]; ids(n.Problems) != "app/unreadable The" || len(n.Workspaces) > limits.Packages {
		t.Errorf("%d workspaces, %v", len(n.Workspaces), n.Problems)
	}
}
