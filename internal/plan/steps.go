package plan

import (
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
	Argv []string
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
		steps = append(steps, manageCommand(p, words))
	}
	if p.Node != nil {
		if name := buildScript(a.Node); name != "" {
			if _, both := a.Node.Scripts["build"]; both && name != "build" {
				p.note("Build scripts: %s runs, and so build does not", name)
			}
			steps = append(steps, NodeScript(name))
		} else {
			p.note("Build scripts: package.json has none of heroku-postbuild, heroku-build and build")
		}
	}
	if collectstatic(p, c, in) {
		steps = append(steps, Step{"collectstatic", Collectstatic, []string{"python", p.Manage.Path, "collectstatic", "--noinput"}})
	}
	for _, words := range c.CommandsAfter {
		steps = append(steps, manageCommand(p, words))
	}
	if hook := a.Hooks.PostCompile; hook != nil {
		steps = append(steps, RunHook(hook, root))
	}
	if p.Node != nil {
		if _, ok := a.Node.Scripts["heroku-cleanup"]; ok {
			steps = append(steps, NodeScript("heroku-cleanup"))
		}
	}
	return steps
}

func collectstatic(p *Plan, c config.Config, in Installed) bool {
	switch {
	case !in.Has("django"):
	case p.Manage.Path == "":
		p.note("collectstatic: skipped, there is no manage.py of Django in the app")
	case c.DisableCollectstatic:
		p.note("collectstatic: skipped, %s is set", config.DisableCollectstatic)
	case in.Settings != nil && !in.Settings.Staticfiles:
		p.note("collectstatic: skipped, django.contrib.staticfiles is not in INSTALLED_APPS")
	default:
		return true
	}
	return false
}

func manageCommand(p *Plan, words []string) Step {
	return Step{"manage.py " + words[0], Command, append([]string{"python", p.Manage.Path}, words...)}
}

// Translations are the .po files to compile. They are Django's and Babel's; other tools read them as they are.
func Translations(a app.App, in Installed) []string {
	if in.Has("django") || in.Has("babel") {
		return a.Translations
	}
	return nil
}

// NodeScript is a script of package.json as a step.
func NodeScript(name string) Step {
	return Step{"npm run " + name, Script, []string{"npm", "run", name}}
}

// RunHook is a hook as a step: by itself when it says which interpreter, else by bash, as classic's kernel fallback did.
// Its first argument is the app's folder.
func RunHook(hook *app.Hook, root string) Step {
	if hook.Shebang {
		return Step{hook.Path, HookScript, []string{"./" + hook.Path, root}}
	}
	return Step{hook.Path, HookScript, []string{"bash", hook.Path, root}}
}
