package build

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// settingsOf is a fake uv whose Python runs a shell script where the settings are imported; its functions say what
// Django would.
func settingsOf(script string) map[string]string {
	uv := maps.Clone(fakeUV)
	uv["uv"] = strings.Replace(uv["uv"], `[ -e broken-settings ] && exit 1`, `
need() { [ -n "$(printenv $1)" ] || fails "KeyError: '$1'" '  File "<frozen os>", line 716, in __getitem__' "$2"; }
fails() { printf 'Traceback (most recent call last):\n  File "%s", line 3, in <module>\n    %s\n%s\n%s\n' "$PWD/mysite/settings.py" "$3" "$2" "$1" >&2; exit 1; }
`+script, 1)
	return uv
}

func bound(name string, vars map[string]string) libcnb.Binding {
	return libcnb.Binding{Name: name, Type: "tandem-build-env", Secret: vars}
}

func testSettings(t *testing.T, when spec.G, it spec.S) {
	// ARCHITECTURE.md, "Environments": the variables of a binding reach the app's own steps and nothing else, and no
	// value is in the log.
	it("variables of a binding reach the app's own steps only", func() {
		b := newBench(t, django())
		b.bindings = libcnb.Bindings{bound("env", map[string]string{"DATABASE_URL": "canary-1", "COLOUR": "canary-2"})}
		t.Setenv("COLOUR", "of the platform")
		t.Setenv("DEBUG_COLLECTSTATIC", "1")
		t.Setenv("BP_DJANGO_COMMANDS_BEFORE", "check")
		b.replace("uv", settingsOf("need DATABASE_URL"))
		b.write(map[string]string{
			"package.json": `{"scripts": {"build": "node built", "heroku-prebuild": "true", "heroku-cleanup": ` +
				`"node cleanup"}, "dependencies": {"a": "1"}}`,
			"bin/pre_compile": "env >pre-env\n",
		})
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		for prefix, own := range map[string]bool{
			"uv venv": false, "uv pip": false, "npm run heroku-prebuild": false, "npm ci": false,
			"python LAYERS/private/settings.py": true, "python manage.py check": true, "npm run build": true,
			"node built": true,
			"python manage.py collectstatic --noinput --traceback": true, "npm run heroku-cleanup": true,
		} {
			env := b.seen(prefix)
			if _, has := env["DATABASE_URL"]; has != own || (env["COLOUR"] == "canary-2") != own {
				t.Errorf("%s sees DATABASE_URL=%q COLOUR=%q", prefix, env["DATABASE_URL"], env["COLOUR"])
			}
		}
		for name, own := range map[string]bool{"pre-env": false, "hook-env": true} {
			text, err := os.ReadFile(filepath.Join(b.app, name))
			b.must(err)
			if strings.Contains(string(text), "canary-1") != own {
				t.Errorf("%s has the binding's variables: %v", name, !own)
			}
		}
		log := b.log.String()
		if strings.Contains(log, "canary") {
			t.Errorf("a value is in the log:\n%s", log)
		}
		for _, want := range []string{"from a binding: COLOUR, DATABASE_URL", "The variables that it sees: ",
			" SECRET_KEY, "} {
			if !strings.Contains(log, want) {
				t.Errorf("%q is not in the log:\n%s", want, log)
			}
		}
	})

	it("a placeholder stands under the name that the settings read", func() {
		const line = `SECRET_KEY = os.environ["MYSITE_KEY"]`
		for _, c := range []struct {
			name, script, want string // want: the variable that gets a placeholder
			off                bool
			id                 string
		}{
			{name: "one", script: `need DJANGO_SECRET_KEY x`, want: "DJANGO_SECRET_KEY"},
			{name: "by the line that reads it", script: `need MYSITE_KEY '` + line + `'`, want: "MYSITE_KEY"},
			{name: "two", script: `need DJANGO_SECRET_KEY x; need APP_SECRET x`, want: "DJANGO_SECRET_KEY",
				id: "django/variable-unset"},
			{name: "another service's", script: `need STRIPE_SECRET_KEY x`, id: "django/variable-unset"},
			{name: "switched off", script: `need DJANGO_SECRET_KEY x`, off: true, id: "django/variable-unset"},
			{name: "without a failure",
				script: `echo '{"Staticfiles": true, "SecretNames": ["DEBUG", "DJANGO_SECRET_KEY"]}'; exit`,
				want:   "DJANGO_SECRET_KEY"},
		} {
			t.Run(c.name, func(t *testing.T) {
				b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n"})
				b.replace("uv", settingsOf(c.script))
				if c.off {
					t.Setenv("BP_DJANGO_SECRET_KEY_PLACEHOLDER", "false")
				}
				_, err := b.build()
				if user, _ := fail.User(err); (c.id == "") != (err == nil) || c.id != "" && user.ID != c.id {
					t.Fatalf("got %v\n%s", err, &b.log)
				}
				if said := strings.Contains(b.log.String(), c.want+
					": not set, so the app's steps get a random placeholder"); said != (c.want != "") {
					t.Errorf("the log says so: %v\n%s", said, &b.log)
				}
				if c.id == "" {
					if env := b.seen("python manage.py collectstatic"); len(env[c.want]) != 64 || env["DEBUG"] != "" {
						t.Errorf("collectstatic sees %s=%q DEBUG=%q", c.want, env[c.want], env["DEBUG"])
					}
				}
			})
		}
	})

	it("the log says what a container needs", func() {
		for _, c := range []struct{ name, settings, script, want string }{
			{"a key that gets a placeholder", "SECRET_KEY = os.environ.get('SECRET_KEY')", "",
				"-e SECRET_KEY=only-for-a-try IMAGE"},
			{"a key that only the import shows", "",
				`echo '{"Staticfiles": true, "WSGI": "shop.wsgi.application", "KeyFrom": ["MYSITE_KEY"]}'; exit`,
				"-e MYSITE_KEY=only-for-a-try IMAGE"},
			{"a variable that the build gets",
				"A = os.environ['COLOUR']\nB = os.environ['HOME']\nSECRET_KEY = os.environ['SECRET_KEY']", "",
				"Export them first:\n  docker run --rm -p 8080:8080 -e SECRET_KEY=only-for-a-try -e COLOUR IMAGE"},
			{"nothing", "SECRET_KEY = 'x'", "", "Run it:\n  docker run --rm -p 8080:8080 IMAGE"},
		} {
			t.Run(c.name, func(t *testing.T) {
				b := newBench(t,
					map[string]string{"requirements.txt": "django\ngunicorn\n", "shop/wsgi.py": "application = 1\n",
						"manage.py":        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
						"shop/settings.py": "import os\n" + c.settings + "\n"})
				t.Setenv("COLOUR", "canary-3")
				if c.script != "" {
					b.replace("uv", settingsOf(c.script))
				}
				if _, err := b.build(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				if log := b.log.String(); !strings.Contains(log, c.want) || strings.Contains(log, "canary") {
					t.Errorf("the log has not\n%s\n%s", c.want, log)
				}
			})
		}
	})

	// What no later step can mend ends the build while Node's packages are still being installed; all else waits, and so does all where
	// nothing needs the settings.
	it("settings that cannot be imported end the build or wait", func() {
		for _, c := range []struct {
			name, script string
			vars         map[string]string
			id           string
		}{
			{name: "a variable", script: "need API_HOST", id: "django/variable-unset"},
			{name: "a variable that pydantic misses", script: `echo '{"Missing": ["SHOP_KEY"]}'; exit 1`,
				id: "django/variable-unset"},
			{name: "a variable, without collectstatic", script: "need API_HOST",
				vars: map[string]string{"DISABLE_COLLECTSTATIC": "1"}},
			{name: "a variable, for a command", script: "need API_HOST",
				vars: map[string]string{"DISABLE_COLLECTSTATIC": "1", "BP_DJANGO_COMMANDS_AFTER": "check"},
				id:   "django/variable-unset"},
			{name: "a syntax error", script: `fails "SyntaxError: invalid syntax" "" x`, id: "django/syntax"},
			{name: "a package", script: `fails "ModuleNotFoundError: No module named 'environ'" "" "import environ"`,
				id: "django/module-missing"},
			{name: "a file that a script may make",
				script: `fails "FileNotFoundError: [Errno 2] No such file or directory: 'stats.json'" "" x`},
			{name: "a module that a script may make",
				script: `fails "ModuleNotFoundError: No module named 'mysite.local'" "" "from .local import *"`},
		} {
			t.Run(c.name, func(t *testing.T) {
				b := newBench(t,
					map[string]string{"manage.py": "", "requirements.txt": "django\n",
						"package.json": `{"scripts": {"heroku-prebuild": "sleep 20", "build": ""}}`})
				if c.id == "" {
					b.write(map[string]string{"package.json": `{"scripts": {"build": ""}}`})
				}
				b.replace("uv", settingsOf(c.script))
				for name, value := range c.vars {
					t.Setenv(name, value)
				}
				_, err := b.build()
				if user, _ := fail.User(err); (c.id == "") != (err == nil) || c.id != "" && user.ID != c.id {
					t.Fatalf("got %v\n%s", err, &b.log)
				}
				if c.id == "" && !strings.Contains(b.log.String(), "cannot be imported yet: ") {
					t.Errorf("the log does not say that the settings wait:\n%s", &b.log)
				}
			})
		}
	})

	it("an import that the other installation ends is not explained", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n",
			"package.json": `{"scripts": {"heroku-prebuild": "sleep 2; echo of-the-script; exit 3", "build": ""}}`})
		b.replace("uv", settingsOf("sleep 20"))
		_, err := b.build()
		if err == nil || strings.Contains(b.log.String(), "cannot be imported yet") {
			t.Errorf("%v\n%s", err, &b.log)
		}
	})

	// Until Django 3.1 an empty SECRET_KEY ends the import of the settings.
	it("a placeholder for a key that old versions of Django miss", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n"})
		b.replace("uv", settingsOf(`[ -n "$DJANGO_SECRET_KEY" ] || { echo '{"KeyNames": ["COLOUR", `+
			`"DJANGO_SECRET_KEY"]}'; fails "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must `+
			`not be empty."; }`))
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		if env := b.seen("python manage.py collectstatic"); env["DJANGO_SECRET_KEY"] == "" || env["COLOUR"] != "" {
			t.Errorf("collectstatic sees DJANGO_SECRET_KEY=%q COLOUR=%q\n%s", env["DJANGO_SECRET_KEY"], env["COLOUR"],
				&b.log)
		}
	})
}
