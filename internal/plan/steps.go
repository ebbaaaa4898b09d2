package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// steps returns all steps of a build, in the order of ARCHITECTURE.md, "The order of a build".
func (q Question) steps(p Plan) (steps []Step, said note.List) {
	if hook := p.app.Hooks.PreCompile; hook != nil {
		steps = append(steps, PreCompile(hook, q.Places.App))
	}
	steps = slices.Concat(steps, q.pythonSteps(p), q.nodeSteps(p))
	app, said := q.appSteps(p)
	for i := range app {
		if len(app[i].Argv) > 0 {
			app[i].Needs = p.needs()
		}
	}
	return slices.Concat(steps, app, p.finishSteps(nil)), said
}

// appSteps returns the steps after the installation.
func (q Question) appSteps(p Plan) (steps []Step, said note.List) {
	if files := p.app.Translations; len(files) > 0 {
		steps = append(steps, Step{
			ID: "translations", Kind: Translate, Place: Place{Stage: App}, Command: Command{Dir: "."},
			About: About{Title: "compile translations: " + show.Series(files)},
			If:    []installed.Condition{installed.IfBabel},
		})
	}
	for i, words := range q.Config.CommandsBefore {
		steps = append(steps, p.management(fmt.Sprintf("manage:before:%d", i+1), words))
	}
	for _, project := range p.Projects() {
		names, also := p.scripts(project)
		said = append(said, also...)
		for _, name := range names {
			steps = append(steps, project.Script(name))
		}
	}
	steps = append(steps, p.collectstatic()...)
	for i, words := range q.Config.CommandsAfter {
		steps = append(steps, p.management(fmt.Sprintf("manage:after:%d", i+1), words))
	}
	if hook := p.app.Hooks.PostCompile; hook != nil {
		step := runHook(hook, q.Places.App)
		step.Stage, step.Env, step.Before = App, EnvCommand, []Preparation{Executable}
		steps = append(steps, step)
	}
	for _, project := range p.Projects() {
		if project.Has(cleanup) {
			steps = append(steps, project.Script(cleanup))
		}
	}
	return steps, said
}

// collectstatic returns the step of that name, unless it is certain that it does not run.
func (p Plan) collectstatic() []Step {
	if p.Manage.Path == "" || p.Config.Collectstatic.Disable.On {
		return nil
	}
	words := []string{"collectstatic", "--noinput"}
	if p.Config.Collectstatic.Debug.On {
		words = append(words, "--traceback")
	}
	words = append(words, p.Config.Collectstatic.Args...)
	step := p.management("collectstatic", words)
	step.Kind, step.Title, step.Failed = Collectstatic, words[0], ""
	step.If = []installed.Condition{installed.IfStaticfiles}
	step.Before = append(step.Before, SettingsRead, StaticRootAged)
	return []Step{step}
}

// notCollected returns the note that the user has turned collectstatic off, if it would run otherwise.
func (p Plan) notCollected() []StagedNote {
	if p.Manage.Path == "" || !p.Config.Collectstatic.Disable.On {
		return nil
	}
	return []StagedNote{{Stage: App, If: installed.IfDjango, Note: note.Note{
		ID: "django/collectstatic-disabled", Text: "collectstatic: skipped, " + config.DisableCollectstatic + " is set",
	}}}
}

// skipped notes why collectstatic of an installed Django does not run, if the reason was not known before the
// installation.
func (p Plan) skipped(f installed.Found) (said note.List) {
	switch {
	case !f.Has("django"):
	case p.Manage.Path == "":
		said.Hint("django/collectstatic-without-manage",
			"collectstatic: skipped, there is no manage.py of Django in the app")
	case !p.Config.Collectstatic.Disable.On && !installed.IfStaticfiles.IsMet(f):
		said.Hint("django/collectstatic-not-used",
			"collectstatic: skipped, django.contrib.staticfiles is not in INSTALLED_APPS")
	}
	return said
}

// NeedsSettings reports whether a command of the build certainly loads Django's settings. If none does, it does not
// matter what they lack.
func (p Plan) NeedsSettings(f installed.Found) bool {
	loads := func(s Step) bool { return s.Kind == Management || s.Kind == Collectstatic }
	return slices.ContainsFunc(p.closed(f), loads)
}

// Projects returns the projects of Node.js; none if it is not used.
func (p Plan) Projects() []Project {
	if p.Node == nil {
		return nil
	}
	return p.Node.Projects
}

// Has reports whether the project has a script, even an empty one.
func (p Project) Has(script string) bool {
	_, ok := p.Scripts[script]
	return ok
}

// Script returns a script of package.json as a step.
func (p Project) Script(name string) Step {
	argv := append(append([]string{}, p.ManagerData().Commands.Run...), name)
	title := show.Command(argv)
	if p.Package.Dir != "." {
		title += " in " + show.Name(p.Package.Dir)
	}
	try := show.Command(argv)
	if p.Install != nil {
		try = show.Command(p.Install) + " && " + try
	}
	return Step{
		ID: "script:" + p.Package.Dir + ":" + name, Kind: Script, Place: Place{Stage: App},
		Command: Command{Dir: p.Package.Dir, Argv: argv, Env: EnvScript},
		About:   About{Title: title, Try: p.Package.Command(try), Explain: []string{"script"}},
	}
}

// PreCompile returns bin/pre_compile as a step. It runs before anything else is decided; root is the app's directory.
func PreCompile(hook *app.Hook, root string) Step {
	step := runHook(hook, root)
	step.Env, step.Before = EnvHook, []Preparation{Executable}
	return step
}

// runHook returns a hook as a step: run directly if it says which interpreter, otherwise by bash, as classic's kernel
// fallback did. Its first argument is the app's directory.
func runHook(hook *app.Hook, root string) Step {
	argv := []string{"bash", hook.Path, root}
	if hook.Shebang {
		argv = []string{"./" + hook.Path, root}
	}
	return Step{
		ID: "hook:" + hook.Path, Kind: HookScript, Command: Command{Dir: ".", Argv: argv},
		About: About{Title: hook.Path, Notes: Advice(hook, root), Explain: []string{"hook"}},
	}
}
