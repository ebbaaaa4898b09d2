package config

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func lookup(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := vars[name]; ok {
			return value, true
		}
		return map[string]string{SecretKeyPlaceholder: "true", PythonInstaller: "uv"}[name], false
	}
}

func TestDisableCollectstaticMeansWhatItMeansOnHeroku(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "true": true, "false": true,
		" 1 ": true} {
		if c, err := Read(lookup(map[string]string{DisableCollectstatic: value})); err != nil ||
			c.Collectstatic.Disable.On != want {
			t.Errorf("%q: got %v, %v", value, c.Collectstatic.Disable, err)
		}
	}
}

func TestProjectFoldersLieInTheApp(t *testing.T) {
	for value, want := range map[string]string{
		"": "", ".": ".", "frontend": "frontend", " ./ui/ , admin/front/package.json,,ui": "ui admin/front",
		"a/../b": "b",
		"all":    "+all", " none ": "+none", "./all": "all", "./none": "none", "all,web": "all web",
		"/workspace/ui": "!", "../ui": "!", "a/../../ui": "!", "..": "!",
	} {
		c, err := Read(lookup(map[string]string{NodeProjectPath: value}))
		got := strings.Join(c.NodeProjects.Dirs, " ")
		if c.NodeProjects.All {
			got += "+all"
		}
		if c.NodeProjects.None {
			got += "+none"
		}
		if (want == "!") != (err != nil) || err == nil && got != want {
			t.Errorf("%q: got %q, %v", value, got, err)
		}
	}
}

func TestThePythonProjectIsOneFolderOfTheApp(t *testing.T) {
	for value, want := range map[string]string{
		"": "", ".": ".", " ./api/ ": "api", "a,b": "!", "../api": "!", "/api": "!", "a,a": "a",
	} {
		c, err := Read(lookup(map[string]string{PythonProjectPath: value}))
		if got := c.PythonProject.Path; (want == "!") != (err != nil) || err == nil && got != want {
			t.Errorf("%q: got %q, %v", value, got, err)
		}
	}
}

func TestABooleanIsStrict(t *testing.T) {
	for value, ok := range map[string]bool{"true": true, "false": true, "yes": false, "1": false, "": false,
		"True": false} {
		_, err := Read(lookup(map[string]string{SecretKeyPlaceholder: value}))
		if ok != (err == nil) {
			t.Errorf("%q: got %v", value, err)
		}
		if err != nil && !strings.Contains(err.Error(), "Allowed values: true, false") {
			t.Errorf("%q: the error does not say what is legal: %v", value, err)
		}
	}
}

func TestModulesInTheImage(t *testing.T) {
	for value, want := range map[string]Modules{
		"": {}, "false": {Switch: Switch{Set: true}}, "true": {Switch: Switch{On: true, Set: true}},
		"all": {Switch: Switch{On: true, Set: true}, Dev: true},
	} {
		got, err := Read(lookup(map[string]string{NodeModulesLaunch: value, SecretKeyPlaceholder: "true"}))
		if err != nil || got.NodeModulesLaunch != want {
			t.Errorf("%q: got %+v, %v", value, got.NodeModulesLaunch, err)
		}
	}
	_, err := Read(lookup(map[string]string{NodeModulesLaunch: "yes", SecretKeyPlaceholder: "true"}))
	if err == nil || !strings.Contains(err.Error(), "Allowed values: true, false, all") {
		t.Errorf("the error does not list the values: %v", err)
	}
}

// Each wrong value is an error, and none of them changes what the others say.
func TestAWrongValueLeavesTheOthers(t *testing.T) {
	right := map[string]string{
		NodeVersion: "22", PythonVersion: "3.12", PythonRequirements: "a.txt,./b.txt", PythonExtras: "x",
		RunScripts: "build",
		ManagePath: "backend/manage.py", NodeProjectPath: "web", CommandsBefore: "check", CommandsAfter: "migrate",
		SecretKeyPlaceholder: "false", NodeLaunch: "true", NodeModulesLaunch: "false", PythonInstaller: "pip",
		NPMProduction: "true", NPMFeed: "true", AptPackages: "libpq-dev, poppler-utils=1:2.0-1", AptMode: "listed",
		CheckProcesses: "false",
	}
	whole, err := Read(lookup(right))
	if err != nil {
		t.Fatal(err)
	}
	for name, reset := range map[string]func(c *Config){
		NodeProjectPath:      func(c *Config) { c.NodeProjects = Projects{} },
		CommandsBefore:       func(c *Config) { c.CommandsBefore = nil },
		CommandsAfter:        func(c *Config) { c.CommandsAfter = nil },
		SecretKeyPlaceholder: func(c *Config) { c.SecretKeyPlaceholder = false },
		NodeLaunch:           func(c *Config) { c.NodeLaunch = Switch{} },
		NPMFeed:              func(c *Config) { c.NPM.Feed = false },
		NodeModulesLaunch:    func(c *Config) { c.NodeModulesLaunch = Modules{} },
		PythonInstaller:      func(c *Config) { c.PipItself = false },
		CheckProcesses:       func(c *Config) { c.Image.CheckProcesses = false },
		AptMode:              func(c *Config) { c.Apt.Listed = false },
		AptPackages:          func(c *Config) { c.Apt.Packages = nil },
	} {
		vars, want := maps.Clone(right), whole
		vars[name] = "../$(x)"
		reset(&want)
		want.Invalid = []string{name}
		if name == AptPackages {
			want.Invalid = []string{AptMode} // both are settings of apt
		}
		got, err := Read(lookup(vars))
		if user, ok := fail.User(err); !ok || !strings.Contains(user.What, name) || len(fail.Each(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
