package app

import (
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"
)

// settingsModules returns the modules of Django's settings below dir, the directory of manage.py, sorted. It knows them
// by the names that projects give them.
func (r *reader) settingsModules(dir string) (names []string) {
	var files []string
	for folders := range r.sourceLevels(dir) {
		for _, folder := range folders {
			files = append(files, r.present(folder, []string{"settings.py"})...)
			for _, d := range r.list(path.Join(folder, "settings")) {
				if name := d.Name(); path.Ext(name) == ".py" && name != "__init__.py" {
					files = append(files, path.Join(folder, "settings", name))
				}
			}
		}
	}
	for _, file := range files {
		module := strings.TrimSuffix(strings.TrimPrefix(file, dir+"/"), ".py")
		names = append(names, strings.ReplaceAll(module, "/", "."))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Chosen is a module of Django's settings and the file that chooses it where no variable does.
type Chosen struct{ Module, File string }

// SettingsVariable is Django's own.
const SettingsVariable = "DJANGO_SETTINGS_MODULE"

// OtherSettings tells that manage.py and the servers choose different ones; a line of the Procfile that has the
// variable chooses itself.
func (a App) OtherSettings() bool {
	sets := func(p Process) bool { return strings.Contains(p.Command, SettingsVariable) }
	if a.Python == nil || slices.ContainsFunc(a.Procfile, sets) {
		return false
	}
	build, served := a.Python.Settings.Module, a.Python.Served.Module
	return build != "" && served != "" && build != served
}

// settingsChoice matches Python code that gives the variable a value: os.environ.setdefault("…", "mysite.settings") or
// os.environ["…"] = "mysite.settings". The group is the module.
var settingsChoice = regexp.MustCompile(`["']` + SettingsVariable + `["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']`)

// choice returns the module that a file chooses. It is the zero Chosen if the file chooses none, or if reading does not
// tell.
func (r *reader) choice(file string) Chosen {
	text, _ := r.quiet(file)
	if m := settingsChoice.FindStringSubmatch(text); m != nil {
		return Chosen{m[1], file}
	}
	return Chosen{}
}

// servedSettings are what the wsgi.py and asgi.py below manage.py's directory choose, if it is the same in all of them.
func (r *reader) servedSettings(dir string) (served Chosen) {
	for folders := range r.sourceLevels(dir) {
		for _, name := range []string{"wsgi.py", "asgi.py"} {
			for _, folder := range folders {
				one := r.choice(path.Join(folder, name))
				switch {
				case one.Module == "":
				case served.Module != "" && served.Module != one.Module:
					return Chosen{}
				case served.Module == "":
					served = one
				}
			}
		}
	}
	return served
}

// sourceLevels yields the directory dir, then the directories in it that may be the app's own, then those in these. It
// lists the directories of a level only when that is requested.
func (r *reader) sourceLevels(dir string) iter.Seq[[]string] {
	return func(yield func(folders []string) bool) {
		folders := []string{dir}
		for range 2 {
			if !yield(folders) {
				return
			}
			folders = r.sourceBelow(folders)
		}
		yield(folders)
	}
}

// sourceBelow returns the directories below those in folders that may be the app's own, links to some among them.
func (r *reader) sourceBelow(folders []string) (found []string) {
	for _, dir := range folders {
		for _, d := range r.list(dir) {
			if p := path.Join(dir, d.Name()); !Skipped(d.Name(), ForDjango) && r.isDir(p) {
				found = append(found, p)
			}
		}
	}
	return found
}
