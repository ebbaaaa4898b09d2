package static

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
)

func TestStaticRootMustBeAFolderOfItsOwnInTheApp(t *testing.T) {
	for name, c := range map[string]struct {
		settings installed.Settings
		disabled bool
		warning  string
		id       string
	}{
		"of its own": {settings: installed.Settings{StaticRoot: "/app/staticfiles",
			StaticDirs: []string{"/app/static"}}},
		"outside": {settings: installed.Settings{StaticRoot: "/var/www/static"},
			warning: "outside of the app"},
		"beside the app": {settings: installed.Settings{StaticRoot: "/app2/static"},
			warning: "outside of the app"},
		"a source folder": {settings: installed.Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/a", "/app/static"}}, id: "django/static-root"},
		"in a source folder": {settings: installed.Settings{StaticRoot: "/app/static/out",
			StaticDirs: []string{"/app/static"}}, warning: "lies in static,"},
		"above a source folder": {settings: installed.Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/static/src"}}},
		"a source folder, but not used": {settings: installed.Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/static"}}, disabled: true},
		"not set": {settings: installed.Settings{StaticDirs: []string{"/app/static"}}},
		"outside, but kept by a service ": {settings: installed.Settings{StaticRoot: "/var/www/static",
			WSGI: "service"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.settings.Staticfiles, c.settings.LocalStatic = true, c.settings.WSGI == ""
			warnings,
				err := CheckSettings(c.settings,
				config.Config{Collectstatic: config.Collectstatic{Disable: config.Switch{On: c.disabled}}},
				"/app")
			if got := strings.Join(note.Texts(warnings), "\n"); (c.warning == "") != (got == "") ||
				!strings.Contains(got, c.warning) {
				t.Errorf("got warnings %q", got)
			}
			if (c.id == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.id) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhatIsShippedIsChecked(t *testing.T) {
	good := installed.Settings{Staticfiles: true, LocalStatic: true, Hashed: true, StaticServer: "MIDDLEWARE",
		StaticDirs: []string{"/app/dist"}}
	vite := installed.Manifest{Package: "django-vite", Setting: `DJANGO_VITE["default"]["manifest_path"]`,
		File: "/app/out/manifest.json"}
	with := func(change func(s *installed.Settings)) installed.Settings {
		s := good
		change(&s)
		return s
	}
	manifest := func(file string) installed.Settings {
		return with(func(s *installed.Settings) {
			s.Manifests = []installed.Manifest{{Package: vite.Package, Setting: vite.Setting, File: file}}
		})
	}
	collected := Seen{Collected: true}
	missing := Seen{Collected: true, Missing: []string{vite.File}, Elsewhere: map[string]string{}}
	for name, c := range map[string]struct {
		settings installed.Settings
		packages string
		process  string
		seen     Seen
		want     []string // one part of each warning, in their order
	}{
		"all is well":              {settings: good, seen: collected},
		"a manifest that is there": {settings: manifest(vite.File), seen: collected},
		"a manifest that is not": {settings: manifest(vite.File), seen: missing,
			want: []string{"needs out/manifest.json (DJANGO_VITE"}},
		"no script has run": {settings: manifest(vite.File), seen: missing, want: []string{"No build script"}},
		"a script has run": {settings: manifest(vite.File),
			seen: Seen{Missing: missing.Missing, Written: Written{Ran: []string{"npm run build"}}},
			want: []string{"has run npm run build"}},
		"Vite's hidden folder": {settings: manifest(vite.File),
			seen: Seen{Missing: missing.Missing,
				Elsewhere: map[string]string{vite.File: "/app/dist/.vite/manifest.json"}},
			want: []string{`["manifest_path"] = BASE_DIR / "dist/.vite/manifest.json"`}},
		"at another place": {settings: manifest(vite.File),
			seen: Seen{Missing: missing.Missing, Elsewhere: map[string]string{vite.File: "/app/dist/manifest.json"}},
			want: []string{"but dist/manifest.json exists"}},
		"outside of the app": {settings: manifest("/srv/manifest.json"), seen: collected,
			want: []string{"outside of the app"}},
		"in node_modules": {settings: manifest("/app/web/node_modules/manifest.json"), seen: collected,
			want: []string{"nothing in node_modules is"}},
		"compressed blocks": {settings: with(func(s *installed.Settings) {
			s.Manifests = []installed.Manifest{{Package: "django-compressor", Setting: "COMPRESS_OFFLINE",
				File: vite.File}}
		}), seen: missing, want: []string{"BP_DJANGO_COMMANDS_AFTER=compress"}},
		"Tailwind without Node.js": {settings: with(func(s *installed.Settings) {
			s.Manifests = []installed.Manifest{{Package: "django-tailwind-cli", Setting: "TAILWIND_CLI_DIST_CSS",
				File: vite.File}}
		}), seen: missing, want: []string{"BP_DJANGO_COMMANDS_BEFORE=\"tailwind build\""}},
		"the storage's own": {settings: with(func(s *installed.Settings) {
			s.Manifests = []installed.Manifest{{Package: "Storage", Setting: storageSetting, File: vite.File}}
		}), seen: missing, want: []string{"Let collectstatic run"}},
		"a folder that is not there": {settings: good,
			seen: Seen{Collected: true, Missing: []string{"/app/dist"}},
			want: []string{"STATICFILES_DIRS names dist, which does not exist"}},
		"the same, but nothing is collected": {settings: good, seen: Seen{Missing: []string{"/app/dist"}}},
		"hidden": {settings: good,
			seen: Seen{Collected: true, Hidden: []string{"/app/dist/.well-known"}},
			want: []string{"has skipped dist/.well-known"}},
		"not hashed": {settings: with(func(s *installed.Settings) { s.Hashed = false }), seen: collected,
			want: []string{"\n    STORAGES = {\"default\": {\"BACKEND\": " +
				"\"django.core.files.storage.FileSystemStorage\"}, \"staticfiles\": {\"BACKEND\": \"django.contrib"}},
		"not hashed, with WhiteNoise": {settings: with(func(s *installed.Settings) { s.Hashed = false }),
			packages: "django@5.2 whitenoise@6", seen: collected,
			want: []string{"{\"BACKEND\": \"whitenoise.storage.CompressedManifestStaticFilesStorage\"}"}},
		"not hashed, of an old Django": {settings: with(func(s *installed.Settings) { s.Hashed = false }),
			packages: "django@4.1.3", seen: collected, want: []string{"\n    STATICFILES_STORAGE = \"django.contrib"}},
		"not hashed, but kept by a service": {settings: with(func(s *installed.Settings) {
			s.Hashed, s.LocalStatic = false,
				false
		}), seen: collected},
		"not hashed and not collected": {settings: with(func(s *installed.Settings) {
			s.Hashed, s.StaticServer = false,
				""
		})},
		"nothing serves": {settings: with(func(s *installed.Settings) { s.StaticServer = "" }),
			process: "gunicorn a", seen: collected, want: []string{"WhiteNoiseMiddleware"}},
		"a web server does": {settings: with(func(s *installed.Settings) { s.StaticServer = "" }),
			process: "bin/start-nginx gunicorn a", seen: collected},
	} {
		t.Run(name, func(t *testing.T) {
			in := installed.Found{Packages: map[string]string{}}
			for _, field := range strings.Fields(c.packages) {
				name, version, _ := strings.Cut(field, "@")
				in.Packages[name] = version
			}
			in.Settings, c.seen.Root = &c.settings, "/app"
			got := note.Texts(c.seen.Check(in, []string{c.process}))
			if len(got) != len(c.want) {
				t.Fatalf("got %d warnings:\n%s", len(got), strings.Join(got, "\n"))
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got %q, want %q in it", got[i], want)
				}
			}
		})
	}
}
