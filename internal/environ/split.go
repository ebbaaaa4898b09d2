package environ

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Split decides who gets which variable, and returns notes that say so. What would redirect the package
// managers is for the app's own commands only; with what is unusable no command could run. exists reports whether the
// machine has a file: bin/pre_compile sees all variables, and may create files that one of them names.
func Split(p Platform, a app.App, pl plan.Plan, exists func(path string) bool) (Envs, []note.Note) {
	e := Of(p)
	e.project = projectOf(p, a, pl)
	e.appOnly = run.Env{}
	notes := e.settleNodeEnv(a.Others)
	var found findings
	for _, name := range e.tools.Names() {
		switch {
		case manager.Unusable(name):
			found.unusable = append(found.unusable, name)
		case manager.Misleads(name):
			if p.fromUser(name, a.Others) {
				found.misleading = append(found.misleading, name)
			}
			e.appOnly[name] = e.tools[name]
		}
	}
	e.tools = e.tools.Without(func(name string) bool { return manager.Unusable(name) || manager.Misleads(name) })
	e.splitNodeOptions(&found, exists)
	return e, append(notes, found.notes()...)
}

// findings are the names of variables that not all commands get, with a remark where only a part of the value is meant.
type findings struct{ unusable, misleading []string }

// notes returns a line of the log for each kind of variable. It sorts the names, so that the log of a build is
// reproducible.
func (f findings) notes() (notes []note.Note) {
	for _, said := range []struct {
		names []string
		note  note.Note
	}{
		{f.unusable, note.Note{ID: "config/variable-unset", Text: "Unset for the whole build, because Python or " +
			"Node.js would not start: "}},
		{f.misleading, note.Note{ID: "config/variable-hidden", Text: "Hidden from the package managers, which they " +
			"would redirect: "}},
	} {
		if len(said.names) > 0 {
			slices.Sort(said.names)
			said.note.Text += strings.Join(said.names, ", ")
			notes = append(notes, said.note)
		}
	}
	return notes
}

// splitNodeOptions keeps modules that Node.js must load first from the package managers, since these run before the
// packages are installed. A file that does not exist would keep any Node.js from starting.
func (e *Envs) splitNodeOptions(found *findings, exists func(path string) bool) {
	options, set := e.tools[nodeOptions]
	if !set {
		return
	}
	forApp := manager.WithoutPreloads(options, func(module string) bool {
		return filepath.IsAbs(module) && !exists(module)
	})
	forTools := manager.WithoutPreloads(forApp, func(module string) bool { return !filepath.IsAbs(module) })
	if forApp != options {
		found.unusable = append(found.unusable, nodeOptions+" (a file it names does not exist)")
	}
	if forTools != forApp {
		found.misleading = append(found.misleading, nodeOptions+" (modules to load first)")
		e.appOnly[nodeOptions] = forApp
	}
	if e.tools = e.tools.With(run.Env{nodeOptions: forTools}); forTools == "" {
		e.tools = e.tools.Without(func(name string) bool { return name == nodeOptions })
	}
}

// settleNodeEnv removes NODE_ENV if an earlier buildpack has set it, and not the user: with Paketo's "development" the
// bundlers would make assets for development. Tandem's own npm has the other setting in a file of its layer.
func (e *Envs) settleNodeEnv(others app.Others) []note.Note {
	if others.Node == nil {
		return nil
	}
	e.tools = e.tools.WithDefaults(run.Env{"npm_config_update_notifier": "false"})
	value, set := e.tools[nodeEnv]
	if !set || e.platform.fromUser(nodeEnv, others) {
		return nil
	}
	e.tools = e.tools.Without(func(name string) bool { return name == nodeEnv })
	if value == Production {
		return nil
	}
	return []note.Note{{ID: "node/environment-of-others", Text: "NODE_ENV=" + show.Value(value) +
		", which an earlier buildpack has set, does not reach the app's steps: they get production"}}
}

// fromUser reports whether the user has set a variable for this build. Without an earlier buildpack all variables count
// as the user's.
func (p Platform) fromUser(name string, others app.Others) bool {
	return slices.Contains(p.User, name) || others.Python == nil && others.Node == nil
}

// projectOf returns what the environments depend on in the app.
func projectOf(p Platform, a app.App, pl plan.Plan) project {
	out := project{compiles: a.MayCompile(), modules: Modules(p.Root, pl.Modules()), blanks: map[string]string{}}
	out.image = map[string]string{"PORT": DefaultPort}
	if pl.Node != nil && pl.Node.Launch.Node {
		out.image[nodeEnv] = Production
	}
	if out.node = pl.Node != nil; !out.node {
		return out
	}
	out.tools, out.packages = map[string]string{}, map[string]string{}
	for _, project := range pl.Node.Projects {
		dir := project.Package.Dir
		out.dirs = append(out.dirs, dir)
		out.tools[dir], out.packages[dir] = pl.ToolLayer(project), project.Layer()
		for _, file := range project.Files {
			for _, v := range file.Variables {
				if slices.Contains(p.Private, v.Name) {
					// Yarn ends with an error if such a variable is not set at all, even when it only runs a script.
					out.blanks[v.Name] = ""
				}
			}
		}
	}
	return out
}

// Modules returns what PYTHONPATH begins with: the app's directory, and dirs in it, relative to it. It omits those that
// no such list can name.
func Modules(root string, dirs []string) string {
	all := []string{root}
	for _, name := range dirs {
		dir, err := app.In(".", name)
		if err == nil && !strings.Contains(string(dir), run.ListSeparator) {
			all = append(all, filepath.Join(root, string(dir)))
		}
	}
	return strings.Join(all, run.ListSeparator)
}
