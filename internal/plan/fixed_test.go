package plan

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// tools create the lockfiles that the real ones would create, without a network.
var tools = map[string]string{
	"npm": `case $1 in pkg) sed -i 's/, "packageManager": "[^"]*"//' package.json;;
		*) echo '{"lockfileVersion": 3, "packages": {}}' > package-lock.json;; esac`,
	"uv": `case $1 in lock) grep -qs '^=' uv.lock && exit 2; echo 'version = 1' > uv.lock;;
		pip) touch requirements.txt;; esac`,
	"poetry": `! grep -s '^=' poetry.lock && touch poetry.lock`,
	"pipenv": `! grep -s '^=' Pipfile.lock && echo '{"default": {}}' > Pipfile.lock`,
	"pdm":    `echo > pdm.lock`,
	"pip":    `echo six`,
	"yarn":   `echo 'nodeLinker: node-modules' > .yarnrc.yml`,
	"bun":    `echo '{"lockfileVersion": 1}' > bun.lock`,
}

// Who does what an error says does not get it again, whichever way they take.
func TestFixesOfErrorsMendThem(t *testing.T) {
	bin := t.TempDir()
	for name, text := range tools {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	const project = "[project]\nname = \"a\"\nversion = \"1\"\n"
	for name, c := range map[string]struct {
		id    string
		files map[string]string
		ways  int // alternatives, each of which mends it
		vars  map[string]string
	}{
		"requirement.txt": {"python/no-requirements", map[string]string{"requirement.txt": "six"}, 1, nil},
		"pyproject.toml":  {"python/no-requirements", map[string]string{"pyproject.toml": project}, 1, nil},
		"poetry": {"python/no-requirements", map[string]string{"pyproject.toml": "[tool.poetry]\n",
			"manage.py": "# django"}, 1, nil},
		"Pipfile":   {"python/no-requirements", map[string]string{"Pipfile": ""}, 1, nil},
		"pdm":       {"python/pdm-lock-invalid", map[string]string{"pyproject.toml": project, "pdm.lock": "="}, 1, nil},
		"manage.py": {"python/no-requirements", map[string]string{"manage.py": "# django"}, 1, nil},
		"below": {"python/no-requirements", map[string]string{"site/manage.py": "# django", "site/Pipfile": ""}, 1,
			nil},
		"two locks": {"app/several-locks", map[string]string{"uv.lock": "version = 1", "poetry.lock": ""}, 2, nil},
		"Poetry's": {"app/several-locks", map[string]string{
			"uv.lock": "version = 1", "poetry.lock": "", "pyproject.toml": "[tool.poetry]\n"}, 1, nil},
		"node locks": {"app/several-locks", node(`{}`, "package-lock.json", "yarn.lock", "pnpm-lock.yaml"), 3, nil},
		"Yarn's": {"app/several-locks",
			node(`{"packageManager": "yarn@1.22.22"}`, "package-lock.json", "yarn.lock"), 1, nil},
		"of a Dockerfile": {"app/several-locks", map[string]string{"requirements.txt": "", "package.json": build,
			"package-lock.json": "{}", "yarn.lock": "# yarn lockfile v1\n",
			"Dockerfile": "FROM x\nRUN yarn --frozen-lockfile\n"}, 1, nil},
		"pnpm's": {"app/several-locks", node(`{}`, "package-lock.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"), 1,
			nil},
		"deno": {"node/manager-unknown", node(`{"packageManager": "deno@2.5.0"}`), 1, nil},
		"bun":  {"node/lock-binary", node(`{}`, "bun.lockb"), 1, nil},
		"front ends": {"node/several-projects", map[string]string{
			"requirements.txt": "", "a/package.json": build, "b/package.json": build}, 1, nil},
		"a choice": {"version/contradiction", map[string]string{
			"requirements.txt": "", ".python-version": "3.10\n", "pyproject.toml": project +
				"requires-python = \">=3.11\"\n"}, 1, nil},
		"runtime.txt": {"version/contradiction", map[string]string{
			"requirements.txt": "", "runtime.txt": "python-3.10\n", "pyproject.toml": project +
				"requires-python = \">=3.11,<3.12.2\"\n"}, 1, nil},
		".nvmrc": {"version/contradiction", map[string]string{
			"requirements.txt": "", ".nvmrc": "18\n",
			"package.json": `{"engines": {"node": ">=20"}, "scripts": {"build": "x"}}`}, 1, nil},
		"no release": {"version/unknown", map[string]string{
			"requirements.txt": "", ".nvmrc": "24.99.1\n", "package.json": build}, 1, nil},
		"requirements in directories": {"python/no-requirements", map[string]string{
			"manage.py": "# django", "requirements/base/base.txt": "six"}, 1, nil},
		"a packages' file elsewhere": {"python/no-requirements", map[string]string{
			"manage.py": "# django", "api/manage.py": "# django", "api/uv.lock": "version = 1"}, 1, nil},
		"uv's, not valid": {"python/uv-lock-invalid", map[string]string{"pyproject.toml": project, "uv.lock": "="}, 1,
			nil},
		"Poetry's, not valid": {"python/poetry-lock-invalid", map[string]string{
			"pyproject.toml": "[tool.poetry]\n", "poetry.lock": "="}, 1, nil},
		"Pipenv's, not valid": {"python/pipfile-lock-invalid", map[string]string{
			"Pipfile": "", "backend/manage.py": "# django", "Pipfile.lock": "="}, 1, nil},
		"npm's, not valid": {"node/lock-invalid", map[string]string{
			"requirements.txt": "", "package.json": build, "package-lock.json": "="}, 1, nil},
		"a script": {"node/script-missing", node(`{}`), 1, map[string]string{config.RunScripts: "build:prod"}},
		"an extra": {"config/unknown-name", map[string]string{"uv.lock": "version = 1",
			"pyproject.toml": project + "[project.optional-dependencies]\ns4 = []\n"}, 1,
			map[string]string{config.PythonExtras: "s3"}},
		"a requirements file": {"python/requirements-missing", map[string]string{
			"requirements/base.txt": "six", "requirements/prod.txt": "six"}, 1,
			map[string]string{config.PythonRequirements: "requirements/production.txt"}},
		"files to choose from": {"python/requirements-choice", map[string]string{
			"manage.py": "# django", "requirements/a.txt": "six", "requirements/b.txt": "six"}, 1, nil},
		"several manage.py": {"django/several-manage", map[string]string{
			"requirements.txt": "", "a/manage.py": "# django", "b/manage.py": "# django"}, 1, nil},
		"PnP": {"node/pnp-in-image",
			map[string]string{"requirements.txt": "", "yarn.lock": "__metadata:\n  version: 8\n",
				"Procfile": "web: node x.js\n", "package.json": `{"scripts": {"build": "x"}, "dependencies": {"a": "1"},
			"packageManager": "yarn@4.1.0"}`}, 1, nil},
		"no package.json": {"node/no-package-json", map[string]string{"requirements.txt": "", "ui/package.json": build},
			1,
			map[string]string{config.NodeProjectPath: "web"}},
		"no such directory": {"python/no-project", map[string]string{"backend/requirements.txt": "six"}, 1,
			map[string]string{config.PythonProjectPath: "api"}},
		"a lock as requirements": {"python/lock-as-requirements", map[string]string{"backend/uv.lock": "version = 1"},
			1,
			map[string]string{config.PythonRequirements: "backend/uv.lock"}},
	} {
		t.Run(name, func(t *testing.T) {
			for way := range c.ways {
				dir := repository(t, c.files)
				before := problemOf(t, dir, c.vars)
				if before == nil || before.ID != c.id {
					t.Fatalf("got %v", before)
				}
				vars := maps.Clone(c.vars)
				if vars == nil {
					vars = map[string]string{}
				}
				maps.DeleteFunc(vars, func(name, _ string) bool {
					return strings.Contains(before.Error(), "\nRemove "+name+",")
				})
				maps.Copy(vars, follow(t, dir, before.Fix, c.ways, way))
				if after := problemOf(t, dir, vars); after != nil {
					t.Errorf("way %d of\n%v\nleads to\n%v", way+1, before, after)
				}
			}
		})
	}
}

const build = `{"scripts": {"build": "x"}, "dependencies": {"a": "1"}}`

// node returns an app with a package.json and empty files.
func node(text string, names ...string) map[string]string {
	text = `{"scripts": {"build": "x"}, "dependencies": {"a": "1"}, ` + strings.TrimPrefix(text, "{")
	files := map[string]string{"requirements.txt": "", "package.json": strings.Replace(text, ", }", "}", 1)}
	for _, name := range names {
		files[name] = map[string]string{".json": "{}", ".yaml": "lockfileVersion: '9.0'\n"}[filepath.Ext(name)]
		if name == "yarn.lock" {
			files[name] = "# yarn lockfile v1\n"
		}
	}
	return files
}

// repository returns a directory with the files, all known to git.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sh(t, dir, "git init --quiet && git add . && "+
		"git -c user.name=a -c user.email=a@example.com commit --quiet --message a")
	return dir
}

