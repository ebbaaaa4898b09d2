package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func testUnset(t *testing.T, when spec.G, it spec.S) {
	// Settings stop at the first variable that is missing. The error has those that come after it too, with values that
	// the code can use, but for a key that gets a placeholder; where a value does not do, it has those up to there.
	it("all missing variables are named at once", func() {
		const needs = `need DATABASE_URL 'DATABASES = env.db("DATABASE_URL")'; need DJANGO_SECRET_KEY x; need ` +
			`WORKERS 'int(os.environ["WORKERS"])'; `
		for name, c := range map[string]struct{ script, what, has, hasNot string }{
			"all": {needs + "need REDIS_URL x; fails ValueError x x",
				"DATABASE_URL, WORKERS, REDIS_URL are not set", "name = \"WORKERS\"\n    value = \"1\"\n" +
					"    [[io.buildpacks.build.env]]\n    name = \"REDIS_URL\"\n    value = \"redis://localhost\"\n",
				"DJANGO_SECRET_KEY"},
			"a value that will not do": {needs +
				`[ "$WORKERS" = 5 ] || fails "KeyError: 'WORKERS'" '  File "<frozen os>", line 716, in __getitem__' x`,
				"DATABASE_URL, WORKERS are not set", "name = \"WORKERS\"\n    value = \"1\"\n", "DJANGO_SECRET_KEY"},
			"more than anybody asks for": {`n=1; while [ -n "$(printenv A_$n)" ]; do n=$((n + 1)); done; need A_$n x`,
				"A_1, A_2, ", `"A_20"`, "A_21"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n"})
				b.replace("uv", settingsOf(c.script))
				_, err := b.build()
				user, ok := fail.User(err)
				if !ok || user.ID != "django/variable-unset" || !strings.Contains(user.What, c.what) ||
					!strings.Contains(user.Fix.String()+"\n", c.has) || strings.Contains(user.Error(), c.hasNot) {
					t.Errorf("got %v", err)
				}
			})
		}
	})

	// A module that only the settings for development need is an error that names those of wsgi.py, unless the build
	// has chosen its own.
	it("a module of the settings for development", func() {
		for _, variable := range []string{"", "config.local"} {
			b := newBench(t, map[string]string{
				"requirements.txt":     "django\n",
				"manage.py":            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.local')",
				"config/production.py": "",
				"config/wsgi.py":       "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.production')",
			})
			if variable != "" {
				t.Setenv("DJANGO_SETTINGS_MODULE", variable)
			}
			b.replace("uv",
				settingsOf(`fails "ModuleNotFoundError: No module named 'debug_toolbar'" "" "import debug_toolbar"`))
			_, err := b.build()
			if user,
				ok := fail.User(err); !ok || user.ID != "django/module-missing" ||
				strings.Contains(user.Fix.String(), `value = "config.production"`) != (variable == "") {
				t.Errorf("%q: got %v", variable, err)
			}
			if strings.Contains(b.log.String(), "Settings: the build uses config.local") != (variable == "") {
				t.Errorf("%q: the log is\n%s", variable, &b.log)
			}
		}
	})
}
