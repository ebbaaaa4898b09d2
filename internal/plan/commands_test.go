package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
)

// with returns the files of an app, with some others or changed.
func with(files map[string]string, more ...string) map[string]string {
	all := maps.Clone(files)
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

func ids(steps []Step) (all []string) {
	for _, s := range steps {
		all = append(all, s.ID)
	}
	return all
}

func TestStepsThatAnAppDoesNotNeed(t *testing.T) {
	const berry3 = "__metadata:\n  version: 6\n"
	image := map[string]string{config.NodeLaunch: "true", config.NodeModulesLaunch: "true"}
	installs := `{"scripts": {"build": "x", "postinstall": "x"}, "dependencies": {"a": "1"}}`
	none := `{"scripts": {"build": "x", "prepare": "x"}}`
	python := map[string]string{"requirements.txt": ""}
	for name, c := range map[string]struct {
		files, vars map[string]string
		has, lacks  string
	}{
		"no translations": {python, nil, "python/install:1", "translations"},
		"scripts":         {with(python, "package.json", installs), nil, "script:.:postinstall", ""},
		"no scripts": {with(python, "package.json", installs, ".npmrc", "ignore-scripts=true\n"), nil,
			"node/install:.", "script:.:postinstall"},
		"nothing to install": {with(python, "package.json", none), nil, "script:.:build",
			"script:.:prepare node/install:. node/prune:."},
		"pruned": {with(python, "package.json", installs), image, "node/prune:.", ""},
		"pruned by no one": {with(python, "package.json", installs, "yarn.lock", berry3, ".yarnrc.yml",
			"nodeLinker: node-modules\n"), image, "node/install:.", "node/prune:."},
	} {
		got := ids(planned(t, c.files, c.vars).Steps)
		for _, id := range strings.Fields(c.has) {
			if !slices.Contains(got, id) {
				t.Errorf("%s: %s is not in %q", name, id, got)
			}
		}
		for _, id := range strings.Fields(c.lacks) {
			if slices.Contains(got, id) {
				t.Errorf("%s: %s is in %q", name, id, got)
			}
		}
	}
}

func TestLayersAreFilledByTheirSteps(t *testing.T) {
	p := planned(t, whole, nil)
	for want, got := range map[string][]Step{
		"python/uv python/tool:1 python/tool:2 python/install:1 python/install:2 python/install:3": p.Filling(VenvLayer,
			Fresh),
		"node/install:.":           p.Filling("node-modules", Fresh),
		"":                         p.Filling("node-modules_web", Fresh),
		"script:.:postinstall":     p.Filling("node-modules", Cached),
		"script:.:heroku-prebuild": p.Of(Script)[:1],
	} {
		if ids := strings.Join(ids(got), " "); ids != want {
			t.Errorf("got %q, want %q", ids, want)
		}
	}
}

func TestPipsSettingsAreArgumentsOfWhatInstallsForIt(t *testing.T) {
	requirements := map[string]string{"requirements.txt": "six\n"}
	uv := map[string]string{"uv.lock": "version = 1", "pyproject.toml": "[project]\nname = 'a'"}
	offline := map[string]string{"PIP_NO_INDEX": "true"}
	for _, c := range []struct {
		files, vars map[string]string
		want        bool
	}{{requirements, offline, true}, {requirements, nil, false}, {uv, offline, false}} {
		all := fmt.Sprint(planned(t, c.files, c.vars).Filling(VenvLayer, Fresh))
		if got := strings.Contains(all, "--no-index"); got != c.want {
			t.Errorf("%v: --no-index is there: %v", c.files, got)
		}
	}
	q := question(t, requirements, offline)
	q.Pip = map[string]manager.PipOption{}
	p, err := New(q)
	if err != nil || strings.Contains(fmt.Sprint(p.Steps), "--no-index") {
		t.Errorf("%v, the variables count where the settings are known", err)
	}
}

func TestSettingsAreNeededByCommandsOfDjango(t *testing.T) {
	manage := map[string]string{"requirements.txt": "", "manage.py": whole["manage.py"]}
	django := installed.Found{Packages: map[string]string{"django": "5"}}
	off := map[string]string{config.DisableCollectstatic: "1"}
	for name, c := range map[string]struct {
		files, vars map[string]string
		found       installed.Found
		want        bool
	}{
		"collectstatic":        {manage, nil, django, true},
		"no Django":            {manage, nil, installed.Found{}, false},
		"collectstatic is off": {manage, off, django, false},
		"a command": {manage,
			map[string]string{config.DisableCollectstatic: "1", config.CommandsBefore: "check"}, django, true},
	} {
		if got := planned(t, c.files, c.vars).NeedsSettings(c.found); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	for found, want := range map[bool]int{true: 1, false: 0} {
		in := installed.Found{}
		if found {
			in = django
		}
		p, err := planned(t, manage, off).Settle(in)
		got := 0
		for _, text := range note.Texts(p.Noted(App, note.Hint)) {
			if strings.HasPrefix(text, "collectstatic: skipped, DISABLE_COLLECTSTATIC is set") {
				got++
			}
		}
		if got != want || err != nil {
			t.Errorf("Django is installed: %v: %v, the log says %d times that collectstatic is off", found, err, got)
		}
	}
}

func TestScriptsAreShownAsTheyAreTyped(t *testing.T) {
	files := map[string]string{"requirements.txt": "", "package.json": `{"scripts": {"build": "x"}}`,
		"web/package.json": `{"scripts": {"build": "x"}, "dependencies": {"a": "1"}}`}
	for dir, want := range map[string]About{
		".": {Title: "npm run build", Try: "npm run build"},
		"web": {Title: "npm run build in web",
			Try: "cd web && npm install --include=dev --no-package-lock && npm run build"},
	} {
		p := planned(t, files, map[string]string{config.NodeProjectPath: dir})
		got := p.Projects()[0].Script("build").About
		if got.Title != want.Title || got.Try != want.Try {
			t.Errorf("%s: got %+v", dir, got)
		}
	}
}

func TestLinksIntoNodeModulesAreNamed(t *testing.T) {
	const text = "static/vendor: a link into node_modules"
	for name, c := range map[string]struct {
		files, vars map[string]string
		want        bool
	}{
		"not collected": {map[string]string{"requirements.txt": "",
			"package.json": `{"scripts": {"build": "x"}}`}, nil, true},
		"not in the image":      {whole, map[string]string{config.NodeModulesLaunch: "false"}, true},
		"node_modules is there": {whole, nil, false},
		"without Node.js":       {map[string]string{"requirements.txt": ""}, nil, false},
	} {
		q := question(t, c.files, c.vars)
		q.App.Links = []string{"static/vendor"}
		p, err := New(q)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(note.Texts(p.Noted(Prepare, note.Hint)), "\n"), text); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
		cure := strings.Contains(strings.Join(note.Texts(p.Noted(Prepare, note.Hint)), "\n"), config.NodeModulesLaunch+
			"=true")
		if cure != (name == "not collected") {
			t.Errorf("%s: the cure is named: %v", name, cure)
		}
	}
	if warnings := planned(t, whole, map[string]string{"PIP_TRUSTED_HOST": "a"}).Noted(Prepare,
		note.Warning); len(warnings) != 1 {
		t.Errorf("the warnings are %+v", warnings)
	}
}

func TestPackagesArePrunedAsTheyWereInstalled(t *testing.T) {
	installs := `{"scripts": {"build": "x"}, "dependencies": {"a": "1"}, "packageManager": "yarn@1.22.22"}`
	image := map[string]string{config.NodeLaunch: "true"}
	for lock, want := range map[string]string{"yarn.lock": "--frozen-lockfile", "other": "--no-lockfile"} {
		p := planned(t,
			map[string]string{"requirements.txt": "", "package.json": installs, lock: "# yarn lockfile v1\n"}, image)
		steps := p.Of(Prune)
		if len(steps) != 1 || !slices.Contains(steps[0].Argv, want) {
			t.Errorf("%s: got %+v", lock, steps)
		}
	}
}

func TestWhatHerokuHasCollected(t *testing.T) {
	p := planned(t, whole, nil)
	for name, c := range map[string]struct {
		python    *app.Runtime
		collected bool
		want      bool
	}{
		"heroku":               {&app.Runtime{Buildpack: herokuPython}, true, true},
		"nothing is collected": {&app.Runtime{Buildpack: herokuPython}, false, false},
		"another":              {&app.Runtime{Buildpack: "paketo-buildpacks/cpython"}, true, false},
		"our own Python":       {nil, true, false},
	} {
		p.app.Others.Python = c.python
		if got := len(p.CollectedBefore(c.collected)) > 0; got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
