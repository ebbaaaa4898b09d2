package static

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Seen describes the app's files after its last step, as far as its settings depend on them. Paths are absolute.
type Seen struct {
	Written
	Root      string            // the app's directory
	Collected bool              // STATIC_ROOT has files
	Missing   []string          // manifests and directories of the settings that do not exist
	Elsewhere map[string]string // of these files: where there is one of the same name
	Hidden    []string          // directories of static files that are not in STATIC_ROOT: their name begins with a dot
	Modules   Modules           // files of node_modules that were collected
}

// Check compares the files that the settings require in a container with the image. It returns warnings and no errors:
// other settings may apply in the container, and a proxy or a service may serve the files. commands has those of the
// processes.
func (s Seen) Check(in installed.Found, commands []string) []note.Note {
	var said note.List
	var missing []string
	for _, m := range in.Settings.Manifests {
		if warning := s.check(m); warning != "" {
			missing = append(missing, warning)
		}
	}
	said.Warnings("django/manifest", show.Notes(missing)...)
	for _, dir := range in.Settings.StaticDirs {
		if s.Collected && slices.Contains(s.Missing, dir) {
			said.Warn("django/static-dir-missing", "STATICFILES_DIRS names %s, which does not exist: nothing "+
				"is collected from it. %s%s", show.Name(s.relative(dir)), s.builds(), s.copyTo(s.relative(dir)))
		}
	}
	if len(s.Hidden) > 0 {
		said.Warnings("django/static-dir-hidden", s.hiddenDirs())
	}
	if !in.Settings.Staticfiles || !in.Settings.LocalStatic || !s.Collected {
		return said
	}
	said = append(said, s.Modules.check()...)
	if in.Settings.StaticServer == "" {
		said = append(said, NotServed(commands)...)
	}
	if !in.Settings.Hashed {
		said.Warnings("django/static-names",
			"static files keep their names when their contents change. All files of an "+
				"image are dated 1980, so browsers and servers may take an old file for the new one. Let the names "+
				"change with the contents:\n    "+hashedStorage(in))
	}
	return said
}

// relative returns a path relative to the app's root, as users know it.
func (s Seen) relative(path string) string { return relative(path, s.Root) }

// NotServed warns about static files that no process serves. The settings have shown no server either. commands has
// those of the processes.
func NotServed(commands []string) (said note.List) {
	if !slices.ContainsFunc(commands, servesFiles) {
		said.Warnings("django/static-not-served",
			"nothing was found that serves the static files: no WhiteNoise, no storage of "+
				"a service, no web server in the Procfile. Unless something in front of the app does, add whitenoise "+
				"to the Python packages, and to the settings, second:\n"+
				"    MIDDLEWARE = [\"django.middleware.security.SecurityMiddleware\", "+
				"\"whitenoise.middleware.WhiteNoiseMiddleware\", …]")
	}
	return said
}

// check returns what is wrong with the path of a manifest. It is empty if the path is right.
func (s Seen) check(m installed.Manifest) string {
	file := s.relative(m.File)
	needs := fmt.Sprintf("%s needs %s (%s)", m.Package, show.Name(file), m.Setting)
	switch elsewhere := s.relative(s.Elsewhere[m.File]); {
	case !app.InDir(m.File, s.Root):
		return needs + ", which is outside of the app and so not in the image. Let it be a file of the app."
	case app.InDir(m.File, s.Root+"/node_modules") || strings.Contains(file, "/node_modules/"):
		return needs + ", which is not in the image, as nothing in node_modules is. Let it be another file of the app."
	case !slices.Contains(s.Missing, m.File):
		return ""
	case strings.Contains(elsewhere, "/.vite/"):
		return fmt.Sprintf("%s, which is missing. Vite has written %s, and collectstatic skips what begins "+
			"with a dot. Name that file in the settings:\n    %s = BASE_DIR / %q", needs, show.Name(elsewhere),
			m.Setting, elsewhere)
	case elsewhere != "":
		return fmt.Sprintf("%s, which is missing, but %s exists. Name that file in the settings:\n    %s = BASE_DIR "+
			"/ %q", needs, show.Name(elsewhere), m.Setting, elsewhere)
	case m.Package == "django-compressor":
		return needs + ": the blocks are not compressed, and pages that have one fail. Compress them in the " +
			"build:\n    " + config.CommandsAfter + "=compress"
	case m.Package == "django-tailwind-cli":
		return needs + ", which is missing: pages have no styles, or fail. Create it before collectstatic:\n    " +
			config.CommandsBefore + "=\"tailwind build\""
	case m.Setting == storageSetting:
		return needs + ", which collectstatic writes: pages that name a static file fail. Let collectstatic run, " +
			"or the container have files by another way."
	}
	return fmt.Sprintf("%s, which is missing: pages that use it fail. %s", needs, s.builds())
}

// storageSetting is where a storage's own manifest comes from.
const storageSetting = `STORAGES["staticfiles"]`

// builds returns a hint about the scripts that may create a missing file: which have run, or that none has.
func (s Written) builds() string {
	if len(s.Ran) == 0 {
		return "No build script of a package.json has run; " + config.RunScripts + " names one."
	}
	return "The build has run " + show.Series(s.Ran) + ": let that write it, or name the place where it does."
}

// hiddenDirs returns the warning about directories of static files that collectstatic ignores. Django's default
// ignores names that begin with a dot, and only an app's configuration can change this.
// https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#customizing-the-ignored-pattern-list
func (s Seen) hiddenDirs() string {
	var names []string
	for _, dir := range s.Hidden {
		names = append(names, s.relative(dir))
	}
	return "collectstatic has skipped " + show.List(names) + ", because the name begins with a dot. To have it " +
		"collected, put this into an apps.py of the project, and \"mysite.apps.StaticFiles\" for " +
		"\"django.contrib.staticfiles\" into INSTALLED_APPS:\n" +
		"    from django.contrib.staticfiles.apps import StaticFilesConfig\n\n    class " +
		"StaticFiles(StaticFilesConfig):\n        ignore_patterns = [\"CVS\", \"*~\"]"
}

// webServers are programs that serve files, as a Procfile calls them.
var webServers = []string{
	"nginx", "caddy", "apache", "httpd", "lighttpd", "h2o", "uwsgi", "--static-path", "static-web-server",
}

// servesFiles reports whether the command of a process runs a web server, by a word.
func servesFiles(command string) bool {
	return slices.ContainsFunc(webServers, func(name string) bool { return strings.Contains(command, name) })
}

// hashedStorage returns the setting for names with a hash, for the version of the installed Django: STORAGES was added
// in 4.2.
func hashedStorage(in installed.Found) string {
	backend := "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
	if in.Has("whitenoise") {
		backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
	}
	for _, old := range []string{"1.", "2.", "3.", "4.0", "4.1"} {
		if strings.HasPrefix(in.Packages["django"], old) {
			return fmt.Sprintf("STATICFILES_STORAGE = %q", backend)
		}
	}
	return fmt.Sprintf("STORAGES = {\"default\": {\"BACKEND\": \"django.core.files.storage.FileSystemStorage\"}, "+
		"\"staticfiles\": {\"BACKEND\": %q}}", backend)
}
