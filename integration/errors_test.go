package integration

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// plainFiles is the smallest app that installs nothing.
var plainFiles = map[string]string{"requirements.txt": ""}

// mistake is an app that cannot be built, or not with these settings; testdata/errors/<name>.txt is what the user
// reads.
type mistake struct {
	name  string
	files map[string]string
	env   map[string]string
	spoil func(p *devenv.Phases) error
}

var mistakes = []mistake{
	{name: "package-json-not-json",
		files: map[string]string{"requirements.txt": "", "package.json": "{\n  \"scripts\": {\n    build: \"vite\"\n"}},
	{name: "no-requirements", files: map[string]string{"manage.py": ""}},
	{name: "version-unknown", files: plainFiles, env: map[string]string{"BP_PYTHON_VERSION": "3.13.99"}},
	{name: "version-malformed", files: map[string]string{"requirements.txt": "", ".python-version": "three\n"}},
	{name: "version-contradiction", files: map[string]string{"requirements.txt": "", ".python-version": "3.10\n",
		"pyproject.toml": "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.11\"\n"}},
	{name: "checksum-mismatch", files: plainFiles, env: map[string]string{"BP_PYTHON_VERSION": "3.9.99"},
		spoil: func(p *devenv.Phases) error {
			uri, err := garbage(p)
			return errors.Join(err, offer(p, "3.9.99", uri))
		}},
	{name: "host-unreachable", files: plainFiles, env: map[string]string{"BP_PYTHON_VERSION": "3.9.99"},
		spoil: func(p *devenv.Phases) error { return offer(p, "3.9.99", "https://nowhere.invalid/python.tar.gz") }},
	{name: "npm-lock-out-of-sync", files: map[string]string{"requirements.txt": "",
		"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}`,
		"package-lock.json": `{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", ` +
			`"version": "1.0.0"}}}`}},
	{name: "yarn-lock-out-of-sync",
		files: map[string]string{"requirements.txt": "", "yarn.lock": "# yarn lockfile v1\n\n\n",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}`}},
	{name: "yarn-4-lock-out-of-sync",
		files: map[string]string{"requirements.txt": "", "yarn.lock": "__metadata:\n  version: 8\n  cacheKey: 10c0\n",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}`}},
	{name: "pnpm-lock-out-of-sync",
		files: map[string]string{"requirements.txt": "",
			"pnpm-lock.yaml": "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n",
			"package.json":   `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}`}},
	{name: "pnpm-without-such-a-version",
		files: map[string]string{"requirements.txt": "", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
			"package.json": `{"name": "a", "version": "1.0.0", "packageManager": "pnpm@9.99.99", "dependencies": ` +
				`{"is-number": "7.0.0"}}`}},
	{name: "checksum-of-packageManager", files: map[string]string{"requirements.txt": "",
		"package.json": `{"name": "a", "version": "1.0.0", "packageManager": "yarn@1.22.22+sha224.00", ` +
			`"dependencies": {"is-number": "7.0.0"}}`}},
	{name: "npm-package-of-an-address", files: map[string]string{"requirements.txt": "",
		"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"x": ` +
			`"git+https://nowhere.invalid/a/x.git"}}`}},
	{name: "npm-peer-conflict",
		files: map[string]string{"requirements.txt": "",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"react": "17.0.2", "react-dom": ` +
				`"18.3.1"}}`}},
	{name: "npmrc-variable",
		files: map[string]string{"requirements.txt": "", ".npmrc": "//npm.example.com/:_authToken=${NPM_TOKEN}\n",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}}`}},
	{name: "requirement-does-not-exist",
		files: map[string]string{"requirements.txt": "no-such-package-of-tandem==1.0\n"}},
	{name: "requirement-with-another-hash",
		files: map[string]string{"requirements.txt": "six==1.17.0 --hash=sha256:" + strings.Repeat("0", 64) + "\n"}},
	{name: "requirements-to-choose",
		files: map[string]string{"manage.py": "", "requirements/dev.txt": "", "requirements/production.txt": ""}},
	{name: "pipfile-lock-out-of-sync", files: map[string]string{"Pipfile": "[packages]\nsix = \"*\"\n",
		"Pipfile.lock": `{"_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {}, "sources": []}, ` +
			`"default": {}, "develop": {}}`}},
	{name: "build-script-fails",
		files: map[string]string{"requirements.txt": "",
			"package.json": `{"scripts": {"build": "echo 100% done >&2; exit 3"}}`}},
	{name: "hook-fails",
		files: map[string]string{"requirements.txt": "", "bin/post_compile": "echo from the hook\nexit 4\n"}},
	{name: "hook-with-an-unknown-interpreter",
		files: map[string]string{"requirements.txt": "", "bin/post_compile": "#!/usr/bin/env-of-nobody\n"}},
	{name: "no-such-script", files: scripted, env: map[string]string{"BP_NODE_RUN_SCRIPTS": "build:production"}},
	{name: "procfile-line",
		files: map[string]string{"requirements.txt": "", "Procfile": "web: python -m http.server $PORT\nnothing\n"}},
	{name: "two-locks",
		files: map[string]string{"uv.lock": "version = 1\nrequires-python = \">=3.10\"\n\n[[package]]\nname = \"a\"\n" +
			"version = \"1\"\nsource = { virtual = \".\" }\n", "poetry.lock": "",
			"pyproject.toml": "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.10\"\n"}},
}

