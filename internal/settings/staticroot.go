package settings

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// Place is a line of a file.
type Place struct {
	File string // relative to the app's root
	Line int
	Code string // of that line
}

// static describes STATIC_ROOT, as far as all modules of the settings show it.
type static struct {
	app      Place // where the app is named that collects static files
	dirs     bool  // STATICFILES_DIRS is there
	mayBeSet bool
	stored   bool // something else than Django and WhiteNoise may store the files, which needs no directory
}

// note notes what a statement tells. Whoever gets hold of all names of a module may set STATIC_ROOT too, as
// django-heroku does by locals().
func (s *static) note(ns *namespace, statement pysource.Statement) {
	s.mayBeSet = s.mayBeSet ||
		statement.Mentions("STATIC_ROOT", "locals", "globals", "vars", "exec", "setattr", "modules", "include")
	s.dirs = s.dirs || statement.Mentions("STATICFILES_DIRS")
	s.stored = s.stored || statement.Mentions("AWS_STORAGE_BUCKET_NAME") ||
		statement.Mentions("STORAGES", "STATICFILES_STORAGE") && !localStorages(statement.Tokens)
	for _, token := range statement.Tokens {
		if s.app.File == "" && token.Kind == pysource.String && strings.Contains(token.Text, "contrib.staticfiles") {
			line := min(token.Line, len(ns.lines)) - 1
			s.app = Place{ns.file, token.Line, strings.TrimSpace(ns.lines[line])}
		}
	}
}

// localStorages reports whether all storages that are named write into STATIC_ROOT. There must be at least one.
func localStorages(tokens pysource.Tokens) bool {
	var named []string
	for _, token := range tokens {
		if name := strings.Trim(token.Text, `"'`); token.Kind == pysource.String && strings.HasSuffix(name, "Storage") {
			named = append(named, name)
		}
	}
	return len(named) > 0 && !slices.ContainsFunc(named, func(name string) bool {
		return !strings.HasPrefix(name, "django.") && !strings.HasPrefix(name, "whitenoise.")
	})
}

// noStaticRoot returns the line of the settings that adds the app for static files, if no module sets STATIC_ROOT and
// there are files to collect. Otherwise the place is empty. collectstatic fails at the first file:
// https://docs.djangoproject.com/en/stable/ref/settings/#static-root
func (s *reader) noStaticRoot(ns *namespace) Place {
	if ns.open || s.static.mayBeSet || s.static.stored || !s.static.dirs && !s.hasStatic(ns.list("INSTALLED_APPS")) {
		return Place{}
	}
	return s.static.app
}

// hasStatic reports whether one of the apps certainly has static files: Django's admin, or an app of the project.
func (s *reader) hasStatic(apps NameList) bool {
	return slices.ContainsFunc(apps.Names, func(name string) bool {
		if strings.HasPrefix(name, "django.contrib.admin") && name != "django.contrib.admindocs" {
			return true
		}
		module, _, _ := strings.Cut(name, ".apps.") // of a configuration
		dir := path.Join(s.dir, strings.ReplaceAll(module, ".", "/"), "static")
		info, err := fs.Stat(s.fsys, dir)
		return err == nil && info.IsDir()
	})
}
