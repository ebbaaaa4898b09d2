package app

import (
	"cmp"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// settingsModules returns the modules of Django's settings below dir, the directory of manage.py, sorted. It knows them
// by the names that projects give them.
func (r *reader) settingsModules(dir string) (names []string) {
	var files []string
	for dirs := range r.sourceLevels(dir) {
		for _, sub := range dirs {
			files = append(files, r.present(sub, []string{"settings.py"})...)
			for _, d := range r.list(path.Join(sub, "settings")) {
				if name := d.Name(); path.Ext(name) == ".py" && name != "__init__.py" {
					files = append(files, path.Join(sub, "settings", name))
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
type Chosen struct {
	Module, File string
	Missing      bool   // the app has the module's package, and not the module
	Instead      string // what is there instead, such as mysite/settings.py.example or an empty directory; may be ""
}

// SettingsVariable is the variable from which Django reads its settings module.
// https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
const SettingsVariable = "DJANGO_SETTINGS_MODULE"

// ServedSettings returns the settings module of the container. variable is the value that SettingsVariable has in a
// build.
func (a App) ServedSettings(variable string) string {
	if variable == "" && a.OtherSettings() {
		return a.Python.Served.Module
	}
	return cmp.Or(variable, a.Python.Settings.Module)
}

// OtherSettings reports whether manage.py and the servers choose different settings modules. It is false if a line of
// the Procfile sets the variable, or if the app does not have the servers' module.
func (a App) OtherSettings() bool {
	sets := func(p Process) bool { return strings.Contains(p.Command, SettingsVariable) }
	if a.Python == nil || slices.ContainsFunc(a.Procfile, sets) {
		return false
	}
	build, served := a.Python.Settings.Module, a.Python.Served.Module
	return build != "" && served != "" && build != served && !a.Python.Served.Missing
}

// choice returns the module that a file chooses, most often by os.environ.setdefault. It is the zero Chosen if the file
// chooses none, or if reading does not tell.
func (r *reader) choice(file string) Chosen {
	text, _ := r.quiet(file)
	statements, _ := pysource.Read(text)
	for _, s := range statements {
		if module := chosenModule(s); module != "" {
			return Chosen{Module: module, File: file}
		}
	}
	return Chosen{}
}

// chosenModule returns the module that a statement gives the variable as its value: by a call with both, or as in
// os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings". It is empty for other statements.
func chosenModule(s pysource.Statement) string {
	notModule := func(r rune) bool { return !isWord(r) && r != '.' }
	for call := range s.Calls() {
		if name, _ := call.Argument(0).Literal(); name != SettingsVariable {
			continue
		}
		value := call.Argument(1)
		if call.Subscript {
			value = s.Assignment().Value
		}
		if module, ok := value.Literal(); ok && !strings.ContainsFunc(module, notModule) {
			return module
		}
	}
	return ""
}

// readDjango reads which settings modules the files of a Django project choose, and which there are.
func (r *reader) readDjango(py *Python, manage Manage) {
	py.Settings = r.located(manage.Dir, r.choice(manage.Path))
	py.Served = r.located(manage.Dir, r.servedSettings(manage.Dir))
	py.SettingsModules = r.settingsModules(manage.Dir)
	py.NoSettings = !r.choosesSettings(manage)
}

// located returns c with what is known of its module, which Python looks for in dir. An installed package or sys.path
// may have a module of which the app has no package.
func (r *reader) located(dir string, c Chosen) Chosen {
	file := path.Join(dir, strings.ReplaceAll(c.Module, ".", "/"))
	in, base := path.Dir(file), path.Base(file)
	top, _, nested := strings.Cut(c.Module, ".")
	found := r.present(in, []string{base + ".py", base + "/__init__.py"})
	if c.Module == "" || nested && !r.isDir(path.Join(dir, top)) || len(found) > 0 {
		return c
	}
	for _, d := range r.list(in) {
		switch name := d.Name(); {
		case strings.HasPrefix(name, base+".py."):
			c.Instead = path.Join(in, name)
		case name == base && r.isDir(file):
			isPython := func(d fs.DirEntry) bool { return strings.HasPrefix(path.Ext(d.Name()), ".py") }
			if entries := r.list(file); slices.ContainsFunc(entries, isPython) {
				return c // a namespace package
			}
			c.Instead = cmp.Or(c.Instead, file)
		}
	}
	c.Missing = c.Instead != "" || nested
	return c
}

// choosesSettings reports whether manage.py, wsgi.py or asgi.py may choose a settings module, in any way.
func (r *reader) choosesSettings(manage Manage) bool {
	files := []string{manage.Path}
	for dirs := range r.sourceLevels(manage.Dir) {
		for _, dir := range dirs {
			files = append(files, r.present(dir, []string{"wsgi.py", "asgi.py"})...)
		}
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, ok := r.quiet(file)
		return !ok || strings.Contains(text, SettingsVariable) || strings.Contains(text, "env")
	})
}

// servedSettings returns the settings module that the wsgi.py and asgi.py below manage.py's directory choose. It is
// empty if they choose different ones.
func (r *reader) servedSettings(dir string) (served Chosen) {
	for dirs := range r.sourceLevels(dir) {
		for _, name := range []string{"wsgi.py", "asgi.py"} {
			for _, sub := range dirs {
				one := r.choice(path.Join(sub, name))
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
	return func(yield func(dirs []string) bool) {
		dirs := []string{dir}
		for range 2 {
			if !yield(dirs) {
				return
			}
			dirs = r.sourceBelow(dirs)
		}
		yield(dirs)
	}
}

// sourceBelow returns the directories below dirs that may be the app's own, including links.
func (r *reader) sourceBelow(dirs []string) (found []string) {
	for _, dir := range dirs {
		for _, d := range r.list(dir) {
			if p := path.Join(dir, d.Name()); !Skipped(d.Name(), ForDjango) && r.isDir(p) {
				found = append(found, p)
			}
		}
	}
	return found
}
