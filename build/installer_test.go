package build

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

// withTools has a uv whose environments hold fake managers too.
func withTools(b *bench) {
	uv := maps.Clone(fakeUV)
	uv["uv"] = strings.Replace(uv["uv"], "mkdir -p",
		"mkdir -p \"$venv/bin\"\nfor tool in poetry pipenv pip; do cat >\"$venv/bin/$tool\" <<'X'\n"+record+
			"X\nchmod +x \"$venv/bin/$tool\"; done\nmkdir -p", 1)
	b.replace("uv", uv)
}

// installs are the commands that make the environment.
func installs(b *bench) (out []string) {
	for _, call := range b.called() {
		if name, _, _ := strings.Cut(call, " "); slices.Contains([]string{"uv", "poetry", "pipenv", "pip"}, name) {
			out = append(out, call)
		}
	}
	return out
}

func testInstaller(t *testing.T, when spec.G, it spec.S) {
	it("a manager is installed beside the environment", func() {
		const (
			python = " --python LAYERS/python/bin/python3 "
			tool   = "uv venv --no-config --no-project --quiet --clear" + python + "LAYERS/private/packages/tool"
			fill   = "uv pip install --quiet --python LAYERS/private/packages/tool --requirements " +
				"LAYERS/private/packages/tool.txt"
			venv = "uv venv --no-config --no-project --quiet --clear" + python + "LAYERS/venv"
		)
		for name, c := range map[string]struct {
			files map[string]string
			env   map[string]string
			want  []string
		}{
			"Poetry": {map[string]string{"poetry.lock": "", "pyproject.toml": "[tool.poetry]\npackage-mode = false"},
				nil,
				[]string{tool, fill + " --require-hashes", venv,
					"poetry export --no-interaction --no-ansi --format requirements.txt --without-urls --only main",
					"uv pip install --exact --no-deps --python LAYERS/venv --requirements " +
						"LAYERS/private/packages/poetry.lock.txt"}},
			"Poetry of another version": {map[string]string{"poetry.lock": "",
				"pyproject.toml": "[tool.poetry]\npackage-mode = false\nrequires-poetry = '<2'"}, nil,
				[]string{tool, fill, venv, "poetry install --no-interaction --no-ansi --only main --no-root"}},
			"Pipenv": {map[string]string{"Pipfile": "", "Pipfile.lock": "{}"}, nil,
				[]string{tool, fill + " --require-hashes", venv, "pipenv verify",
					"pipenv requirements --hash --categories packages",
					"uv pip install --exact --no-deps --python LAYERS/venv --requirements " +
						"LAYERS/private/packages/Pipfile.lock.txt"}},
			"pip": {map[string]string{"requirements.txt": "six\n"}, map[string]string{"BP_PYTHON_INSTALLER": "pip"},
				[]string{tool, fill + " --require-hashes", venv,
					"pip --python LAYERS/venv install --no-compile --requirement requirements.txt"}},
			"uv of another version": {map[string]string{"uv.lock": "",
				"pyproject.toml": "[project]\nname = 'a'\n[tool.uv]\nrequired-version = '<0.9'"}, nil,
				[]string{tool, fill, "uv sync --locked --no-default-groups" + strings.TrimSuffix(python, " ")}},
			"requirements by uv of another version": {map[string]string{"requirements.txt": "six\n",
				"pyproject.toml": "[tool.uv]\nrequired-version = '<0.9'"}, nil,
				[]string{tool, fill, venv,
					"uv pip install --exact --upgrade --python LAYERS/venv --requirements requirements.txt"}},
			"uv of this version": {map[string]string{"uv.lock": "",
				"pyproject.toml": "[project]\nname = 'a'\n[tool.uv]\nrequired-version = '>=0.9'"}, nil,
				[]string{"uv sync --locked --no-default-groups" + strings.TrimSuffix(python, " ")}},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, c.files)
				withTools(b)
				for name, value := range c.env {
					t.Setenv(name, value)
				}
				t.Setenv("PYTHONPATH", "/elsewhere")
				if _, err := b.build(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				if diff := cmp.Diff(c.want, installs(b)); diff != "" {
					t.Errorf("(-want +got):\n%s\n%s", diff, &b.log)
				}
				last := c.want[len(c.want)-1]
				env := b.seen(strings.Join(strings.Fields(last)[:2], " "))
				if name != "uv of this version" &&
					!strings.HasPrefix(env["PATH"], filepath.Join(b.layers, "private/packages/tool/bin")) ||
					env["PYTHONPATH"] != "" {
					t.Errorf("%s sees PATH=%s PYTHONPATH=%s", last, env["PATH"], env["PYTHONPATH"])
				}
			})
		}
	})

	// Such files are named relative to the directory of the app, where a manager is not installed, and are about the
	// app's packages. uv ends if it does not find one.
	it("constraints of the app's packages are not for the manager", func() {
		b := newBench(t, map[string]string{
			"poetry.lock": "", "pyproject.toml": "[tool.poetry]\npackage-mode = false", "limits.txt": "six<2",
		})
		withTools(b)
		names := []string{"UV_CONSTRAINT", "UV_BUILD_CONSTRAINT", "UV_OVERRIDE"}
		for _, name := range names {
			t.Setenv(name, "limits.txt")
		}
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		env := b.seen("uv pip install --quiet")
		for _, name := range names {
			if env[name] != "" {
				t.Errorf("uv sees %s=%s", name, env[name])
			}
		}
	})

	it("pip's settings reach uv and nobody else", func() {
		b := newBench(t, map[string]string{"requirements.txt": "six\n", "limits.txt": "six<2"})
		conf := filepath.Join(b.dir, "pip.conf")
		settings := func(password string) {
			b.must(os.WriteFile(conf,
				[]byte("[global]\nindex-url = https://me:"+password+"@packages.example.com/simple\nno-binary = six\n"),
				0o644))
		}
		settings("geheim1")
		t.Setenv("PIP_CONFIG_FILE", conf)
		t.Setenv("PIP_CONSTRAINT", "limits.txt")
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		env := b.seen("uv pip install")
		if env["UV_DEFAULT_INDEX"] != "https://me:geheim1@packages.example.com/simple" ||
			env["UV_CONSTRAINT"] != "limits.txt" {
			t.Errorf("uv sees UV_DEFAULT_INDEX=%s UV_CONSTRAINT=%s", env["UV_DEFAULT_INDEX"], env["UV_CONSTRAINT"])
		}
		if !slices.ContainsFunc(installs(b), func(c string) bool { return strings.Contains(c, "--no-binary six") }) {
			t.Errorf("calls %v", installs(b))
		}
		record, err := os.ReadFile(filepath.Join(b.layers, "venv.toml"))
		b.must(err)
		if strings.Contains(b.log.String()+string(record), "geheim") {
			t.Errorf("the password is in the log or in the layer's record:\n%s", &b.log)
		}
		for _, c := range []struct {
			name   string
			change func()
			again  bool
		}{
			{"another password", func() { settings("geheim2") }, false},
			{"another limit in the constraint", func() { b.write(map[string]string{"limits.txt": "six<3"}) }, true},
			{"another setting", func() { t.Setenv("PIP_ONLY_BINARY", "lxml") }, true},
			{"uv's own setting, which wins", func() { t.Setenv("UV_DEFAULT_INDEX", "https://other.example.com") },
				true},
			{"the file by its name", func() { t.Setenv("BP_PYTHON_REQUIREMENTS", "limits.txt") }, true},
		} {
			c.change()
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			if got := len(installs(b)) > 0; got != c.again {
				t.Errorf("%s: installed again: %v\n%s", c.name, got, &b.log)
			}
		}
		if got := b.seen("uv pip install")["UV_DEFAULT_INDEX"]; got != "https://other.example.com" {
			t.Errorf("uv sees UV_DEFAULT_INDEX=%s", got)
		}
	})

	it("what setuptools leaves is removed and what the app has stays", func() {
		b := newBench(t,
			map[string]string{"requirements.txt": "./libs/mine\n", "libs/mine/setup.py": "", "build/of-the-app": "",
				"libs/mine/kept.egg-info/PKG-INFO": ""})
		uv := maps.Clone(fakeUV)
		uv["uv"] += "mkdir -p libs/mine/build/lib libs/mine/mine.egg-info\n"
		b.replace("uv", uv)
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		for name, want := range map[string]bool{"build": true, "libs/mine/kept.egg-info": true,
			"libs/mine/build": false, "libs/mine/mine.egg-info": false} {
			if _, err := os.Stat(filepath.Join(b.app, name)); (err == nil) != want {
				t.Errorf("%s is there: %v", name, err == nil)
			}
		}
	})
}
