package process

import (
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// Facts has all that the processes of an image depend on, besides what is installed.
type Facts struct {
	App             app.App
	Root            string         // the app's directory, an absolute path
	Manage          app.Manage     // Django's manage.py; without a Path if there is none
	NoCollectstatic bool           // the user has turned it off
	Wanted          manager.Wanted // of the Python packages
	Add             Add            // how the user adds a server
	Scripts         []BuildScript  // that the build runs
}

// BuildScript is a script of a package.json.
type BuildScript struct {
	Package       *app.Node
	Name, Command string
}

// Choose returns the Procfile's lines; without one, what certainly serves the app. Exactly one is the default if there
// is a choice: web, or the only one. Django's migrations are one more, unless the Procfile has them: nothing runs them
// on its own.
func (f Facts) Choose(in installed.Found) (all []Process, said note.List) {
	all, said = f.fitted(in)
	said.Hints("procfile/manage-path", manageAdvice(f.App, f.Manage)...)
	if len(all) == 0 {
		said = append(said, f.hiddenWeb()...)
		web, also := f.web(in)
		if said = append(said, also...); web.Command != "" {
			all = append(all, web)
		}
	}
	for i := range all {
		all[i].Default = all[i].Type == "web" || len(all) == 1
	}
	said.Hints("procfile/profile-scripts", profileAdvice(f.App, all)...)
	has := slices.ContainsFunc(all, func(p Process) bool { return p.Type == "migrate" })
	if !has && in.Has("django") && f.Manage.Path != "" {
		home := f.App.Python.Home
		command := "exec python " + shell.QuotePath(f.Manage.From(home)) + " migrate --noinput"
		all = append(all, Process{Type: "migrate", Command: command, Dir: home})
	}
	return all, said
}

// Possible returns the processes that the image may get, with conditions for what is not known yet. Notes are about
// what is certain.
func (f Facts) Possible() (all []Process, said note.List) {
	found := installed.Found{Packages: map[string]string{}}
	if f.Manage.Path != "" {
		found.Packages["django"] = ""
	}
	certain, said := f.Choose(found)
	if len(f.App.Procfile) == 0 {
		all = f.possibleWeb()
	}
	if len(all) > 0 {
		said = f.hiddenWeb() // the others are about no server being installed
	}
	for _, process := range certain {
		if !f.App.HasLine(process.Type) {
			process.If = installed.IfDjango // migrate
		}
		all = append(all, process)
	}
	return all, said
}

// Preferred returns the condition that no server is installed that would be preferred to those in found. It is
// empty if there is none.
func (f Facts) Preferred(found installed.Found) installed.Condition {
	web, _ := f.web(found)
	var others []string
	for _, name := range serverNames() {
		more := installed.Found{Packages: map[string]string{name: ""}, Settings: found.Settings}
		maps.Copy(more.Packages, found.Packages)
		if other, _ := f.web(more); other.Command != web.Command && !found.Has(name) {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return installed.Condition(strings.Join(others, " or ") + " is not installed")
}
