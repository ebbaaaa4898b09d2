package app

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Django has what the files of a Django project choose.
type Django struct {
	Manage           []Manage // the shallowest first
	Settings, Served Chosen   // what manage.py chooses, for the build, and what the container's servers get
	SettingsModules  []string // that manage.py may choose
	NoSettings       bool     // neither manage.py nor a wsgi.py or asgi.py chooses a module
}

// Manage is a manage.py of Django.
type Manage struct {
	Path string // "backend/manage.py"
	Dir  string // the directory that Python looks for modules in, which is that of the file a symbolic link leads to
}

// Depth returns the number of directories above manage.py. It is 0 in the app's root.
func (m Manage) Depth() int { return strings.Count(m.Path, "/") }

// From returns the path of manage.py for commands that run in a directory of the app.
func (m Manage) From(dir string) string {
	if below, ok := strings.CutPrefix(m.Path, dir+"/"); ok {
		return below
	}
	if dir == "." {
		return m.Path
	}
	return path.Join(strings.Repeat("../", 1+strings.Count(dir, "/")), m.Path)
}

// maxManage is the maximum number of directories between the app's root and a manage.py.
const maxManage = 3

// flaskOnly marks what Flask-Script and FlaskGroup want.
// https://flask.palletsprojects.com/en/stable/cli/#custom-scripts
var flaskOnly = regexp.MustCompile(`(?i)\bflask`)

// djangoWord matches what a manage.py of Django contains. That of django-configurations imports Django by another name.
var djangoWord = regexp.MustCompile(`(?i)django|execute_from_command_line|\bconfigurations\b`)

// manages finds Django's manage.py files, the shallowest first, or only the one that is requested. If the user sets
// the directory of the project, only those in it are found. There any manage.py is used that does not mention Flask. In
// other directories it must mention Django.
func (r *reader) manages() (found []Manage) {
	if r.requested.Manage != "" {
		asked, err := In(".", r.requested.Manage)
		if err != nil || !r.exists(string(asked)) {
			return nil
		}
		return []Manage{{string(asked), path.Dir(r.linked(string(asked)))}}
	}
	seen, home := map[string]bool{}, cmp.Or(r.requested.Python, ".")
	r.walkIn(home, maxManage, func(p string, d fs.DirEntry) bool {
		if d.IsDir() {
			return !Skipped(strings.ToLower(d.Name()), ForDjango) && !r.isVenv(p)
		}
		if d.Name() != "manage.py" || !r.exists(p) {
			return true
		}
		text, _ := r.quiet(p)
		nested := path.Dir(p) != home
		if named := djangoWord.MatchString(text); !named && (nested || flaskOnly.MatchString(text)) {
			return true
		}
		found = append(found, Manage{p, path.Dir(r.linked(p))})
		return true
	})
	root := r.rootElsewhere()
	slices.SortStableFunc(found, func(a, b Manage) int {
		return cmp.Or(a.Depth()-b.Depth(), root.order(a.Path, b.Path), strings.Compare(a.Path, b.Path))
	})
	return slices.DeleteFunc(found, func(m Manage) bool { // a link and the file that it leads to are one
		again := seen[m.Dir]
		seen[m.Dir] = true
		return again
	})
}

// linked follows symbolic links, at most eight, and returns the last name that is in the app.
func (r *reader) linked(name string) string {
	for range 8 {
		target, err := fs.ReadLink(r.fsys, name)
		if err != nil || path.IsAbs(target) {
			return name
		}
		next := path.Join(path.Dir(name), target)
		if !fs.ValidPath(next) {
			return name
		}
		name = next
	}
	return name
}
