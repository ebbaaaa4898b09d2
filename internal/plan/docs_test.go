package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/pages"
)

// The lists of what is understood have what the code's tables have, in their order.
func TestDocumentationListsWhatIsUnderstood(t *testing.T) {
	scripts := append(append([]string{prebuild}, app.BuildScripts...), cleanup)
	var known []string
	for _, f := range frameworks {
		known = append(known, f.name)
	}
	for _, part := range []struct {
		page, name string
		items      []string
	}{
		{"files", "python-lockfiles", code(pythonLocks())},
		{"files", "node-lockfiles", code(nodeLocks())},
		{"files", "layouts", layouts(t)},
		{"versions", "python-sources", code(pythonPlaces(t))},
		{"versions", "node-sources", code(nodePlaces(t))},
		{"versions", "manager-sources", code(managerPlaces())},
		{"files", "scripts", code(scripts)},
		{"files", "other-scripts", code(productionScripts)},
		{"processes", "frameworks", code(known)},
	} {
		pages.Check(t, reference(part.page), part.name, pages.List(part.items), *update)
	}
}

func code(items []string) (all []string) {
	for _, item := range items {
		all = append(all, pages.Code(item))
	}
	return all
}

// The table of servers has the commands that Tandem starts.
func TestDocumentationListsServers(t *testing.T) {
	var rows [][]string
	for _, s := range servers {
		command := strings.ReplaceAll(fmt.Sprintf(s.command, "mysite.wsgi"), "mysite.wsgi", "MODULE:APP")
		rows = append(rows, []string{"`" + s.name + "`", strings.ToUpper(s.serves), "`" + command + "`"})
	}
	pages.Check(t, reference("processes"), "servers",
		pages.Table([]string{"package", "interface", "command"}, rows), *update)
}

func reference(page string) string { return "../../docs/reference/" + page + ".md" }

func pythonLocks() (all []string) {
	for _, m := range manager.Pythons() {
		all = append(all, m.Data().Lock)
	}
	return all
}

func nodeLocks() (all []string) {
	for _, m := range manager.Nodes() {
		m := m.Data()
		for _, lock := range m.Locks {
			versions := fmt.Sprintf(" %d and later", m.Majors[0])
			switch {
			case m.Majors[1] != 0:
				versions = fmt.Sprintf(" %d", m.Majors[1])
			case m.Majors[0] < 2:
				versions = ""
			}
			all = append(all, lock+" of "+m.Name+versions)
		}
	}
	return all
}

// A place is a file, and what of it a version is read from.
type place struct{ file, text string }

// places are those of files from which one of the sources is read, in the order of the sources; what is a condition is
// marked.
func places(t *testing.T, files []place, read func(fs fstest.MapFS) []source) (all []string) {
	t.Helper()
	var found [][]string
	for _, f := range files {
		for i, s := range read(fstest.MapFS{f.file: {Data: []byte(f.text)}}) {
			found = append(found, nil)
			name, _, _ := strings.Cut(s.Source, " in ./")
			if s.must {
				name += " (constraint)"
			}
			if s.Want != "" {
				found[i] = append(found[i], name)
			}
		}
	}
	for i := range read(fstest.MapFS{}) {
		if len(found[i]) == 0 {
			t.Errorf("no file of this test fills the source of number %d", i)
		}
		all = append(all, found[i]...)
	}
	return all
}

func pythonPlaces(t *testing.T) []string {
	return places(t, []place{
		{".python-version", "3.12"}, {"runtime.txt", "python-3.12"},
		{"Pipfile.lock", `{"_meta": {"requires": {"python_full_version": "3.12.1"}}}`},
		{"Pipfile.lock", `{"_meta": {"requires": {"python_version": "3.12"}}}`},
		{"Pipfile", "[requires]\npython_full_version = \"3.12.1\"\n"},
		{"Pipfile", "[requires]\npython_version = \"3.12\"\n"},
		{"pyproject.toml", "[project]\nrequires-python = \"3.12\"\n"},
		{"pyproject.toml", "[tool.poetry.dependencies]\npython = \"3.12\"\n"},
		{"uv.lock", "requires-python = \"3.12\"\n"}, {"pylock.toml", "requires-python = \"3.12\"\n"}, {".tool-versions", "python 3.12\n"},
		{"mise.toml", "[tools]\npython = \"3.12\"\n"}, {".mise.toml", "[tools]\npython = \"3.12\"\n"},
	}, func(fs fstest.MapFS) []source {
		fs["requirements.txt"] = &fstest.MapFile{}
		return pythonSources(app.Read(fs, app.Requested{}).Python.PythonVersions)
	})
}

