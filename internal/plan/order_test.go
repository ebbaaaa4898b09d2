package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// orderly returns what is wrong with the steps of a plan: each needs only what earlier steps or earlier buildpacks have
// made, and is known by its ID. The tests call it for every plan that they make.
func orderly(p Plan) (err error) {
	made, met, stage := provides(p), map[string]bool{}, Prepare
	wrong := func(s Step, format string, args ...any) {
		err = errors.Join(err, fmt.Errorf("%s: %s", s.ID, fmt.Sprintf(format, args...)))
	}
	for _, s := range p.Steps {
		if met[s.ID] || s.ID == "" {
			wrong(s, "the ID is no name of its own")
		}
		if s.Stage < stage {
			wrong(s, "it is of an earlier stage than the step before it")
		}
		for _, layer := range s.Needs {
			if !slices.Contains(made, layer) {
				wrong(s, "it needs %s, which nothing has made", layer)
			}
		}
		if (s.From == Update || s.From == Cached) && !slices.Contains(made, s.Layer) {
			wrong(s, "it begins with %s, which nothing makes in a first build", s.Layer)
		}
		if slices.Contains(s.Before, SettingsRead) && !met["python/settings"] && !p.Python.Provided {
			wrong(s, "no step imports the settings")
		}
		if len(s.Argv) > 0 && (s.Env == "" || len(s.Explain) == 0) {
			wrong(s, "the command has no environment, or nothing explains its failure")
		}
		if (s.Skip() == WithLayer) != (s.Layer != "" && s.Kind != InstallScript) {
			wrong(s, "it fills %q and is skipped %q", s.Layer, s.Skip())
		}
		met[s.ID], stage, made = true, s.Stage, append(made, s.Layer)
	}
	return err
}

// provides returns the layers that earlier buildpacks have made.
func provides(p Plan) (layers []string) {
	if p.app.Others.Python != nil {
		layers = append(layers, PythonLayer)
	}
	if p.Python.Provided {
		layers = append(layers, VenvLayer)
	}
	if p.app.Others.Node != nil {
		layers = append(layers, NodeLayer, HeadersLayer)
	}
	for _, project := range p.Projects() {
		if project.Provided {
			layers = append(layers, project.Layer())
		}
	}
	return layers
}

// A step that is moved, renamed or forgotten is found.
func TestAnOrderThatCannotRunIsFound(t *testing.T) {
	for name, spoil := range map[string]func(steps []Step) []Step{
		"an ID twice":           func(s []Step) []Step { s[1].ID = s[0].ID; return s },
		"no runtime":            func(s []Step) []Step { return slices.DeleteFunc(s, isKind(Fetch)) },
		"packages come later":   func(s []Step) []Step { return append(slices.DeleteFunc(s, isKind(InstallPython)), s[5]) },
		"backward":              func(s []Step) []Step { slices.Reverse(s); return s },
		"no import":             func(s []Step) []Step { return slices.DeleteFunc(s, isKind(ImportSettings)) },
		"a command without set": func(s []Step) []Step { s[0].Explain = nil; return s },
	} {
		p := planned(t, whole, nil)
		if p.Steps = spoil(slices.Clone(p.Steps)); orderly(p) == nil {
			t.Errorf("%s: nothing is wrong with %q", name, ids(p.Steps))
		}
	}
}

func isKind(kind Kind) func(Step) bool { return func(s Step) bool { return s.Kind == kind } }

// What an earlier buildpack has made is not made again, and what it has put into the app is pruned once that is known.
func TestWhatEarlierBuildpacksHaveMadeIsNoStep(t *testing.T) {
	files := map[string]string{"requirements.txt": "", "package.json": whole["package.json"], "Procfile": "web: node a.js"}
	q := question(t, files, map[string]string{config.PythonInstaller: "uv"})
	q.App.Others = app.Others{
		Python: &app.Runtime{Version: "3.13.0", Dir: "/layers/p"}, Node: &app.Runtime{Version: "24.1.0", Dir: "/layers/n"},
		Packages: &app.Packages{Dir: "/layers/p/site-packages"}, Modules: []string{"."},
	}
	p, err := New(q)
	if err := errors.Join(err, orderly(p)); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(ids(p.Steps), " ")
	for _, id := range []string{"python/runtime", "python/uv", "python/install", "image/bytecode", "node/runtime",
		"node/headers", "node/install", "node/prune"} {
		if strings.Contains(all, id) {
			t.Errorf("%s is in %s", id, all)
		}
	}
	p, err = p.Settle(installed.Found{Managers: map[string]string{".": "9.15.9"}})
	if _, ok := p.Prune("."); err != nil || orderly(p) != nil || !ok {
		t.Errorf("%v, %v, %v", err, orderly(p), ids(p.Steps))
	}
}

