package integration

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// whoSees says of each who runs code of the app which of the given variables it sees. What it is about is in README:
// "Settings and secrets at build", "Private registries".
var whoSees = []struct{ who, sees string }{
	{"pre-compile", "GIVEN"},
	{"install-of-python", "GIVEN UV_INDEX_COMPANY_PASSWORD"}, // a setup.py
	{"prebuild", "GIVEN"},
	{"install-of-node", "GIVEN NPM_TOKEN"}, // a postinstall script
	{"settings", "GIVEN BOUND SECRET_KEY"},
	{"command", "GIVEN BOUND SECRET_KEY"},
	{"build", "GIVEN BOUND SECRET_KEY"},
	{"collectstatic", "GIVEN BOUND SECRET_KEY"},
	{"post-compile", "GIVEN BOUND SECRET_KEY"},
	{"cleanup", "GIVEN BOUND SECRET_KEY"},
	{"container", ""},
}

var ofInterest = []string{"GIVEN", "BOUND", "SECRET_KEY", "NPM_TOKEN", "UV_INDEX_COMPANY_PASSWORD"}

// noting is Python that notes the names that it sees; who is an expression.
func noting(who string) string {
	return "import os, sys\nopen(\"/tmp/seen-\" + (" + who + "), \"w\").write(\" \".join(os.environ))\n"
}

// looks is the same for a shell.
func looks(who string) string { return "env | cut -d= -f1 >/tmp/seen-" + who }

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	spec.Run(t, "variables", func(t *testing.T, _ spec.G, it spec.S) {
		it("are seen by whom the documentation names", func() {
			p := warm(t)
			app := write(t, site("", map[string]string{
				"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\n./mine\n",
				"mine/setup.py": noting(`"install-of-python"`) +
					"from setuptools import setup\nsetup(name=\"mine\", version=\"1\", py_modules=[])\n",
				"bin/pre_compile": looks("pre-compile"), "bin/post_compile": looks("post-compile"), "show.py": shows,
				"Procfile": "web: gunicorn mysite.wsgi\nshow: python show.py\n",
				"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"widget": "file:widget"}, ` +
					`"scripts": {"heroku-prebuild": "` + looks("prebuild") + `", "postinstall": "` +
					looks("install-of-node") +
					`", "build": "` + looks("build") + `", "heroku-cleanup": "` + looks("cleanup") + `"}}`,
				"widget/package.json": `{"name": "widget", "version": "1.0.0"}`,
				"mysite/settings.py": site("", nil)["mysite/settings.py"] +
					noting(`"collectstatic" if "--noinput" in sys.argv else "command" if "check" in sys.argv else `+
						`"settings"`),
			}))
			log := mustBuild(t, p,
				devenv.Build{App: app, Env: map[string]string{"GIVEN": "x", "BP_DJANGO_COMMANDS_BEFORE": "check"},
					Bindings: map[string]string{
						"build-env": folder(t, "tandem-build-env", "BOUND"), "npm": folder(t, "npmrc", "NPM_TOKEN"),
						"uv": folder(t, "uv", "UV_INDEX_COMPANY_PASSWORD"),
					}})
			tmp := filepath.Join(p.Dir, "tmp") // where a build finds /tmp
			for _, c := range whoSees {
				var names []string
				if c.who == "container" {
					got := map[string]string{}
					askJSON(t, p, "show", nil, &got)
					for name := range got {
						names = append(names, name)
					}
				} else {
					text, err := os.ReadFile(filepath.Join(tmp, "seen-"+c.who))
					if err != nil {
						t.Errorf("%v\n%s", err, log)
						continue
					}
					names = strings.Fields(string(text))
				}
				got := slices.DeleteFunc(slices.Clone(ofInterest),
					func(name string) bool { return !slices.Contains(names, name) })
				if diff := cmp.Diff(c.sees, strings.Join(got, " ")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", c.who, diff)
				}
			}
		})
	}, spec.Parallel())
}

// folder is a binding with one variable.
func folder(t *testing.T, kind, name string) string {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "type"), kind)
	put(t, filepath.Join(dir, name), "value-of-"+name)
	return dir
}
