package diagnose

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// noModule matches Python's message about a module that cannot be found, or Django's about settings.
	noModule = regexp.MustCompile(`^No module named '([\w.]+)'|^Could not import settings '([\w.]+)'`)
	noDriver = regexp.MustCompile(`^Error loading (MySQLdb|psycopg2|cx_Oracle|oracledb)[\w ]* module`)
)

// match returns the first group of a pattern in the message of an exception with one of the names.
func (t trace) match(pattern *regexp.Regexp, exceptions ...string) string {
	m := pattern.FindStringSubmatch(t.message)
	if m == nil || !slices.Contains(exceptions, t.exception) {
		return ""
	}
	return firstOf(m[1:])
}

func firstOf(all []string) string {
	for _, text := range all {
		if text != "" {
			return text
		}
	}
	return ""
}

// probeSettings finds settings that cannot be imported: {asked}, which the {variable} or manage.py names, and the
// {modules} of the app; {module} is one of them. unnamed: nothing names any, and manage.py then knows Django's own
// commands only.
func probeSettings(x Exit, f Facts) (string, Vars) {
	for _, t := range slices.Backward(traces(x.Tail)) {
		name := t.match(noModule, "ModuleNotFoundError", "ImportError")
		if name == "" || t.own(f.Root) != nil || !t.through("/django/conf/__init__.py") {
			continue // something that the settings import
		}
		vars := Vars{"asked": f.SettingsModule, "variable": f.SettingsModule, "modules": lines(f.Modules),
			"module": f.module()}
		if f.SettingsModule == "" {
			vars["asked"] = name
		}
		if asked := vars["asked"]; asked == name || strings.HasPrefix(asked, name+".") {
			return "unknown", vars
		}
	}
	if strings.Contains(x.Tail, "No Django settings specified.") {
		return "unnamed", Vars{"module": f.module()}
	}
	return "", nil
}

// module returns a settings module of the app; empty if none is known.
func (f Facts) module() string {
	if len(f.Modules) == 0 {
		return ""
	}
	return f.Modules[0]
}

// probeModule finds a Python {module} that is not installed, and the {distribution} that has it: a database driver,
// one of the app's own, pkg_resources or another. {build} and {served} are the settings of the build and of the
// container, if they differ.
func probeModule(x Exit, f Facts) (string, Vars) {
	all := traces(x.Tail)
	slices.Reverse(all)
	for _, t := range all {
		if name := t.match(noDriver, "ImproperlyConfigured"); name != "" {
			return "driver", f.missing(name)
		}
	}
	for _, t := range all {
		if name := t.match(noModule, "ModuleNotFoundError"); name != "" && f.isApp(t, rootOf(name)) {
			return "app", Vars{"module": name}
		}
	}
	for _, t := range all {
		switch name := rootOf(t.match(noModule, "ModuleNotFoundError")); name {
		case "":
		case "pkg_resources":
			return name, nil
		default:
			return "missing", f.missing(name)
		}
	}
	return "", nil
}

// rootOf returns the package of a module.
func rootOf(module string) string {
	root, _, _ := strings.Cut(module, ".")
	return root
}

func (f Facts) missing(module string) Vars {
	name := distributions[module]
	if name == "" {
		name = strings.ReplaceAll(module, "_", "-")
	}
	return Vars{"module": module, "distribution": name, "build": f.Build, "served": f.Served}
}

// isApp reports whether a package of this name is the app's: it is on the way to the exception, or has the settings.
func (f Facts) isApp(t trace, pkg string) bool {
	return slices.ContainsFunc(t.frames, func(at frame) bool {
		return strings.HasPrefix(at.file,
			f.Root+"/"+pkg+"/")
	}) ||
		slices.ContainsFunc(f.Modules, func(name string) bool { return strings.HasPrefix(name, pkg+".") })
}

// distributions are the packages of modules that have another name.
var distributions = map[string]string{
	"allauth": "django-allauth", "bs4": "beautifulsoup4", "compressor": "django-compressor",
	"configurations": "django-configurations", "corsheaders": "django-cors-headers",
	"crispy_forms": "django-crispy-forms",
	"dateutil":     "python-dateutil", "debug_toolbar": "django-debug-toolbar", "decouple": "python-decouple",
	"django_extensions": "django-extensions", "django_filters": "django-filter", "django_vite": "django-vite",
	"dotenv": "python-dotenv", "environ": "django-environ", "import_export": "django-import-export", "jwt": "PyJWT",
	"MySQLdb": "mysqlclient", "PIL": "Pillow", "pipeline": "django-pipeline", "psycopg2": "psycopg2-binary",
	"rest_framework": "djangorestframework", "sass_processor": "django-sass-processor", "sentry_sdk": "sentry-sdk",
	"silk": "django-silk", "storages": "django-storages", "webpack_loader": "django-webpack-loader",
	"widget_tweaks": "django-widget-tweaks", "yaml": "PyYAML",
}

// probeSyntax finds a {file} that is not valid Python, the {error} and its {place}, and the {package} that has the
// file.
func probeSyntax(x Exit, f Facts) (string, Vars) {
	for _, t := range slices.Backward(traces(x.Tail)) {
		if !slices.Contains([]string{"SyntaxError", "IndentationError", "TabError"}, t.exception) ||
			len(t.frames) == 0 {
			continue
		}
		at := t.frames[len(t.frames)-1]
		file := strings.TrimPrefix(at.file, f.Root+"/")
		is := "app"
		if file == at.file {
			is = "package"
		}
		if python2.MatchString(t.message) {
			is += "-python2"
		}
		at.file = file
		return is, Vars{"file": file, "error": t.String(), "place": at.String(), "package": t.packageOf()}
	}
	return "", nil
}
