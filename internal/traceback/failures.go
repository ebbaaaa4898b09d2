package traceback

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// App is what is known of the app whose command has failed.
type App struct {
	Root           string // its folder
	Has            func(name string) bool
	SettingsModule string      // DJANGO_SETTINGS_MODULE of the build; "": what manage.py says
	Modules        []string    // names that it may have: the settings modules of the app
	Build, Served  string      // those that manage.py and wsgi.py choose, where they differ and nothing else chooses
	Packages       []*app.Node // every package.json of the app
	Installed      []string    // the folders of those that are installed
	Node           bool        // Node.js takes part in the build
	Production     bool        // without devDependencies
	Add            string      // the command that adds a package of Node.js
	Ran            []string    // the build scripts that have run, as commands
}

// kind is one way in which a command of Django's fails.
type kind struct {
	id, exception string         // exceptions with | between them; "": any
	message       *regexp.Regexp // in its message; nil: any
	say           func(f failure) words
}

// words are what a user reads. An empty why is the exception, and the app's last line on the way to it.
type words struct{ what, why, fix string }

type failure struct {
	App
	trace
	m      []string // the groups of the pattern
	output string
}

// kinds are looked through in their order, each over all exceptions from the last to the first; the first that fits explains. Each
// has a captured output in testdata/failures.
var kinds = []kind{
	{"django/tool-missing", "", nil, toolMissing},
	{"django/secret-key-empty", "ImproperlyConfigured", regexp.MustCompile(`SECRET_KEY setting must not be empty`), always(words{
		what: "SECRET_KEY is empty",
		fix:  "Give the build one. It may be any, since no request is ever signed with it:\n    pack build … --env SECRET_KEY=\"$(openssl rand -base64 48)\"\nIf the settings read it by another name, that is the variable to set.",
	})},
	{"django/static-root-unset", "ImproperlyConfigured", regexp.MustCompile(`without having set the STATIC_ROOT setting`), always(words{
		what: "STATIC_ROOT is not set, so collectstatic has no folder to write into",
		fix:  "Add it to the settings:\n    STATIC_ROOT = BASE_DIR / \"staticfiles\"",
	})},
	{"django/settings-module", "ModuleNotFoundError|ImportError", regexp.MustCompile(`^No module named '([\w.]+)'|^Could not import settings '([\w.]+)'`), settingsModule},
	{"django/settings-module", "", nil, noSettings},
	{"django/module-missing", "ImproperlyConfigured", regexp.MustCompile(`^Error loading (MySQLdb|psycopg2|cx_Oracle|oracledb)[\w ]* module`), moduleMissing},
	{"django/storage", "InvalidStorageError", regexp.MustCompile(`Could not find (?:backend|config for) '([\w.]+)'`), storageUnknown},
	{"django/too-old", "ModuleNotFoundError|ImportError|AttributeError|NameError", goneName, tooOld},
	{"django/app-module-missing", "ModuleNotFoundError", regexp.MustCompile(`^No module named '([\w.]+)'`), appModuleMissing},
	{"django/module-missing", "ModuleNotFoundError", regexp.MustCompile(`^No module named '([\w.]+)'`), moduleMissing},
	{"django/import", "ImportError|AttributeError", regexp.MustCompile(`^cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'|does not contain a '\w+' class`), importName},
	{"django/syntax", "SyntaxError|IndentationError|TabError", nil, syntax},
	{"django/system-library", "", regexp.MustCompile(`Could not find the (GDAL|GEOS) library|cannot load library '([^']+)'|(lib[\w.+-]+\.so[\w.]*): cannot open shared object file|no (pq) wrapper available`), systemLibrary},
	{"django/database", "OperationalError|ProgrammingError|InterfaceError|DatabaseError", nil, database},
	{"django/database", "ImproperlyConfigured", regexp.MustCompile(`settings\.DATABASES is improperly configured`), database},
	{"django/manifest-missing", "OSError|WebpackLoaderBadStatsError", regexp.MustCompile(`^Error reading (\S+)\. Are you sure webpack`), manifestMissing},
	{"django/manifest-missing", "DjangoViteAssetNotFoundError|DjangoViteManifestError|RuntimeError", regexp.MustCompile(`Vite manifest (?:file )?(?:for app \S+ )?at (\S+)`), manifestMissing},
	{"django/manifest-missing", "FileNotFoundError", regexp.MustCompile(`No such file or directory: '([^']*(?:manifest|stats|webpack|dist/|build/|bundles?/)[^']*\.(?:json|css|js|mjs|html))'`), manifestMissing},
	{"django/static-folder", "FileNotFoundError", regexp.MustCompile(`No such file or directory: '([^']+)'`), staticFolder},
	{"django/manifest-entry", "ValueError", regexp.MustCompile(`^Missing staticfiles manifest entry for '([^']+)'`), manifestEntry},
	{"django/static-reference", "ValueError|MissingFileError", regexp.MustCompile(`^The file '([^']+)' could not be found with <([\w.]+) object`), reference},
	{"django/target", "FileExistsError|NotADirectoryError|IsADirectoryError", regexp.MustCompile(`(/\S+?)(?:'|$| exists and is not a directory)`), targetTwice},
	{"django/target", "PermissionError|OSError", regexp.MustCompile(`(?:Permission denied|Read-only file system)(?:: '([^']+)')?`), targetUnwritable},
	{"django/memory", "MemoryError", nil, always(memory)},
	{"django/memory", "", nil, outOfMemory},
	{"django/storage", "NoCredentialsError|PartialCredentialsError|DefaultCredentialsError|NoCredentials", nil, storageCredentials},
	{"django/check", "SystemCheckError", regexp.MustCompile(`(?m)^.*\(([\w.]+)\) (.*)$`), check},
}

