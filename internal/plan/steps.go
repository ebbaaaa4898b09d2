package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
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

	StaticPrefixes []string // of StaticDirs: what stands before their files in STATIC_ROOT
	Hashed         bool     // the names of static files have a part that changes with their contents
	StaticServer   string   // where it shows that the app serves them itself; "": nowhere
	Manifests      []Manifest
	SecretNames    []string // SECRET_KEY is empty: the variables that were looked for and not set
}

// Manifest is a file that pages look their assets up in.
type Manifest struct{ Package, Setting, File string }

// Has tells whether a package is installed.
func (i Installed) Has(name string) bool {
	_, ok := i.Packages[name]
	return ok
}

// steps returns the commands after the installation, in the order in which they run; root is the app's directory. The order
// is that of ARCHITECTURE.md, "The order of a build".
func (p Plan) steps(in Installed, root string) (steps []Step, said notes) {
	for _, words := range p.Config.CommandsBefore {
		steps = append(steps, p.manageCommand(Command, words))
	}
	for _, project := range p.projects() {
		names, also := p.scripts(project)
		said = append(said, also...)
		for _, name := range names {
			steps = append(steps, project.Script(name))
		}
	}
	if skipped, why := p.withoutCollectstatic(in); !skipped {
		steps = append(steps, p.manageCommand(Collectstatic, collectstatic(p.Config)))
	} else if why != "" {
		said.hint("collectstatic: skipped, %s", why)
	}
	for _, words := range p.Config.CommandsAfter {
		steps = append(steps, p.manageCommand(Command, words))
	}
	if hook := p.app.Hooks.PostCompile; hook != nil {
		steps = append(steps, RunHook(hook, root))
	}
	for _, project := range p.projects() {
		if project.Has(cleanup) {
			steps = append(steps, project.Script(cleanup))
		}
	}
	return steps, said
}

func collectstatic(c config.Config) []string {
	words := []string{"collectstatic", "--noinput"}
	if c.DebugCollectstatic.On {
		words = append(words, "--traceback")
	}
	return words
}

// withoutCollectstatic reports whether collectstatic does not run, and why. why is empty if there is no Django.
func (p Plan) withoutCollectstatic(in Installed) (skipped bool, why string) {
	switch {
	case !in.Has("django"):
		return true, ""
	case p.Manage.Path == "":
		return true, "there is no manage.py of Django in the app"
	case p.Config.DisableCollectstatic.On:
		return true, config.DisableCollectstatic + " is set"
	case in.Settings != nil && !in.Settings.Staticfiles:
		return true, "django.contrib.staticfiles is not in INSTALLED_APPS"
	}
	return false, ""
}

// NeedsSettings reports whether a command of the build certainly loads Django's settings. If none does, it does not matter
// what they lack.
func (p Plan) NeedsSettings(in Installed) bool {
	skipped, _ := p.withoutCollectstatic(in)
	return !skipped || len(p.Config.CommandsBefore)+len(p.Config.CommandsAfter) > 0
}

// projects returns those of Node.js, none if it is not used.
func (p Plan) projects() []Project {
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

// Prune is the command that takes devDependencies out of the project's packages; version is that of its package manager.
func (p Project) Prune(version string) []string {
	return manager.Node(p.Manager).Prune(manager.Tree{Version: version, Locked: len(p.Package.Locks) > 0})
}

// Script is a script of package.json as a step.
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
	return Step{title, Script, p.Package.Dir, argv, p.Package.Command(try)}
}

// RunHook is a hook as a step: by itself when it says which interpreter, else by bash, as classic's kernel fallback did.
// Its first argument is the app's folder.
func RunHook(hook *app.Hook, root string) Step {
	if hook.Shebang {
		return Step{hook.Path, HookScript, ".", []string{"./" + hook.Path, root}, ""}
	}
	return Step{hook.Path, HookScript, ".", []string{"bash", hook.Path, root}, ""}
}