func nodePlaces(t *testing.T) []string {
	return places(t, []place{
		{"package.json", `{"engines": {"node": "24"}}`},
		{"package.json", `{"devEngines": {"runtime": {"name": "node", "version": "24"}}}`},
		{"package.json", `{"volta": {"node": "24"}}`}, {".nvmrc", "24"}, {".node-version", "24"},
		{".tool-versions", "nodejs 24\n"}, {".tool-versions", "node 24\n"},
		{"mise.toml", "[tools]\nnode = \"24\"\n"}, {"mise.toml", "[tools]\nnodejs = \"24\"\n"},
		{".mise.toml", "[tools]\nnode = \"24\"\n"}, {".mise.toml", "[tools]\nnodejs = \"24\"\n"},
	}, func(fs fstest.MapFS) []source {
		if fs["package.json"] == nil {
			fs["package.json"] = &fstest.MapFile{Data: []byte("{}")}
		}
		return nodeSources(app.Read(fs, app.Requested{}).Node[0])
	})
}

func managerPlaces() (all []string) {
	const text = `{"packageManager": "npm@11", "devEngines": {"packageManager": {"name": "npm", "version": "11"}}, "engines": {"pnpm": "1", "yarn": "1", "npm": "1"}}`
	for _, m := range app.Read(fstest.MapFS{"package.json": {Data: []byte(text)}}, app.Requested{}).Node[0].Managers {
		all = append(all, m.Version.Source)
	}
	return all
}

// layouts are where the two parts of an app may lie; each is seen to be found, and one directory deeper not to be.
func layouts(t *testing.T) (names []string) {
	t.Helper()
	const manage, front = "os.environ['DJANGO_SETTINGS_MODULE']\nfrom django.core.management import x\n",
		`{"scripts": {"build": "x"}}`
	for _, l := range []struct{ name, dir, file, text string }{
		{"manage.py in the root directory", "", "manage.py", manage},
		{"manage.py up to three directories down", "a/b/c/", "manage.py", manage},
		{"requirements or a lockfile in the directory of manage.py, or above it", "a/b/", "", ""},
		{"package.json in the root directory", "", "package.json", front},
		{"package.json up to three directories down", "a/b/c/", "package.json", front},
		{"workspaces of package.json", "", "package.json", `{"workspaces": ["packages/*"]}`},
	} {
		if l.file == "" {
			names = append(names, l.name)
			for _, dir := range []string{"a/b/", "a/"} {
				if p,
					err := decide(Question{App: app.Read(fstest.MapFS{"a/b/manage.py": {Data: []byte(manage)},
					dir + "requirements.txt": {}}, app.Requested{})}); err != nil || p.Python.Dir+"/" != dir {
					t.Errorf("%s: %s is not found", l.name, dir)
				}
			}
			continue
		}
		if !finds(t, l.dir, l.file, l.text) {
			t.Errorf("%s: not found", l.name)
		}
		if l.dir != "" && finds(t, l.dir+"d/", l.file, l.text) {
			t.Errorf("%s: also found deeper", l.name)
		}
		names = append(names, l.name)
	}
	return names
}

func finds(t *testing.T, dir, file, text string) bool {
	t.Helper()
	fs := fstest.MapFS{"requirements.txt": {}, "packages/a/package.json": {Data: []byte(`{"name": "a"}`)},
		dir + file: {Data: []byte(text)}}
	p, err := decide(Question{App: app.Read(fs, app.Requested{})})
	if err != nil {
		t.Fatal(err)
	}
	return p.Manage.Path == dir+file ||
		slices.ContainsFunc(p.Projects(),
			func(project Project) bool { return project.Package.Path("package.json") == dir+file })
}
