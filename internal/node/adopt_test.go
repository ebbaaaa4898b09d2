package node

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

func replaced(text, dir string) string { return strings.ReplaceAll(text, dir, "DIR") }

// adopting returns a job for an app whose packages an earlier buildpack has installed, and the log. In dir are the app
// and the other buildpack's Node.js, with an npm that writes down its arguments.
func adopting(t *testing.T, launch plan.Launch) (j job, dir string, log *bytes.Buffer) {
	t.Helper()
	dir, log = t.TempDir(), &bytes.Buffer{}
	write(t, dir, map[string]string{
		"node/bin/npm": "#!/bin/sh\n[ \"$1\" = --version ] && echo 6.14.18 && exit\n" +
			"echo \"$*\" >>" + dir + "/calls\n",
		"node/include/node/node.h": "", "private/x": "", "app/node_modules/a/index.js": "",
		"app/requirements.txt": "", "app/package.json": `{"scripts": {"build": "x"}}`,
	})
	root := filepath.Join(dir, "app")
	within, err := tree.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { within.Close() })
	other := app.Runtime{Version: "14.21.3", Dir: filepath.Join(dir, "node")}
	others := app.Others{Python: &app.Runtime{}, Packages: &app.Packages{}, Node: &other, Modules: []string{"."}}
	a := app.Read(within.FS(), plan.Requested(config.Config{}, others))
	p, err := plan.New(plan.Question{App: a, Places: plan.Places{App: root}})
	if err != nil {
		t.Fatal(err)
	}
	p.Node.Launch = launch
	in := In{
		Runner: steps.Runner{
			Dirs: steps.Dirs{Root: root, Tree: within, Source: within.FS(), Private: filepath.Join(dir, "private")},
			Log:  ui.New(log).Branch(""), Plan: p, App: a,
			Envs: environ.Of(environ.Platform{
				Vars: run.Env{"PATH": filepath.Join(dir, "node/bin") + ":/usr/bin:/bin"},
			}),
		},
	}
	env := run.Env{"HOME": filepath.Join(dir, "home")}
	return job{in: in, runtime: adopt(other, env), project: p.Projects()[0]}, dir, log
}

// Without devDependencies, if a process needs them. A link leads into the other buildpack's layer, and stays.
func TestPackagesOfAnEarlierBuildpackArePutAway(t *testing.T) {
	for name, c := range map[string]struct {
		launch plan.Launch
		linked bool
		left   bool
		calls  string
	}{
		"no process needs them": {plan.Launch{}, false, false, ""},
		"a process needs them": {plan.Launch{Modules: true}, false, true,
			"prune --production --ignore-scripts --no-save --no-package-lock --no-audit --no-fund " +
				"--prefer-offline\n"},
		"a link into its layer": {plan.Launch{Modules: true}, true, true, ""},
	} {
		j, dir, log := adopting(t, c.launch)
		modules := filepath.Join(dir, "app/node_modules")
		if c.linked {
			if err := os.Rename(modules, filepath.Join(dir, "node/modules")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(dir, "node/modules"), modules); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Install(t.Context(), j.in, j.runtime)
		if err != nil {
			t.Fatal(err)
		}
		if j.in.Plan, err = j.in.Plan.Settle(installed.Found{Managers: r.Managers}); err != nil {
			t.Fatal(err)
		}
		if _, err := PutAway(t.Context(), j.in, r); err != nil {
			t.Errorf("%s: %v\n%s", name, err, log)
		}
		if _, err := os.Lstat(modules); (err == nil) != c.left {
			t.Errorf("%s: node_modules: %v", name, err)
		}
		calls, _ := os.ReadFile(filepath.Join(dir, "calls"))
		if diff := cmp.Diff(c.calls, string(calls)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheNodeOfAnEarlierBuildpack(t *testing.T) {
	j, dir, _ := adopting(t, plan.Launch{})
	rt := j.runtime
	if err := rt.Headers.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(dir, "home/.cache/node-gyp/14.21.3/include")
	target, err := os.Readlink(linked)
	if rt.Version != "14.21.3" || rt.ID != filepath.Join(dir, "node") || target != filepath.Join(rt.ID, "include") {
		t.Errorf("%+v, the headers are linked to %q, %v", rt, target, err)
	}
	if !j.adoptsTool() {
		t.Error("its npm is not found")
	}
	if version, err := j.version(t.Context()); err != nil || version != "6.14.18" {
		t.Errorf("its npm is %q, %v", version, err)
	}
	if version, err := j.bundledVersion(); err != nil || version != "" {
		t.Errorf("it includes an npm %q, %v", version, err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "node/include")); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	without := adopt(*j.in.App.Others.Node, run.Env{"HOME": home})
	if err := without.Headers.Get(t.Context()); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(home); len(entries) > 0 || err != nil {
		t.Errorf("there are no headers, and HOME has %v, %v", entries, err)
	}
	j.project.Provided = false
	if j.adoptsTool() {
		t.Error("the manager of a project is adopted that Tandem installs")
	}
}
