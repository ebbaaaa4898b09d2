package integration

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// shapes are hooks as they are found in public repositories. Each runs in an app without packages and must leave the
// file "made" with the given text in it.
var shapes = []struct {
	name, hook string
	mode       os.FileMode
	want       string
}{
	{"no shebang and no run bit", "echo bash $BASH_VERSION | cut -d. -f1 >made\n", 0o644, "bash 5"},
	{"a shebang and no run bit", "#!/bin/sh\necho sh >made\n", 0o644, "sh"},
	{"in Python", "#!/usr/bin/env python\nimport sys\nopen('made', 'w').write(sys.prefix.split('/')[-1])\n", 0o755,
		"venv"},
	{"cd to its argument", "cd / && cd \"$1\" && pwd | sed 's|.*/||' >made\n", 0o755, "app"},
	{"BUILD_DIR", "cd / && cd \"$BUILD_DIR\" && pwd | sed 's|.*/||' >made\n", 0o755, "app"},
	{"ENV_DIR", "cat \"$ENV_DIR/COLOUR\" >made\n", 0o755, "green"},
	{"CACHE_DIR", "echo x >>\"$CACHE_DIR/rounds\"; grep -c x \"$CACHE_DIR/rounds\" >made\n", 0o755, "2"},
	{"SOURCE_VERSION", "echo $SOURCE_VERSION >made\n", 0o755, strings.Repeat("ab", 20)},
	{"set -eux and classic's PATH",
		"#!/usr/bin/env bash\nset -eux\nexport PATH=/app/.heroku/node/bin:$PATH\npython -c 'print(1)' >made\n", 0o755,
		"1"},
	{"functions of Heroku's buildpack",
		"#!/usr/bin/env bash\nset -eo pipefail\nsource $BIN_DIR/utils\nputs-step Styles\nset-env A 1\n" +
			"echo styles | indent >made\n", 0o755, "styles"},
	{"a script for classic's processes",
		"set -e\necho 'export A=made' >$BUILD_DIR/.profile.d/a.sh\n. ./.profile.d/a.sh\necho $A >made\n", 0o755,
		"made"},
	{"pip",
		"set -e\npip install --quiet six==1.17.0\npython -m pip show six\n" +
			"python -c 'import six; print(six.__name__)' >made\n", 0o755, "six"},
	{"variables of the platform", "echo $COLOUR >made\n", 0o755, "green"},
}

// One after the other in one place, from the caches of the one before: what they share is Python, which takes longer
// than all of them.
func TestHooksRunAsOnHerokuClassic(t *testing.T) {
	t.Parallel()
	p := warm(t)
	spec.Run(t, "hook", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range shapes {
			it(c.name, func() {
				app := write(t,
					map[string]string{"requirements.txt": "", "bin/post_compile": c.hook,
						".git/HEAD": strings.Repeat("ab", 20) + "\n"})
				if err := os.Chmod(filepath.Join(app, "bin/post_compile"), c.mode); err != nil {
					t.Fatal(err)
				}
				build := devenv.Build{App: app, Env: map[string]string{"COLOUR": "green"}}
				rounds := 1
				if strings.Contains(c.hook, "CACHE_DIR") {
					rounds = 2
				}
				for range rounds {
					mustBuild(t, p, build)
					if err := p.Restore(); err != nil {
						t.Fatal(err)
					}
				}
				got, err := os.ReadFile(filepath.Join(p.Dir, "app", "made"))
				if err != nil || strings.TrimSpace(string(got)) != c.want {
					t.Errorf("got %q, %v, want %q", got, err, c.want)
				}
			})
		}
	})
}

// djangoFiles is the smallest Django app with static files.
var djangoFiles = map[string]string{
	"requirements.txt": "django==5.2.4\n", "manage.py": manage,
	"settings.py": "import os\nSECRET_KEY = os.environ[\"SECRET_KEY\"]\n" +
		"INSTALLED_APPS = [\"django.contrib.staticfiles\"]\nSTATIC_URL = \"static/\"\n" +
		"STATIC_ROOT = os.path.join(os.path.dirname(__file__), \"collected\")\nSTATICFILES_DIRS = [\"assets\"]\n",
	"assets/site.css": "new", "collected/site.css": "old",
}

// Files that came with the source in STATIC_ROOT have the same time as all others, and collectstatic would leave them.
func TestAStaleStaticRootIsReplaced(t *testing.T) {
	t.Parallel()
	spec.Run(t, "STATIC_ROOT", func(t *testing.T, _ spec.G, it spec.S) {
		it("is replaced when it came with the source", func() {
			app := write(t, djangoFiles)
			p := warm(t)
			mustBuild(t, p, devenv.Build{App: app})
			got, err := os.ReadFile(filepath.Join(p.Dir, "app/collected/site.css"))
			if err != nil || string(got) != "new" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}, spec.Parallel())
}

// A laptop's packages would win over the locked ones, and be shipped.
func TestUploadedPackagesAreNotUsed(t *testing.T) {
	t.Parallel()
	spec.Run(t, "uploaded packages", func(t *testing.T, _ spec.G, it spec.S) {
		it("are not used", func() {
			files := map[string]string{
				"requirements.txt": "", "venv/pyvenv.cfg": "", "venv/bin/python": "",
				"node_modules/is-number/index.js": "laptop", "node_modules/.bin/laptop": "#!/bin/sh\n",
				"package.json": `{"name": "a", "version": "1.0.0", "scripts": {"build": "node -e ` +
					`\"console.log(typeof require('is-number'))\""}, "dependencies": {"is-number": "7.0.0"}}`,
			}
			p := warm(t)
			log := mustBuild(t, p, devenv.Build{App: write(t, files)})
			contains(t, log, []string{"node_modules came with the source", "venv came with the source", "  function\n"},
				nil)
			for _, name := range []string{"node_modules", "venv"} {
				if _, err := os.Stat(filepath.Join(p.Dir, "app", name)); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s would be shipped (%v)", name, err)
				}
			}
		})
	}, spec.Parallel())
}
