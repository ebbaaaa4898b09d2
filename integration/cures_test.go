package integration

import "github.com/tandem-cnb/tandem/internal/manager"

// cures are what the messages of mistakes say to do. Each mistake has one, or no fix and why that cannot be shown.
var cures = map[string]struct {
	fix []act
	not string
}{
	"package-json-not-json": {fix: []act{corrected("Correct the file", "package.json", "",
		`{"scripts": {"build": "true"}}`)}},
	"no-requirements": {fix: []act{corrected("pip freeze > requirements.txt", "requirements.txt", "",
		"six==1.17.0\n")}},
	"version-unknown":       {fix: []act{given("BP_PYTHON_VERSION=3.13")}},
	"version-malformed":     {fix: []act{corrected("3.12.1, 3.12, 3.12.x", ".python-version", "", "3.13.x\n")}},
	"version-contradiction": {fix: []act{ran("echo 3.13 > .python-version")}},
	"checksum-mismatch":     {not: "the archive of the test has no checksum that any file could have"},
	"host-unreachable":      {not: "TestPrivatePackagesBehindACompanysProxy has the mirror"},
	"npm-lock-out-of-sync":  {fix: []act{ran("npm install --package-lock-only")}},
	"yarn-lock-out-of-sync": {fix: []act{withNode("yarn@1.22.22", "yarn install")}},
	"yarn-4-lock-out-of-sync": {fix: []act{withNode("@yarnpkg/cli-dist@4.13.0",
		"yarn install --mode=update-lockfile")}},
	"pnpm-lock-out-of-sync": {fix: []act{withNode("pnpm@10.34.8", "pnpm install --lockfile-only")}},
	"pnpm-without-such-a-version": {fix: []act{withNode("", "npm view pnpm versions"),
		corrected("Correct the version", "package.json", "9.99.99", "9.15.9"),
		corrected("Correct the version", "pnpm-lock.yaml", "",
			"lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      is-number:\n"+
				"        specifier: 7.0.0\n        version: 7.0.0\n\npackages:\n\n  is-number@7.0.0:\n"+
				"    resolution: {integrity: "+numberSum+"}\n\nsnapshots:\n\n  is-number@7.0.0: {}\n")}},
	"checksum-of-packageManager": {fix: []act{ran("npm pkg set packageManager=yarn@1.22.22")}},
	"npm-package-of-an-address":  {not: "TestPrivatePackagesBehindACompanysProxy has a registry with a token"},
	"npm-peer-conflict":          {fix: []act{ran("echo legacy-peer-deps=true >>.npmrc")}},
	"npmrc-variable":             {fix: []act{given("NPM_TOKEN", "NPM_TOKEN=secret")}},
	"requirement-does-not-exist": {fix: []act{corrected("Correct its name or version in the requirements",
		"requirements.txt", "", "six==1.17.0\n")}},
	"requirement-with-another-hash": {fix: []act{corrected("requirements.in", "requirements.in", "",
		"six==1.17.0\n"),
		withPython(manager.UV,
			"uv pip compile --upgrade --generate-hashes requirements.in --output-file requirements.txt")}},
	"requirements-to-choose":   {fix: []act{given("BP_PYTHON_REQUIREMENTS=requirements/production.txt")}},
	"pipfile-lock-out-of-sync": {fix: []act{withPython(manager.Pipenv, "pipenv lock")}},
	"build-script-fails": {fix: []act{corrected("Run it on your machine", "package.json", "exit 3",
		"true")}},
	"hook-fails": {fix: []act{corrected("Correct the script", "bin/post_compile", "exit 4",
		"true")}},
	"hook-migrates": {fix: []act{corrected("Remove line 2 from bin/post_compile", "bin/post_compile",
		"DJANGO_SETTINGS_MODULE=mysite.database python manage.py migrate\n", "")}},
	"hook-with-an-unknown-interpreter": {fix: []act{replaced("bin/post_compile", "#!/usr/bin/env-of-nobody",
		"#!/usr/bin/env bash")}},
	"collectstatic-fails": {fix: []act{corrected("STATIC_ROOT", "settings.py", "INSTALLED",
		"from pathlib import Path\nBASE_DIR = Path(__file__).parent\nINSTALLED"), appended("settings.py", ownRoot)}},
	"several-manage-py": {fix: []act{given("BP_DJANGO_MANAGE_PATH=blog/manage.py")}},
	"static-root-is-a-source": {fix: []act{corrected(ownRoot, "mysite/settings.py", "STATIC_ROOT = \"static\"",
		"from pathlib import Path\nBASE_DIR = Path(__file__).parent.parent\n"+ownRoot)}},
	"no-such-script":           {fix: []act{given("BP_NODE_RUN_SCRIPTS=build")}},
	"management-command-fails": {fix: []act{set("Run it on your machine", "BP_DJANGO_COMMANDS_BEFORE", "check")}},
	"procfile-line": {fix: []act{corrected("Write each line as a name, a colon and a command", "Procfile",
		"nothing\n", "")}},
	"two-locks": {fix: []act{removed("git rm poetry.lock", "poetry.lock")}},
}

// numberSum is the checksum of is-number 7.0.0.
const numberSum = "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng=="