func always(w words) func(failure) words { return func(failure) words { return w } }

// Certain tells of an error's id that no later step of a build can mend it: a build script makes no Python packages and sets no variables.
func Certain(id string) bool {
	return slices.Contains([]string{"django/settings-module", "django/module-missing", "django/too-old", "django/syntax"}, id)
}

// Killed says of a command, in e, that it was killed.
func Killed(e fail.Error) *fail.Error {
	e.ID, e.Fix = "django/memory", fail.Text(memory.fix)
	e.Why = manager.Killed
	return &e
}

// Explain fills in e, which says only that the command has failed, from the end of its output.
func (a App) Explain(e fail.Error, output string) *fail.Error {
	if names := Missing(output, a.Root, a.Has); len(names) > 0 {
		missing := a.MissingError(names, output)
		missing.Err = e.Err
		return missing
	}
	all := traces(output)
	if len(all) == 0 {
		all = []trace{{}} // what is no exception may still be known by its words
	}
	for _, k := range kinds {
		for _, t := range slices.Backward(all) {
			if w, ok := k.explains(failure{App: a, trace: t, output: output}); ok {
				e.ID, e.What, e.Why, e.Fix = k.id, w.what, w.why, fail.Text(w.fix)
				if e.Why == "" {
					e.Why = evidence(output, a.Root)
				}
				return &e
			}
		}
	}
	if all[0].exception != "" {
		e.Why = evidence(output, a.Root)
	}
	return &e
}

func (k kind) explains(f failure) (words, bool) {
	if k.exception != "" && !slices.Contains(strings.Split(k.exception, "|"), f.exception) {
		return words{}, false
	}
	if k.message != nil {
		if f.m = k.message.FindStringSubmatch(f.message); f.m == nil {
			return words{}, false
		}
	}
	w := k.say(f)
	return w, w.what != ""
}

// group is the first group that the pattern has found.
func (f failure) group() string {
	for _, text := range f.m[1:] {
		if text != "" {
			return text
		}
	}
	return ""
}

func settingsModule(f failure) words {
	name := f.group()
	if f.own(f.Root) != nil || !slices.ContainsFunc(f.frames, func(at frame) bool { return strings.HasSuffix(at.file, "/django/conf/__init__.py") }) {
		return words{} // something that the settings import
	}
	asked, from := f.SettingsModule, "DJANGO_SETTINGS_MODULE of the build"
	if asked == "" {
		asked, from = name, "manage.py"
	}
	if asked != name && !strings.HasPrefix(asked, name+".") {
		return words{}
	}
	w := words{what: "There is no settings module " + show.Name(asked), why: from + " names it."}
	w.fix = "Name one that the app has, for the build alone:\n    pack build … --env DJANGO_SETTINGS_MODULE="
	if len(f.Modules) > 0 {
		w.why += " The app has " + show.Series(f.Modules) + "."
		w.fix += show.Word(f.Modules[0])
	} else {
		w.fix += "mysite.settings"
	}
	return w
}

// noSettings is what Django says where nothing names the settings: manage.py then knows Django's own commands only.
func noSettings(f failure) words {
	if !strings.Contains(f.output, "No Django settings specified.") {
		return words{}
	}
	return f.giveModule()
}

func (a App) giveModule() words {
	module := "mysite.settings"
	if len(a.Modules) > 0 {
		module = a.Modules[0]
	}
	return words{what: "Nothing says which settings to use", why: "manage.py sets no " + app.SettingsVariable + ", and the build has no such variable.", fix: "Say it in manage.py, before Django is called:\n    os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"" + module + "\")\nor for the build alone:\n    pack build … --env DJANGO_SETTINGS_MODULE=" + show.Word(module)}
}

