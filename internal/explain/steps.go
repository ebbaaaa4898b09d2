package explain

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Where things are in a build by pack.
const (
	root    = "/workspace"
	layers  = "/layers/tandem_python-node"
	scratch = layers + "/private/packages"
)

// Conditions that are known only when the packages are installed.
const (
	ifDjango      = "Django is installed"
	ifStaticfiles = "Django is installed and django.contrib.staticfiles is in INSTALLED_APPS"
	ifBabel       = "Django or Babel is installed"
)

// Sides of a build that work at the same time.
const (
	python = "python"
	node   = "node"
)

// installed is what is taken for installed: what the app's files say that it needs.
func (x explanation) installed() plan.Installed {
	in := plan.Installed{Packages: map[string]string{}}
	if x.Plan.Manage.Path != "" {
		in.Packages["django"] = ""
	}
	return in
}

// settled is the plan with what is taken for installed. No old gunicorn is, so there is no error.
func (x explanation) settled() plan.Plan {
	p, _ := x.Settle(x.installed(), root)
	return p
}

func (x explanation) installer() plan.Installer {
	uv, err := x.archives.Choose(versions.Ask{ID: versions.UV}, x.arch)
	if err != nil {
		return plan.InstallerOf(x.Plan.Python, "")
	}
	return plan.InstallerOf(x.Plan.Python, uv.Version)
}

// packages are the sets that are installed.
func (x explanation) packages() (all []Package) {
	p, by := x.Plan.Python, x.installer()
	version := versions.Pinned(by.Tool, by.Name)
	if p.Sources.Version != "" {
		version = p.Sources.Version
	}
	all = []Package{{Name: "Python packages", Manager: by.Name, Version: version, Why: by.Note, Files: nonNil(p.Sources.Files)}}
	for _, project := range x.projects() {
		if project.Install == nil {
			continue
		}
		tool := project.Tool
		all = append(all, Package{project.Title(), project.ManagerData().Name, tool.Version.Want + tool.File, tool.Version.Source, nonNil(project.Package.Inputs)})
	}
	return all
}

func (x explanation) projects() []plan.Project {
	if x.Plan.Node == nil {
		return nil
	}
	return x.Plan.Node.Projects
}

// order is what a build does, in the order of ARCHITECTURE.md, "The order of a build", and what is said about it.
func (x explanation) order() (all []Step, notes []string) {
	if hook := x.App.Hooks.PreCompile; hook != nil {
		all = append(all, appStep(plan.RunHook(hook, root)))
	}
	all = append(all, x.pythonSteps()...)
	for _, project := range x.projects() {
		all = append(all, nodeSteps(project)...)
	}
	if len(x.App.Translations) > 0 {
		all = append(all, Step{Name: "compile translations: " + show.Series(x.App.Translations), Dir: ".", If: ifBabel})
	}
	p := x.settled()
	for _, step := range p.Steps {
		all = append(all, appStep(step))
	}
	if x.Plan.Node != nil && x.Plan.Node.Launch.Modules {
		for _, project := range x.projects() {
			all = append(all, pruning(project)...)
		}
	}
	for i := range all {
		all[i].Command = nonNil(all[i].Command)
	}
	return all, p.Texts(plan.App, plan.Hint)
}

func appStep(step plan.Step) Step {
	out := Step{Name: show.Command(step.Argv), Dir: step.Dir, Command: step.Argv}
	if step.Kind == plan.Collectstatic {
		out.If = ifStaticfiles
	}
	return out
}

func (x explanation) pythonSteps() (all []Step) {
	p, by := x.Plan.Python, x.installer()
	if by.Tool != "" {
		all = append(all, Step{Side: python, Name: "install " + by.Name + " itself", Dir: "."})
	}
	target := manager.Target{Wanted: p.Wanted, Python: layers + "/python/bin/python3", Venv: layers + "/venv", Scratch: scratch, Args: p.Sources.Args}
	if p.ManagerData().Pip == manager.PipForUV {
		target.Args = slices.Concat(target.Args, manager.PipToUV(manager.PipVariables(x.env), p.Sources.Options).Args)
	}
	for _, command := range manager.Python(p.Manager).Commands(target) {
		all = append(all, Step{Side: python, Name: show.Command(command.Argv), Dir: p.Dir, Command: command.Argv})
	}
	if x.Plan.Manage.Path != "" {
		all = append(all, Step{Side: python, Name: "import the settings", Dir: ".", If: ifDjango})
	}
	return all
}

func nodeSteps(project plan.Project) (all []Step) {
	dir := project.Package.Dir
	if tool := project.Tool; tool != (plan.Tool{}) {
		name := "get " + project.ManagerData().Name + " " + show.Value(tool.Version.Want+tool.File)
		step := Step{Side: node, Name: name, Dir: "."}
		if project.ManagerData().Program.Bundled {
			step.If = "the one that Node.js brings does not fit"
		}
		all = append(all, step)
	}
	if project.Has(plan.Prebuild) {
		step := appStep(project.Script(plan.Prebuild))
		step.Side = node
		all = append(all, step)
	}
	if project.Install != nil {
		argv := slices.Concat(project.Install, project.ManagerData().Commands.Quiet)
		all = append(all, Step{Side: node, Name: show.Command(argv), Dir: dir, Command: argv})
	}
	return all
}

// pruning takes devDependencies out of what the image gets.
func pruning(project plan.Project) []Step {
	argv := project.Prune(project.Tool.Version.Want)
	if project.Install == nil || len(argv) == 0 {
		return nil
	}
	argv = slices.Concat(argv, project.ManagerData().Commands.Quiet)
	return []Step{{Name: show.Command(argv), Dir: project.Package.Dir, Command: argv}}
}

// processes are the image's, and what is said about them.
func (x explanation) processes() (all []Process, notes []string) {
	var ours []Process
	if len(x.App.Procfile) == 0 {
		var before []string
		for _, serving := range x.CanServe() {
			condition := serving.Server + " is installed"
			if len(before) > 0 {
				condition += ", and not " + strings.Join(before, " or ")
			}
			before = append(before, serving.Server)
			ours = append(ours, Process{Type: "web", Command: serving.Command, Default: true, If: condition})
		}
	}
	p := x.settled()
	for _, process := range p.Processes {
		out := Process{process.Type, process.Command, process.Default, ""}
		if !slices.ContainsFunc(x.App.Procfile, func(line app.Process) bool { return line.Type == process.Type }) {
			out.If = ifDjango // migrate
		}
		all = append(all, out)
	}
	if len(ours) > 0 {
		return append(ours, all...), nil // the notes are about no server being installed
	}
	return all, p.Texts(plan.Finish, plan.Hint)
}

// nonNil is an empty list where there is none: in JSON they are not the same.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
