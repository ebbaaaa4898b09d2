package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func TestProblemsAreThoseOfThePartThatHasThem(t *testing.T) {
	a := read(files("manage.py", "", "uv.lock/x", "", "poetry.lock", "[", "requirements.txt", "-r folder",
		"folder/x", "", "requirements-b.txt", "-r other", "other/x", "",
		"mise.toml/x", "", "package.json", "{}", ".yarnrc.yml", "[", ".npmrc/x", "", "package-lock.json", "{}"))
	got := map[string]string{"app": ids(a.Unreadable)}
	for _, lock := range a.Python.Locks {
		got[manager.Python(lock.Manager).Data().Lock] = ids(lock.Unreadable)
	}
	for _, q := range a.Python.Requirements {
		got[q.Names[0]] = ids(q.Unreadable)
	}
	n := a.Node[0]
	got["python's version"], got["node's version"], got["package"] = ids(a.Python.PythonVersions.Unreadable),
		ids(n.NodeVersions.Unreadable), ids(n.Unreadable)
	for id, own := range n.Settings {
		got[string(id)] = ids(own.Unreadable)
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

// ids returns the ids of errors, each with the first word of its text.
func ids(unreadable []Unreadable) string {
	var all []string
	for _, u := range unreadable {
		user, _ := fail.User(u.Err)
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
	if len(r.unreadable) == 0 || len(r.unreadable) > 2 || !strings.Contains(r.unreadable[0].Err.Error(),
		"more than 64 MB together") {
		t.Errorf("got %v", r.unreadable)
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

// A file that is too large by itself is named for that, even if no more than its limit may be read.
func TestAFileThatIsTooLargeIsNamedFirst(t *testing.T) {
	r := newReader(fstest.MapFS{"a": {Data: []byte("12345")}})
	for left, want := range map[int64]string{4: "it has more than", 3: "the files that are read have more than"} {
		r.bytes = limits.AllFiles - left
		if _, err := r.contents("a", 4); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%d bytes are left: %v", left, err)
		}
	}
}

func TestAsManyEntriesAsThereMayBe(t *testing.T) {
	for before, want := range map[int64]int{limits.Entries - 1: 1, limits.Entries: 0} {
		r := newReader(fstest.MapFS{"manage.py": {}})
		r.entries = before
		if got := len(r.list(".")); got != want || (r.tooMany == nil) != (want == 1) {
			t.Errorf("%d entries before: %d are listed, %v", before, got, r.tooMany)
		}
	}
}

func TestFoldersHaveALimit(t *testing.T) {
	many, deep := fstest.MapFS{"manage.py": {}}, fstest.MapFS{"manage.py": {},
		"package.json": {Data: []byte(`{"workspaces": ["**"]}`)}}
	for i := range limits.Entries + 1 {
		many[fmt.Sprint("d", i%100, "/f", i)] = &fstest.MapFile{}
	}
	deep[strings.Repeat("d/", 2*limits.Levels)+"x"] = &fstest.MapFile{}
	if problems := read(many).Unreadable; ids(problems) != "app/unreadable The" {
		t.Errorf("many: %v", problems)
	}
	a := read(deep)
	if len(a.Unreadable) > 0 || ids(a.Node[0].Unreadable) != "app/unreadable The" {
		t.Errorf("deep: %v, %v", a.Unreadable, a.Node[0].Unreadable)
	}
	delete(deep, "package.json")
	if problems := read(deep).Unreadable; len(problems) > 0 {
		t.Errorf("deep, but nobody looks there: %v", problems)
	}
}

func TestPackagesHaveALimit(t *testing.T) {
	fsys := fstest.MapFS{"manage.py": {}}
	for i := range limits.Packages - 1 { // and the root
		fsys[fmt.Sprint("d", i, "/package.json")] = &fstest.MapFile{Data: []byte("{}")}
	}
	if a := read(fsys); len(a.Unreadable) > 0 {
		t.Errorf("as many as there may be: %v", a.Unreadable)
	}
	for i := range 2 {
		fsys[fmt.Sprint("e", i, "/package.json")] = &fstest.MapFile{Data: []byte("{}")}
	}
	if a := read(fsys); ids(a.Unreadable) != "app/unreadable The" || len(a.Node) > limits.Packages {
		t.Errorf("%d packages, %v", len(a.Node), a.Unreadable)
	}
	if a := Read(fsys, Requested{Projects: []string{"d7"}}); len(a.Unreadable) > 0 || a.NodeIn("d7") == nil {
		t.Errorf("with one that is named: %v", a.Unreadable)
	}
	fsys["package.json"] = &fstest.MapFile{Data: []byte(`{"workspaces": ["**"]}`)}
	if n := read(fsys).Node[0]; ids(n.Unreadable) != "app/unreadable The" || len(n.Workspaces) > limits.Packages {
		t.Errorf("%d workspaces, %v", len(n.Workspaces), n.Unreadable)
	}
}

func TestWorkspacesAsManyAsThereMayBe(t *testing.T) {
	a := read(files("manage.py", "", "package.json", `{"workspaces": ["packages/*"]}`, "packages/a/package.json", "{}"))
	if n := a.Node[0]; len(n.Unreadable) > 0 || !slices.Equal(n.Workspaces, []string{"packages/a"}) {
		t.Errorf("one: %v, %v", n.Workspaces, n.Unreadable)
	}
	s := search{dir: ".", globs: globsOf([]string{"*"}), looked: limits.Packages - 1}
	if !s.match("a") || s.why != "" || s.match("b") || s.why == "" {
		t.Errorf("the last one: found %v, %q", s.found, s.why)
	}
	s = search{dir: ".", globs: s.globs, steps: maxSteps - s.globs.letters()}
	if !s.match("a") || s.costly || s.match("b") || !s.costly {
		t.Errorf("the last steps: %+v", s)
	}
}

func TestPathsBelowTheDirectoryOfHeroku(t *testing.T) {
	r := newReader(files("manage.py", "", "bin/web", "", "conf/a.py", ""))
	got := r.existing("cd /app && /app/bin/web -c /app/conf/a.py /app/bin/web /app/none.py /app/conf")
	if want := []string{"bin/web", "conf/a.py", "conf"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
