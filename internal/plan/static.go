package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// CheckStatic compares the directory that collectstatic writes with the directories that it reads, and with the image.
// root is the app's directory, an absolute path. Some problems are only warnings, since a hook or a storage may do what
// is not visible here.
func CheckStatic(s Settings, c config.Config, root string) ([]note.Note, error) {
	var warnings note.List
	if !s.Staticfiles || !s.LocalStatic || s.StaticRoot == "" || c.Collectstatic.Disable.On {
		return nil, nil
	}
	if !within(s.StaticRoot, root) {
		warnings.Warn("django/static-root-outside", "STATIC_ROOT is %s, outside of the app: the collected files will "+
			"not be in the image. Let it be a directory of the app:\n"+
			"    STATIC_ROOT = BASE_DIR / \"staticfiles\"", show.Name(s.StaticRoot))
	}
	for _, dir := range s.StaticDirs {
		switch {
		case s.StaticRoot == dir:
			return nil, &fail.Error{
				ID: "django/static-root", What: "STATIC_ROOT is also in STATICFILES_DIRS",
				Why: fmt.Sprintf("Both name %s. collectstatic copies from the one to the other, and Django refuses "+
					"that (staticfiles.E002).", show.Name(relative(dir, root))),
				Fix: fail.Fix{
					fail.Say{Text: "Let collectstatic write into a directory of its own:"},
					fail.Edit{Lines: []string{`STATIC_ROOT = BASE_DIR / "staticfiles"`}},
				},
			}
		case within(s.StaticRoot, dir):
			warnings.Warn("django/static-root-in-source", "STATIC_ROOT, %s, lies in %s, which STATICFILES_DIRS names: "+
				"collectstatic may copy its own output. Let it be a directory of its own:\n"+
				"    STATIC_ROOT = BASE_DIR / \"staticfiles\"", show.Name(relative(s.StaticRoot, root)),
				show.Name(relative(dir, root)))
		}
	}
	return warnings, nil
}

// within reports whether a clean path is dir or lies in it.
func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// relative returns path relative to the app's root, as users know it.
func relative(path, root string) string { return strings.TrimPrefix(path, root+"/") }

// Seen describes the app's files after its last step, as far as its settings depend on them. Paths are absolute.
type Seen struct {
	Written
	Collected bool              // STATIC_ROOT has files
	Missing   []string          // manifests and directories of the settings that do not exist
	Elsewhere map[string]string // of these files: where there is one of the same name
	Hidden    []string          // directories of static files that are not in STATIC_ROOT: their name begins with a dot
	Modules   Modules           // files of node_modules that were collected
}

// CheckShipped compares the files that the settings require in a container with the image. It returns warnings and no
// errors: other settings may apply in the container, and a proxy or a service may serve the files.
func (p Plan) CheckShipped(s Settings, in Found, seen Seen, root string) []note.Note {
	var said note.List
	var missing []string
	for _, m := range s.Manifests {
		if warning := m.check(seen, root); warning != "" {
			missing = append(missing, warning)
		}
	}
	said.Warnings("django/manifest", show.Notes(missing)...)
	for _, dir := range s.StaticDirs {
		if seen.Collected && slices.Contains(seen.Missing, dir) {
			said.Warn("django/static-dir-missing", "STATICFILES_DIRS names %s, which does not exist: nothing "+
				"is collected from it. %s%s", show.Name(relative(dir, root)), seen.builds(),
				seen.copyTo(relative(dir, root)))
		}
	}
	if len(seen.Hidden) > 0 {
		said.Warnings("django/static-dir-hidden", hiddenFolders(seen, root))
	}
	if !s.Staticfiles || !s.LocalStatic || !seen.Collected {
		return said
	}
	said = append(said, seen.Modules.check()...)
	if s.StaticServer == "" {
		said = append(said, p.notServed()...)
	}
	if !s.Hashed {
		said.Warnings("django/static-names",
			"static files keep their names when their contents change. All files of an "+
				"image are dated 1980, so browsers and servers may take an old file for the new one. Let the names "+
				"change with the contents:\n    "+hashedStorage(in))
	}
	return said
}

// notServed warns about static files that no process serves. The settings have shown no server either.
func (p Plan) notServed() (said note.List) {
	if !slices.ContainsFunc(p.Processes, servesFiles) {
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
func (m Manifest) check(seen Seen, root string) string {
	file := relative(m.File, root)
	needs := fmt.Sprintf("%s needs %s (%s)", m.Package, show.Name(file), m.Setting)
	switch elsewhere := relative(seen.Elsewhere[m.File], root); {
	case !within(m.File, root):
		return needs + ", which is outside of the app and so not in the image. Let it be a file of the app."
	case within(m.File, root+"/node_modules") || strings.Contains(file, "/node_modules/"):
		return needs + ", which is not in the image, as nothing in node_modules is. Let it be another file of the app."
	case !slices.Contains(seen.Missing, m.File):
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
	return fmt.Sprintf("%s, which is missing: pages that use it fail. %s", needs, seen.builds())
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

// hiddenFolders returns the warning about directories of static files that collectstatic ignores. Django's default
// ignores names that begin with a dot, and only an app's configuration can change this.
// https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#customizing-the-ignored-pattern-list
func hiddenFolders(seen Seen, root string) string {
	var names []string
	for _, dir := range seen.Hidden {
		names = append(names, relative(dir, root))
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

// servesFiles reports whether a process runs a web server, by a word of its command.
func servesFiles(p Process) bool {
	return slices.ContainsFunc(webServers, func(name string) bool { return strings.Contains(p.Command, name) })
}

// hashedStorage returns the setting for names with a hash, for the version of the installed Django: STORAGES was added
// in 4.2.
func hashedStorage(in Found) string {
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
