package plan

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestRuntimesAreThoseThatTheBuildUses(t *testing.T) {
	python := map[string]string{"requirements.txt": "six\n"}
	missing := map[string]string{".python-version": "3.12.1\n"}
	for name, text := range whole {
		missing[name] = text
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
		id    string // of the error
	}{
		"both":                 {whole, "3.13.1 24.1.0", ""},
		"Python alone":         {python, "3.13.1", ""},
		"a release is missing": {missing, "24.1.0", "version/unknown"},
		"no app of Python":     {map[string]string{"index.html": ""}, "", "python/none"},
	} {
		p, err := New(question(t, c.files, nil))
		var got []string
		for _, r := range p.Runtimes() {
			got = append(got, r.Version)
		}
		if user, _ := fail.User(err); strings.Join(got, " ") != c.want || (err != nil) != (c.id != "") ||
			err != nil && user.ID != c.id {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

// An exact version gets no security fixes.
func TestAReleaseThatIsNotTheLatestIsNamed(t *testing.T) {
	inventory, err := versions.Load("", func(string) ([]byte, error) { return nil, os.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		pin, want string
	}{
		"a release":      {"3.11.9", "Python 3.11.9 is not the latest 3.11: "},
		"a range":        {"3.11", ""},
		"an upper bound": {"<3.11.9", "Python 3.11.8 is not the latest 3.11: "},
	} {
		q := question(t, map[string]string{"requirements.txt": "", ".python-version": c.pin}, nil)
		q.Inventory, q.Today = inventory, "2024-01-01"
		p, err := New(q)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(note.Texts(p.Python.Notes), "\n")
		if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") ||
			c.want != "" && !strings.HasSuffix(got, "request 3.11 (.python-version)") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestARuntimeWithoutSupportIsNamed(t *testing.T) {
	for _, c := range []struct {
		end, today string
		warns      bool
	}{{"2029-10-31", "2029-11-01", true}, {"2029-10-31", "2029-10-31", false}, {"", "2029-11-01", false}} {
		q := question(t, map[string]string{"requirements.txt": ""}, nil)
		q.Today = c.today
		for i := range q.Inventory {
			q.Inventory[i].EOL = c.end
		}
		p, err := New(q)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(note.Texts(p.Python.Notes),
			"\n"); (got == "Python 3.13 has had no security fixes since 2029-10-31") != c.warns ||
			(got != "") != c.warns {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestTheSeriesOfABuildIsStored(t *testing.T) {
	stored := map[string]any{"other": "x", lastNode: "22"}
	p := planned(t, whole, nil)
	want := map[string]any{"other": "x", lastPython: "3.13", lastNode: "24"}
	if diff := cmp.Diff(want, p.Store(stored)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p = planned(t, map[string]string{"requirements.txt": ""}, nil)
	want[lastNode] = "22"
	if diff := cmp.Diff(want, p.Store(stored)); diff != "" {
		t.Errorf("without Node.js (-want +got):\n%s", diff)
	}
	q := question(t, whole, nil)
	q.App.Others = app.Others{Python: &app.Runtime{Version: "3.12.0"}, Node: &app.Runtime{Version: "20.1.0"}}
	p, err := New(q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, p.Store(stored)); diff != "" {
		t.Errorf("behind other buildpacks (-want +got):\n%s", diff)
	}
}

// A series that this buildpack no longer has would be an error that the user did not make.
func TestAStoredSeriesWithoutReleasesIsForgotten(t *testing.T) {
	inv := question(t, whole, nil).Inventory
	for _, c := range []struct {
		stored map[string]any
		want   Last
	}{
		{map[string]any{lastPython: "3.13", lastNode: "24 "}, Last{"3.13", "24"}},
		{map[string]any{lastPython: "3.8", lastNode: "no series"}, Last{}},
		{map[string]any{lastPython: 3.13}, Last{}},
		{nil, Last{}},
	} {
		if got := ReadLast(c.stored, inv, "amd64"); got != c.want {
			t.Errorf("%v: got %+v", c.stored, got)
		}
	}
	if got := ReadLast(map[string]any{lastPython: "3.13"}, inv, "arm64"); got != (Last{}) {
		t.Errorf("for another architecture: %+v", got)
	}
}

func TestTheInstallerHasTheVersionThatTheAppRequires(t *testing.T) {
	poetry := planned(t, whole, nil).Python.Installer
	if poetry.Name != "Poetry" || versions.Pinned(poetry.Tool, "poetry") == "" || poetry.Note != "" {
		t.Errorf("got %+v", poetry)
	}
	for text, want := range map[string]Installer{
		"":                             {Name: "uv"},
		"required-version = '>=0.11'":  {Name: "uv"},
		"required-version = '==0.9.1'": {"uv", "uv==0.9.1\n", "uv ==0.9.1 is required by the app; Tandem's is 0.12.0"},
	} {
		files := map[string]string{"uv.lock": "version = 1", "pyproject.toml": "[project]\nname = 'a'", "uv.toml": text}
		got := planned(t, files, nil).Python.Installer
		if want.Tool = strings.TrimSpace(want.Tool); want.Tool != strings.TrimSpace(got.Tool) {
			t.Errorf("%s: the requirements are %q", text, got.Tool)
		}
		if got.Name != want.Name || got.Note != want.Note {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

// What the app asks for and is not what an earlier buildpack has installed gets a line, with what that buildpack reads.
func TestOtherVersions(t *testing.T) {
	python := func(want, source string, within ...versions.Request) Plan {
		return Plan{Python: &Python{Provided: true,
			Runtime: Runtime{Ask: versions.Ask{ID: versions.Python, First: versions.Request{Want: want, Source: source},
				Within: within}}}}
	}
	node := func(want, source string) Plan {
		return Plan{Node: &Node{Runtime: Runtime{Ask: versions.Ask{ID: versions.Node,
			First: versions.Request{Want: want, Source: source}}}}}
	}
	others := app.Others{Python: &app.Runtime{Buildpack: "paketo-buildpacks/cpython", Version: "3.13.1"},
		Node: &app.Runtime{Buildpack: "somebody/node", Version: "24.21.0"}}
	for name, c := range map[string]struct {
		plan Plan
		want []string
	}{
		"the line of it":   {python("3.13", ".python-version"), nil},
		"the default":      {python("3.12", "the default"), nil},
		"the last build's": {python("3.12", "the last build"), nil},
		"no version":       {python("nonsense", ".python-version"), nil},
		"a range with it":  {python(">=3.11,<4", "requires-python in pyproject.toml"), nil},
		"a name":           {node("lts/krypton", ".nvmrc"), nil},
		"another patch": {python("3.13.2", ".python-version"),
			[]string{".python-version requests Python 3.13.2, but paketo-buildpacks/cpython has installed 3.13.1, " +
				"which is used. It reads BP_CPYTHON_VERSION. Or remove that buildpack: Tandem installs the requested " +
				"version"}},
		"the second of two": {python("3.13", ".python-version", versions.Request{Want: "<3.13", Source: "uv.lock"}),
			[]string{"uv.lock requests Python <3.13, but paketo-buildpacks/cpython has installed 3.13.1, which is " +
				"used. It reads BP_CPYTHON_VERSION. Or remove that buildpack: Tandem installs the requested version"}},
		"somebody's buildpack": {node("22", ".nvmrc"),
			[]string{".nvmrc requests Node.js 22, but somebody/node has installed 24.21.0, which is used. For " +
				"another version, remove that buildpack"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.plan.app.Others = others
			if diff := cmp.Diff(c.want, note.Texts(c.plan.otherVersions())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Errors suggest versions of the languages that the plan has.
func TestPinsAreOfAnotherPython(t *testing.T) {
	for header, want := range map[string]string{
		"# This file is autogenerated by pip-compile with Python 3.11\n": "requirements.txt 3.11",
		"# This file is autogenerated by pip-compile with Python 3.13\n": " ", "": " ",
	} {
		files := map[string]string{"requirements.txt": header + "six==1.17.0\n", ".python-version": "3.13"}
		file, python := planned(t, files, nil).Pins()
		if got := file + " " + python; got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestOffersAreOfTheLanguagesOfAPlan(t *testing.T) {
	python, node := planned(t, whole, nil).Offers()
	if python.Ask.ID != versions.Python || node.Ask.ID != versions.Node || len(python.Releases) == 0 {
		t.Errorf("both: %+v, %+v", python, node)
	}
	python, node = planned(t, map[string]string{"requirements.txt": ""}, nil).Offers()
	if python.Ask.ID != versions.Python || node.Ask.ID != "" {
		t.Errorf("Python alone: %+v, %+v", python, node)
	}
	if python, node = (Plan{}).Offers(); python.Ask.ID != "" || node.Ask.ID != "" {
		t.Errorf("nothing: %+v, %+v", python, node)
	}
}

// Packages of that time import pkg_resources without requiring setuptools.
func TestSetuptoolsBeforePython312(t *testing.T) {
	for name, c := range map[string]struct {
		version, requirements string
		vars                  map[string]string
		want                  bool
	}{
		"before":        {"3.11", "six\n", nil, true},
		"since":         {"3.12", "six\n", nil, false},
		"by pip itself": {"3.11", "six\n", map[string]string{config.PythonInstaller: "pip"}, true},
		"listed":        {"3.11", "six\nSetuptools==70.0 # for plugins\n", nil, false},
		"with hashes": {"3.11",
			"six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n", nil, false},
	} {
		q := question(t, map[string]string{"requirements.txt": c.requirements, ".python-version": c.version}, c.vars)
		for i, release := range q.Inventory {
			if release.ID == versions.Python {
				q.Inventory[i].Version = c.version + ".1"
			}
		}
		p, err := New(q)
		if err != nil {
			t.Fatal(err)
		}
		const also = "setuptools<82"
		install := p.Of(InstallPython)
		got := slices.Contains(install[len(install)-1].Argv, also)
		noted := slices.ContainsFunc(p.Notes, func(n StagedNote) bool { return n.ID == "python/setuptools-added" })
		if got != c.want || noted != c.want {
			t.Errorf("%s: %t, with a note: %t", name, got, noted)
		}
	}
}

// A release is the default if nothing requests one and nothing excludes others.
func TestDefaultReleases(t *testing.T) {
	within := []versions.Request{{Want: ">=3.10", Source: "pyproject.toml"}}
	for name, c := range map[string]struct {
		ask  versions.Ask
		want bool
	}{
		"the default":  {versions.Ask{First: versions.Request{Source: theDefault}}, true},
		"a constraint": {versions.Ask{First: versions.Request{Source: theDefault}, Within: within}, false},
		"a request":    {versions.Ask{First: versions.Request{Source: ".python-version"}}, false},
		"both":         {versions.Ask{First: versions.Request{Source: ".python-version"}, Within: within}, false},
	} {
		if got := (Runtime{Ask: c.ask}).IsDefault(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// The data of NLTK are downloaded into the environment, if it has NLTK.
func TestDataOfNLTKAreDownloaded(t *testing.T) {
	p := planned(t, map[string]string{"requirements.txt": "nltk\n", "nltk.txt": "stopwords\npunkt_tab\n"}, nil)
	steps := p.Of(PythonTool)
	last := steps[len(steps)-1]
	if got := strings.Join(last.Argv, " "); last.ID != "python/data-of-nltk" ||
		!slices.Equal(last.If, []installed.Condition{installed.IfNLTK}) ||
		!strings.HasPrefix(got, "/layers/x/venv/bin/python -B -c ") ||
		!strings.HasSuffix(got, " /layers/x/venv/nltk_data stopwords punkt_tab") {
		t.Errorf("got %s: %s if %v", last.ID, got, last.If)
	}
	if !slices.Contains(p.Python.Sources.Files, "nltk.txt") {
		t.Errorf("the key has only %v", p.Python.Sources.Files)
	}
	for packages, want := range map[string]bool{"nltk": true, "six": false} {
		settled, err := p.Settle(installed.Found{Packages: map[string]string{packages: "1"}})
		isStep := func(s Step) bool { return s.ID == "python/data-of-nltk" }
		if got := slices.ContainsFunc(settled.Steps, isStep); got != want || err != nil {
			t.Errorf("%s is installed: %t, %v", packages, got, err)
		}
	}
}