func sh(t *testing.T, dir, command string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
}

// problemOf returns the first error of a plan for the app in dir; nil if there is none.
func problemOf(t *testing.T, dir string, vars map[string]string) *fail.Error {
	t.Helper()
	inventory, err := versions.Load("", func(string) ([]byte, error) { return nil, os.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{config.SecretKeyPlaceholder: "true", config.PythonInstaller: "uv"}
	for name, value := range vars {
		all[name] = value
	}
	c, err := config.Read(func(name string) (string, bool) { value, set := all[name]; return value, set })
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(Question{App: app.Read(os.DirFS(dir), Requested(c, app.Others{})), Config: c, Inventory: inventory,
		Arch: "amd64", Today: "2026-11-29"})
	user, _ := fail.User(err)
	return user
}

// follow does what a fix says, and returns the variables that it sets. With several ways, each command is one.
func follow(t *testing.T, dir string, fix fail.Fix, ways, way int) map[string]string {
	t.Helper()
	vars, n := map[string]string{}, 0
	for _, action := range fix {
		switch action := action.(type) {
		case fail.Run:
			if ways == 1 || n == way {
				sh(t, filepath.Join(dir, action.In), action.Command)
			}
			n++
		case fail.Set:
			vars[action.Name] = action.Value
		case fail.Say, fail.Edit: // read by a human, or another way
		default:
			t.Fatalf("nothing here does %T", action)
		}
	}
	if n != ways && len(vars) == 0 {
		t.Fatalf("%d ways in\n%v", n, fix)
	}
	return vars
}