// distributions are packages whose module has another name.
var distributions = map[string]string{
	"environ": "django-environ", "decouple": "python-decouple", "dotenv": "python-dotenv", "yaml": "PyYAML", "PIL": "Pillow", "MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary",
	"debug_toolbar": "django-debug-toolbar", "django_extensions": "django-extensions", "corsheaders": "django-cors-headers", "rest_framework": "djangorestframework", "storages": "django-storages",
	"webpack_loader": "django-webpack-loader", "django_vite": "django-vite", "compressor": "django-compressor", "pipeline": "django-pipeline", "crispy_forms": "django-crispy-forms",
	"configurations": "django-configurations", "sass_processor": "django-sass-processor", "allauth": "django-allauth", "silk": "django-silk", "sentry_sdk": "sentry-sdk",
	"django_filters": "django-filter", "import_export": "django-import-export", "widget_tweaks": "django-widget-tweaks", "bs4": "beautifulsoup4", "dateutil": "python-dateutil", "jwt": "PyJWT",
}

func appModuleMissing(f failure) words {
	if module, _, _ := strings.Cut(f.group(), "."); !f.inApp(module) {
		return words{}
	}
	return words{
		what: "There is no module " + f.group() + " in the app",
		fix:  "Commit the file (git check-ignore -v tells which rule leaves it out), or let the settings go without it:\n    try:\n        from .local import *\n    except ModuleNotFoundError:\n        pass",
	}
}

func moduleMissing(f failure) words {
	module, _, _ := strings.Cut(f.group(), ".")
	if module == "pkg_resources" {
		return words{what: "The Python module pkg_resources is not installed", fix: fmt.Sprintf("It was a part of setuptools before version %d. Add that to what the app installs, as a line in requirements.txt:\n    setuptools<%[1]d", manager.NoPkgResources)}
	}
	name := distributions[module]
	if name == "" {
		name = strings.ReplaceAll(module, "_", "-")
	}
	add := "Add its package"
	if f.Served != "" {
		add = "The build uses " + f.Build + ", since manage.py names it, and the container " + f.Served + ". If the module is only for the former, let the build use the latter:\n" +
			"    pack build … --env DJANGO_SETTINGS_MODULE=" + f.Served + "\nElse add its package"
	}
	return words{
		what: "The Python module " + module + " is not installed",
		fix: add + " to what the app installs, for example " + name + ":\n    uv add " + name + "\nor a line in requirements.txt. If it is in a group for development only, let production settings go without it, or install the group:\n" +
			"    pack build … --env BP_PYTHON_GROUPS=dev",
	}
}

// inApp tells whether a package of this name is the app's: it has a place on the way to the exception, or a settings module.
func (f failure) inApp(module string) bool {
	return slices.ContainsFunc(f.frames, func(at frame) bool { return strings.HasPrefix(at.file, f.Root+"/"+module+"/") }) ||
		slices.ContainsFunc(f.Modules, func(name string) bool { return strings.HasPrefix(name, module+".") })
}

func importName(f failure) words {
	return words{
		what: "An import of the app fails",
		fix:  "If the name comes from a package, the version that is installed does not have it: ask for one that has it, or change the import. If the log says \"partially initialized module\", two modules import each other.",
	}
}

// place is where Python has found a mistake of form.
func syntax(f failure) words {
	if len(f.frames) == 0 {
		return words{}
	}
	at := f.frames[len(f.frames)-1]
	file := strings.TrimPrefix(at.file, f.Root+"/")
	at.file = file
	w := words{what: show.Name(file) + " is not valid Python", why: f.String() + "\n\n" + at.String(), fix: "Correct it. This finds it without a build:\n    python -m py_compile " + show.Path(file)}
	old := python2.MatchString(f.message)
	if old {
		w.what = show.Name(file) + " is written for Python 2"
		w.fix = "Change it to Python 3. This shows all such places of a file, and -w writes the changes (with a Python up to 3.12):\n    python -m lib2to3 " + show.Path(file)
	}
	if file == f.frames[len(f.frames)-1].file {
		w.what = "A package is not valid for this version of Python"
		w.fix = "Ask for a newer version of the package, or for an older Python:\n    echo 3.12 > .python-version"
		if old {
			w.what, w.fix = "The package "+f.packageOf()+" is written for Python 2", "Ask for a newer version of it, or for a package like it."
		}
	}
	return w
}

