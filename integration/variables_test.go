package integration

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// astray are variables each of which would break a build if the tools saw it. /nowhere stands for another machine's
// folder.
var astray = map[string]string{
	"PYTHONSTARTUP": "/nowhere/start.py", "PYTHONOPTIMIZE": "2", "PYTHONPYCACHEPREFIX": "/nowhere",
	"PYTHONUSERBASE": "/nowhere", "CONDA_PREFIX": "/nowhere",
	"PIP_TARGET": "/nowhere", "PIP_USER": "1", "PIP_PREFIX": "/nowhere", "PIP_ROOT": "/nowhere", "PIP_DRY_RUN": "1",
	"PIP_REQUIRE_VIRTUALENV": "1", "PIP_PYTHON": "/nowhere/python",
	"UV_PYTHON": "/nowhere/python", "UV_PROJECT_ENVIRONMENT": "/nowhere", "UV_SYSTEM_PYTHON": "1", "UV_FROZEN": "1",
	"UV_WORKING_DIR": "/nowhere", "UV_ENV_FILE": "/nowhere/.env",
	"npm_config_prefix": "/nowhere", "npm_config_global": "true", "npm_config_dry_run": "true",
	"npm_config_package_lock": "false", "NPM_CONFIG_LOCATION": "global", "YARN_PRODUCTION": "true",
	"GIT_DIR": "/nowhere/.git",
}

// unusable are variables with which Python or Node does not start, or which mean something of ours.
var unusable = map[string]string{"PYTHONHOME": "/nowhere",
	"NODE_OPTIONS": "--require /nowhere/instrument.js --trace-warnings", "VIRTUAL_ENV": "/nowhere",
	"PYTHONPATH": "/nowhere"}

// A process that shows its environment. Its variables that are not ours are those of bash, and of whoever starts a
// container.
const shows = "import http.server, json, os\nclass Show(http.server.BaseHTTPRequestHandler):\n    def do_GET(self):\n" +
	"        self.send_response(200)\n        self.end_headers()\n" +
	"        self.wfile.write(json.dumps(dict(os.environ)).encode())\n" +
	"http.server.HTTPServer((\"\", int(os.environ[\"PORT\"])), Show).serve_forever()\n"

// All at once break nothing, the app's own steps see what they saw without Tandem, and the container has what README
// says.
func TestVariablesThatBreakBuilds(t *testing.T) {
	t.Parallel()
	spec.Run(t, "variables", func(t *testing.T, _ spec.G, it spec.S) {
		it("that break builds reach only the app", func() {
			p := phases(t)
			app := write(t, site("", merged(local, map[string]string{
				"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"widget": "file:widget"}, ` +
					`"scripts": {"build": "node -e \"require('fs').writeFileSync('static/built.txt', ` +
					`require('widget/package.json').name)\" && env >build-env"}}`,
				"package-lock.json": local["package-lock.json"], "bin/post_compile": "env >hook-env\n",
				"show.py": shows, "Procfile": "web: gunicorn mysite.wsgi\nshow: python show.py\n",
				"mysite/management/__init__.py": "", "mysite/management/commands/__init__.py": "",
				"mysite/management/commands/note.py": "import os\nfrom django.core.management.base import " +
					"BaseCommand\nclass Command(BaseCommand):\n    def handle(self, **options):\n" +
					"        open(\"command-env\", \"w\").writelines(f\"{k}={v}\\n\" for k, v in os.environ.items())\n",
				"mysite/__init__.py": "",
				"mysite/local.py":    "from .settings import *\nINSTALLED_APPS += [\"mysite\"]\n",
			})))
			vars := merged(merged(astray, unusable),
				map[string]string{"BP_PYTHON_INSTALLER": "pip", "BP_DJANGO_COMMANDS_AFTER": "note",
					"DJANGO_SETTINGS_MODULE": "mysite.local"})
			log := mustBuild(t, p, devenv.Build{App: app, Env: vars})
			contains(t, log,
				[]string{"because Python or Node.js would not start: " +
					"NODE_OPTIONS (a file it names does not exist), PYTHONHOME\n",
					"GIT_DIR, NPM_CONFIG_LOCATION, PIP_DRY_RUN"}, []string{"/nowhere"})
			if text,
				err := os.ReadFile(filepath.Join(p.Dir, "app/staticfiles/built.txt")); err != nil ||
				string(text) != "widget" {
				t.Errorf("the front end is not built: %v, %q", err, text)
			}
			for _, file := range []string{"build-env", "hook-env", "command-env"} {
				text, err := os.ReadFile(filepath.Join(p.Dir, "app", file))
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range merged(astray, map[string]string{"NODE_OPTIONS": "--trace-warnings"}) {
					ofNPM := regexp.MustCompile(`(?i)^(npm_|yarn_)`).MatchString(name) // which runs the script
					if got := strings.Contains(string(text), name+"="+value+"\n"); !got &&
						!(ofNPM && file == "build-env") && name != "NODE_OPTIONS" {
						t.Errorf("%s: it does not see %s=%s", file, name, value)
					}
				}
				if strings.Contains(string(text), "PYTHONHOME=") || strings.Contains(string(text), "instrument.js") ||
					!strings.Contains(string(text), "\nNODE_OPTIONS=--trace-warnings") {
					t.Errorf("%s: it sees what keeps Python or Node.js from starting, or no NODE_OPTIONS:\n%s", file,
						text)
				}
			}
			visit(t, p, map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.settings"},
				map[string]string{"/": "this is plain"})
			asDocumented(t, p, "show")
		})
	}, spec.Parallel())
}

// asDocumented compares the environment of a process with the page's list.
func asDocumented(t *testing.T, p *devenv.Phases, process string) {
	t.Helper()
	page := read(t, filepath.Join(env.Root, "docs/reference/environment.md"))
	_, section, _ := strings.Cut(page, "\n## In the container\n")
	section, _, _ = strings.Cut(section, "\n## ")
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("`([A-Z_]{4,})`").FindAllStringSubmatch(section, -1) {
		documented[m[1]] = true
	}
	got := map[string]string{}
	askJSON(t, p, process, nil, &got)
	others := []string{"HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
		"http_proxy", "https_proxy", "no_proxy", "CNB_PLATFORM_API", "CNB_NO_COLOR"}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if !documented[name] && !slices.Contains(others, name) || strings.Contains(got[name], "/nowhere") {
			t.Errorf("the container has %s=%s, which the page does not list", name, got[name])
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("the page lists %s, which the container does not have", name)
	}
}