// Projects that request the same package manager share it; what an earlier buildpack may have is not shared.
func TestProjectsShareAPackageManager(t *testing.T) {
	pkg := `{"dependencies": {"a": "1"}, "scripts": {"build": "x"}}`
	files := map[string]string{
		"requirements.txt": "", "package.json": `{"packageManager": "pnpm@9.15.9"}`,
		"a/pnpm-lock.yaml": "", "b/pnpm-lock.yaml": "", "c/pnpm-lock.yaml": "", "a/package.json": pkg, "b/package.json": pkg, "c/package.json": pkg,
	}
	p := planned(t, files, map[string]string{config.NodeProjectPath: "a,b,c"})
	if got := strings.Join(ids(p.Of(NodeTool)), " "); got != "node/tool:a" {
		t.Errorf("the package managers are %s", got)
	}
	p.Node.Projects[0].Provided = true
	var layers []string
	for _, project := range p.Projects() {
		layers = append(layers, p.ToolLayer(project))
	}
	if got := strings.Join(layers, " "); got != "tool_node-modules_a tool_node-modules_b tool_node-modules_b" {
		t.Errorf("the layers are %s", got)
	}
}

func TestWhenALaterBuildSkipsAStep(t *testing.T) {
	p := planned(t, whole, map[string]string{config.CommandsBefore: "migrate"})
	want := map[Skip]string{
		Never:     "hook:bin/pre_compile script:.:heroku-prebuild script:.:postinstall translations hook:bin/post_compile",
		Unchanged: "python/settings manage:before:1 script:.:build collectstatic script:.:heroku-cleanup",
		PerFile:   "python/bytecode",
		WithLayer: "python/runtime python/uv python/tool:1 python/tool:2 python/install:1 " +
			"python/install:2 python/install:3 python/update:1 python/update:2 node/runtime node/headers " +
			"node/tool:. node/install:. node/prune:. image/bytecode " +
			"image/environment",
	}
	got := map[Skip][]string{}
	for _, s := range p.Steps {
		got[s.Skip()] = append(got[s.Skip()], s.ID)
	}
	for skip, ids := range want {
		if strings.Join(got[skip], " ") != ids {
			t.Errorf("%q: got %q, want %q", skip, got[skip], ids)
		}
	}
}

// A package manager with a checksum is packed first; the archive has the name that npm gives it.
func TestAPackageManagerIsInstalledFromWhatWasCompared(t *testing.T) {
	pkg := `{"dependencies": {"a": "1"}, "packageManager": "yarn@4.5.0+sha224.00"}`
	p := planned(t, map[string]string{"requirements.txt": "", "package.json": pkg, "yarn.lock": "__metadata:\n  version: 8\n"}, nil)
	steps := p.Filling("tool_node-modules", Fresh)
	if got := strings.Join(ids(steps), " "); got != "node/package:. node/tool:." {
		t.Fatalf("the steps are %s", got)
	}
	archive := "/layers/x/private/tool/yarnpkg-cli-dist-4.5.0.tgz"
	if steps[0].Output != archive || slices.Index(steps[1].Argv, archive) != len(steps[1].Argv)-1 {
		t.Errorf("%+v\n%+v", steps[0], steps[1])
	}
	if name := manager.Node(manager.YarnBerry).Data().Package; steps[0].Argv[3] != name+"@4.5.0" {
		t.Errorf("packed is %q", steps[0].Argv)
	}
}

// In returns the steps of a stage and lane, in order.
func (p Plan) In(place Place) (steps []Step) {
	return p.where(func(s Step) bool { return s.Place == place })
}