// libraries are packages of Debian and Ubuntu that Python packages look for when they are imported.
var libraries = []struct{ mark, name string }{
	{"GDAL", "libgdal-dev"}, {"GEOS", "libgeos-dev"}, {"gobject", "libpango-1.0-0"}, {"pango", "libpango-1.0-0"}, {"cairo", "libcairo2"}, {"libGL", "libgl1"}, {"pq", "libpq5"}, {"mysqlclient", "libmysqlclient21"},
	{"mariadb", "libmariadb3"}, {"magic", "libmagic1"}, {"odbc", "unixodbc"}, {"xmlsec", "libxmlsec1-openssl"}, {"zbar", "libzbar0"}, {"vips", "libvips42"},
}

func systemLibrary(f failure) words {
	name := f.group()
	w := words{what: "A library of the system is not in the image: " + show.Name(name)}
	pkg := "the package that has it"
	for _, l := range libraries {
		if strings.Contains(name, l.mark) {
			pkg = l.name
			break
		}
	}
	w.fix = "It must be in the builder's build image and run image. With Heroku's builder, before Tandem:\n    pack build … --buildpack heroku/deb-packages --buildpack TANDEM\nand in project.toml:\n    [com.heroku.buildpacks.deb-packages]\n    install = [\"" + pkg + "\"]"
	if name == "pq" {
		w.fix = "Or install the package that brings its own:\n    psycopg[binary]\n" + w.fix
	}
	return w
}

func database(f failure) words {
	w := words{
		what: "A database is used while the app is loaded, and a build has none",
		fix: "Let the line above run when a request comes, not when modules are imported: put it into a function or a view, or behind functools.cache. Where it must run at the start, leave builds out:\n" +
			"    if \"collectstatic\" not in sys.argv:",
	}
	if strings.Contains(f.message, "settings.DATABASES") {
		w.what = "A database is used while the app is loaded, and the settings have none"
	}
	return w
}

// memory is what to say of a command that has got too little of it.
var memory = words{what: "The build has too little memory", fix: manager.MoreMemory}

// outOfMemory finds that Node has run out of its own limit, or a program was killed.
func outOfMemory(f failure) words {
	w := memory
	switch {
	case manager.HeapExhausted(f.output):
		w.what = "Node.js, which the command calls, has too little memory"
		w.fix = manager.MoreHeap
	case !strings.Contains(f.message, "Signals.SIGKILL"):
		return words{}
	}
	return w
}

func targetTwice(f failure) words {
	path := strings.TrimPrefix(f.group(), f.Root+"/")
	if !f.writes() {
		return words{}
	}
	return words{
		what: "collectstatic needs a folder where there is a file: " + show.Name(path),
		fix:  "Two sources of static files have the same name, once for a file and once for a folder, or STATIC_ROOT is a file. This lists where a name is found:\n    python manage.py findstatic " + show.Path(path[strings.LastIndex(path, "/")+1:]),
	}
}

func targetUnwritable(f failure) words {
	if !f.writes() {
		return words{}
	}
	path := f.group()
	if path == "" {
		path = "STATIC_ROOT"
	}
	return words{
		what: "collectstatic may not write into " + show.Name(strings.TrimPrefix(path, f.Root+"/")),
		fix:  "A build is no root user, and only the app's folder gets into the image. Let STATIC_ROOT be a folder in it:\n    STATIC_ROOT = BASE_DIR / \"staticfiles\"",
	}
}

// writes tells whether the exception comes from the writing of a static file.
func (f failure) writes() bool {
	return slices.ContainsFunc(f.frames, func(at frame) bool { return strings.Contains(at.file, "/management/commands/collectstatic.py") })
}

func storageCredentials(f failure) words {
	return words{
		what: "The storage of the static files wants credentials",
		fix: "Give them to the app's own steps by a binding, a folder with one file for each variable (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and a file named type:\n    mkdir build-env && echo tandem-build-env > build-env/type\n" +
			"    pack build … --volume \"$PWD/build-env:/platform/bindings/build-env:ro\"\nOr let the image have the files: another storage in the settings of the build (DJANGO_SETTINGS_MODULE), with WhiteNoise.",
	}
}

func storageUnknown(f failure) words {
	return words{
		what: "The storage of the static files cannot be loaded: " + show.Name(f.group()),
		fix:  "Correct STORAGES[\"staticfiles\"] in the settings, and see that its package is installed. With WhiteNoise:\n    " + storages("whitenoise.storage.CompressedManifestStaticFilesStorage"),
	}
}

func check(f failure) words {
	text := strings.TrimSpace(f.m[2])
	w := words{what: "Django's checks find a mistake in the settings", why: fmt.Sprintf("%s (%s)", show.Printed(text), f.m[1]), fix: "Correct the settings. The same check on your machine:\n    python manage.py check --tag staticfiles"}
	if f.m[1] == "staticfiles.E001" {
		w.fix = "Make a list of it:\n    STATICFILES_DIRS = [BASE_DIR / \"static\"]\n" + w.fix
	}
	return w
}
