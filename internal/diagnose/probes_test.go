package diagnose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
)

// at returns a traceback of the settings with a last line.
func at(last string) string {
	return "Traceback (most recent call last):\n  File \"/workspace/s.py\", line 3, in <module>\n    x\n" + last + "\n"
}

func TestScriptsThatMayMakeAFile(t *testing.T) {
	none, builds := &app.Node{Dir: "a"}, &app.Node{Dir: "b", Scripts: map[string]string{"build": "x", "css": "x"}}
	for name, c := range map[string]struct {
		facts Facts
		want  Vars
	}{
		"one has run": {Facts{Ran: []string{"a", "b"}, Packages: []*app.Node{builds}}, Vars{"script": "b"}},
		"the first with some": {Facts{Packages: []*app.Node{none, builds}},
			Vars{"manifest": "b/package.json", "scripts": "build\ncss", "script": "build"}},
		"none": {Facts{Packages: []*app.Node{none}}, Vars{"bare": "yes"}},
	} {
		vars := Vars{}
		if c.facts.script(vars); !cmp.Equal(c.want, vars) {
			t.Errorf("%s: got %v", name, vars)
		}
	}
}

// Packages look up files of their own too: no build of the app's makes those.
func TestManifestsOfTheApp(t *testing.T) {
	for file, want := range map[string]string{
		"/workspace/webpack-stats.json":                            "missing",
		"/var/webpack-stats.json":                                  "missing",
		"/layers/x/lib/python3.13/site-packages/a/dist/stats.json": "",
	} {
		tail := at("FileNotFoundError: [Errno 2] No such file or directory: '" + file + "'")
		if got, vars := probeManifest(newCase(load(), Step{}, Exit{Code: 1, Tail: tail},
			Facts{Root: testRoot})); got != want {
			t.Errorf("%s: got %q, %v", file, got, vars)
		}
	}
}

func TestNamesThatPythonNoLongerHas(t *testing.T) {
	const tried = "ModuleNotFoundError: No module named 'ujson'\n\n" +
		"During handling of the above exception, another exception occurred:\n\n"
	for tail, want := range map[string]string{
		at("AttributeError: module 'inspect' has no attribute 'getargspec'"): "app",
		at(tried) +
			at("AttributeError: module 'inspect' has no attribute 'getargspec'"): "app",
		at("ModuleNotFoundError: No module named 'cgi'"):   "app",
		at("ModuleNotFoundError: No module named 'ujson'"): "",
		at("NameError: name 'unicode' is not defined"):     "app-python2",
		at("ModuleNotFoundError: install ujson to use it"): "", // the words of a package that looks for another
	} {
		if got, vars := probeGone(newCase(load(), Step{}, Exit{Code: 1, Tail: tail},
			Facts{Root: testRoot})); got != want {
			t.Errorf("%s: got %q, %v", tail, got, vars)
		}
	}
}

func TestASettingsModuleThatNobodyNames(t *testing.T) {
	x := Exit{Code: 1, Tail: "CommandError: No Django settings specified."}
	for want, modules := range map[string][]string{"": nil, "a.settings": {"a.settings", "b.settings"}} {
		if got := (Facts{Modules: modules}).module(); got != want {
			t.Errorf("%v: got %q in %v", modules, got, x)
		}
	}
}

func TestWhichPackageHasAProgram(t *testing.T) {
	n := &app.Node{Dir: ".", Dependencies: []string{"sass"}, DevDependencies: []string{"postcss-cli"}}
	for name, c := range map[string]struct {
		program   string
		facts     Facts
		is, group string
	}{
		"a dependency in production": {"sass", Facts{Production: true, Installed: []string{"."}}, "installed",
			"dependencies"},
		"a devDependency in production": {"postcss", Facts{Production: true, Installed: []string{"."}}, "production",
			"devDependencies"},
		"a devDependency": {"postcss", Facts{Installed: []string{"."}}, "installed",
			"devDependencies"},
		"of what is not installed": {"sass", Facts{}, "outside", "dependencies"},
		"a devDependency that another buildpack has not installed": {"postcss",
			Facts{Pruned: Pruned{Names: []string{"postcss-cli"}, By: "heroku/nodejs"}}, "pruned", "devDependencies"},
		"of no package that the app names": {"lessc", Facts{}, "unknown", ""},
	} {
		c.facts.Packages = []*app.Node{n}
		vars := c.facts.owner(c.program)
		if vars[c.is] == "" || vars["group"] != c.group {
			t.Errorf("%s: got %v", name, vars)
		}
	}
	if vars := (Facts{}).owner("sass"); vars["bare"] == "" {
		t.Errorf("without a package.json: %v", vars)
	}
}

func TestTheProgramThatIsCalledLast(t *testing.T) {
	first := "Traceback (most recent call last):\n  File \"/usr/lib/python3.13/subprocess.py\", line 3, in run\n    x\n" +
		"FileNotFoundError: [Errno 2] No such file or directory: 'lessc'\n"
	last := "Traceback (most recent call last):\n  File \"/usr/lib/python3.13/subprocess.py\", line 3, in run\n    x\n" +
		"FileNotFoundError: [Errno 2] No such file or directory: 'sass'\n"
	if _, vars := probeProgram(newCase(load(), Step{}, Exit{Code: 1, Tail: first + last},
		Facts{})); vars["program"] != "sass" {
		t.Errorf("got %v", vars)
	}
}
