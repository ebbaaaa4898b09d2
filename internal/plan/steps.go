package plan

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// Kinds of steps.
const (
	Script        = "script"        // of package.json
	Command       = "command"       // of Django's manage.py
	Collectstatic = "collectstatic" // one of these, with rules of its own
	HookScript    = "hook"          // of the app
)

// Step is one command of the app. It runs with both environments.
type Step struct {
	Name string // as the log and the timeline call it
	Kind string
	Dir  string // where it runs, relative to the app's root folder
	Argv []string
	Try  string // the same on the user's machine; "": Argv
}

// Installed is what the installation of the Python packages has shown.
type Installed struct {
	Packages map[string]string // name in lower case with "-", to version
	Settings *Settings         // nil: not a Django app, or its settings could not be imported
}

// Settings are those of Django's settings that the build depends on.
type Settings struct {
	StaticRoot  string   // absolute; "": not set
	StaticDirs  []string // absolute, of STATICFILES_DIRS
	LocalStatic bool     // static files are kept in a folder, not in a service
	Staticfiles bool     // django.contrib.staticfiles is installed
	WSGI, ASGI  string   // "mysite.wsgi.application"; "": not set
}

// Has tells whether a package is installed.
func (i Installed) Has(name string) bool {
	_, ok := i.Packages[name]
	return ok
}

// Steps are the commands after the installation, in the order in which they run; root is the app's folder.
// The order is that of ARCHITECTURE.md, "The order of a build".
func Steps(a app.App, p *Plan, c config.Config, in Installed, root string) (steps []Step) {
	for _, words := range c.CommandsBefore {
		steps = append(steps, manageCommand(p, Command, words))
	}
	for _, project := range p.projects() {
		for _, name := range p.scripts(project, c) {
			steps = append(steps, project.Script(name))
		}
	}
	if collectstatic(p, c, in) {
		steps = append(steps, manageCommand(p, Collectstatic, []string{"collectstatic", "--noinput"}))
	}
	for _, words := range c.CommandsAfter {
		steps = append(steps, manageCommand(p, Command, words))
	}
	if hook := a.Hooks.PostCompile; hook != nil {
		steps = append(steps, RunHook(hook, root))
	}
	for _, project := range p.projects() {
		if project.Has(cleanup) {
			steps = append(steps, project.Script(cleanup))
		}
	}
	return steps
}

func collectstatic(p *Plan, c config.Config, in Installed) bool {
	switch {
	case !in.Has("django"):
	case p.Manage.Path == "":
		p.note("collectstatic: skipped, there is no manage.py of Django in the app")
	case c.DisableCollectstatic.On:
		p.note("collectstatic: skipped, %s is set", config.DisableCollectstatic)
	case in.Settings != nil && !in.Settings.Staticfiles:
		p.note("collectstatic: skipped, django.contrib.staticfiles is not in INSTALLED_APPS")
	default:
		return true
	}
	return false
}

// projects are those of Node, none where it takes no part.
func (p *Plan) projects() []Project {
	if p.Node == nil {
		return nil
	}
	return p.Node.Projects
}

// Has tells whether the project has a script, even an empty one.
func (p Project) Has(script string) bool {
	_, ok := p.Scripts[script]
	return ok
}

// Script is a script of package.json as a step.
func (p Project) Script(name string) Step {
	argv := append(append([]string{}, p.Manager.Run...), name)
	title := strings.Join(argv, " ")
	if p.Package.Dir != "." {
		title += " in " + p.Package.Dir
	}
	try := strings.Join(argv, " ")
	if p.Install != nil {
		try = strings.Join(p.Install, " ") + " && " + try
	}
	return Step{title, Script, p.Package.Dir, argv, in(p.Package.Dir, try)}
}

// RunHook is a hook as a step: by itself when it says which interpreter, else by bash, as classic's kernel fallback did.
// Its first argument is the app's folder.
func RunHook(hook *app.Hook, root string) Step {
	if hook.Shebang {
		return Step{hook.Path, HookScript, ".", []string{"./" + hook.Path, root}, ""}
	}
	return Step{hook.Path, HookScript, ".", []string{"bash", hook.Path, root}, ""}
}