// mistakesOfDjango are built in a place that has the packages of site in its caches.
var mistakesOfDjango = []mistake{
	{name: "hook-migrates",
		files: site("",
			map[string]string{"mysite/database.py": database,
				"bin/post_compile": "echo from the hook\nDJANGO_SETTINGS_MODULE=mysite.database python manage.py " +
					"migrate\n"})},
	{name: "collectstatic-fails",
		files: map[string]string{"requirements.txt": djangoAndGunicorn, "manage.py": manage, "assets/a.css": "",
			"settings.py": "INSTALLED_APPS = [\"django.contrib.staticfiles\"]\nSTATIC_URL = \"static/\"\n" +
				"STATICFILES_DIRS = [\"assets\"]\n"}},
	{name: "several-manage-py",
		files: map[string]string{"requirements.txt": djangoAndGunicorn, "shop/manage.py": manage,
			"blog/manage.py":   manage,
			"blog/settings.py": ""}},
	{name: "static-root-is-a-source",
		files: site("",
			map[string]string{"static/a.css": "",
				"mysite/settings.py": "STATIC_URL = \"static/\"\nSTATIC_ROOT = \"static\"\n" +
					"STATICFILES_DIRS = [\"static\"]\nINSTALLED_APPS = [\"django.contrib.staticfiles\"]\n"})},
	{name: "management-command-fails", files: site("", map[string]string{"package.json": `{"scripts": {"lint": ""}}`}),
		env: map[string]string{"BP_DJANGO_COMMANDS_BEFORE": "compres --force"}},
}

// djangoAndGunicorn are the requirements of site.
const djangoAndGunicorn = "django==5.2.4\ngunicorn==23.0.0\n"

// database are settings of a server that is not there.
const database = "from .settings import *\nDATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", " +
	"\"NAME\": \"/nowhere/db.sqlite3\"}}\n"

const manage = "import os\nimport sys\nfrom django.core.management import execute_from_command_line\n" +
	"os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"settings\")\nexecute_from_command_line(sys.argv)\n"

func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	spec.Run(t, "mistake", func(t *testing.T, _ spec.G, it spec.S) {
		for _, m := range mistakes {
			it(m.name, func() {
				place := warm
				if m.spoil != nil {
					place = phases
				}
				m.explained(t, place(t))
			})
		}
	}, spec.Parallel())
}

func TestMistakesOfDjangoAreExplained(t *testing.T) {
	t.Parallel()
	p := warm(t)
	keepPackages(t, p, site("", nil))
	spec.Run(t, "mistake", func(t *testing.T, _ spec.G, it spec.S) {
		for _, m := range mistakesOfDjango {
			it(m.name, func() {
				if err := p.Rewind(); err != nil {
					t.Fatal(err)
				}
				m.explained(t, p)
			})
		}
	})
}

// explained builds the app, compares what the user reads, does what it says, and builds again.
func (m mistake) explained(t *testing.T, p *devenv.Phases) {
	t.Helper()
	if m.spoil != nil {
		if err := m.spoil(p); err != nil {
			t.Fatal(err)
		}
	}
	a := &advised{app: write(t, m.files), env: merged(map[string]string{}, m.env)}
	log, err := p.Build(t.Context(), devenv.Build{App: a.app, Env: a.env})
	if err == nil {
		t.Fatalf("the build succeeds:\n%s", log)
	}
	a.message = message(log, p.Dir)
	golden(t, filepath.Join("testdata", "errors", m.name+".txt"), a.message)
	cure, ok := cures[m.name]
	switch {
	case !ok || len(cure.fix) == 0 && cure.not == "":
		t.Error("the message has no fix that was followed, and nothing says why")
	case cure.not != "":
		t.Logf("its fix is not followed: %s", cure.not)
	default:
		a.mend(t, p, followed{fix: cure.fix})
	}
}

// offer adds a Python that is to be had at uri to what the buildpack knows.
func offer(p *devenv.Phases, version, uri string) error {
	found, err := filepath.Glob(filepath.Join(p.Dir, "buildpacks", "*", "*", "inventory.json"))
	if err != nil || len(found) != 1 {
		return errors.Join(err, errors.New("the tests' buildpack has no inventory.json"))
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	var entries []map[string]any
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	entries = append(entries, map[string]any{"id": "cpython", "version": version, "build": "20260101", "arch": "amd64",
		"uri": uri, "sha256": strings.Repeat("0", 64), "strip": 1})
	if data, err = json.Marshal(entries); err != nil {
		return err
	}
	if err := os.Remove(found[0]); err != nil { // it may be a hard link of the original
		return err
	}
	return os.WriteFile(found[0], data, 0o644)
}

// garbage is the address of an archive that is none.
func garbage(p *devenv.Phases) (string, error) {
	path := filepath.Join(p.Dir, "python.tar.gz")
	return "file://" + path, os.WriteFile(path, []byte("<html>"), 0o644)
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "app")
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// cause is the network's own word for what went wrong.
var cause = regexp.MustCompile(`The last: .*`)

// volatile are the colors of a terminal.
var volatile = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// message is the end of a failed build's log that is Tandem's error, without what differs from run to run.
func message(log, dir string) string {
	log = strings.ReplaceAll(volatile.ReplaceAllString(log, ""), dir, "DIR")
	if i := strings.Index(log, "\nError: "); i >= 0 {
		log = log[i+1:]
	}
	log, _, _ = strings.Cut(log, "\nFailed after ")
	log = cause.ReplaceAllString(log, "The last: CAUSE")
	return strings.TrimSpace(log) + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755),
			os.WriteFile(name, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run the test with -update and read the result", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
