package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sclevine/spec"
)

func testVariables(t *testing.T, when spec.G, it spec.S) {
	it("what leads tools astray reaches the app's steps alone", func() {
		b := newBench(t, django())
		b.write(map[string]string{"bin/pre_compile": "env >pre-env\n",
			"package.json": `{"scripts": {"build": "env >build-env", "heroku-prebuild": "env >prebuild-env"}, ` +
				`"dependencies": {"a": "1"}}`})
		there := filepath.Join(b.dir, "there.js")
		b.must(os.WriteFile(there, nil, 0o644))
		misleading := map[string]string{"PIP_TARGET": "/else", "UV_PYTHON": "/else", "UV_FROZEN": "1",
			"PYTHONSTARTUP": "/else", "PIP_USER": "1",
			"ENV": "/else", "GIT_CONFIG_COUNT": "0", "PYTHONNOUSERSITE": "1"}
		node := map[string]string{"npm_config_prefix": "/else", "NPM_CONFIG_GLOBAL": "true"}
		all := map[string]string{"PYTHONHOME": "/else",
			"NODE_OPTIONS": "--trace-warnings -r dd-trace/init --require /else.js --import " + there,
			"VIRTUAL_ENV":  "/else", "PYTHONPATH": "/else"}
		for _, vars := range []map[string]string{misleading, node, all} {
			for name, value := range vars {
				t.Setenv(name, value)
			}
		}
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		const astray = "Hidden from the package managers, which they would redirect: " +
			"ENV, GIT_CONFIG_COUNT, NODE_OPTIONS (modules to load first), NPM_CONFIG_GLOBAL, PIP_TARGET, PIP_USER, " +
			"PYTHONNOUSERSITE, PYTHONPATH, PYTHONSTARTUP, UV_FROZEN, UV_PYTHON, VIRTUAL_ENV, npm_config_prefix\n"
		const unusable = "Unset for the whole build, because Python or Node.js would not start: NODE_OPTIONS (a file " +
			"it names does not exist), PYTHONHOME\n"
		if log := b.log.String(); !strings.Contains(log, astray) || !strings.Contains(log, unusable) {
			t.Errorf("the log does not name them:\n%s", log)
		}
		file := func(name string) map[string]string {
			text, err := os.ReadFile(filepath.Join(b.app, name))
			b.must(err)
			env := map[string]string{}
			for line := range strings.Lines(string(text)) {
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
				env[name] = value
			}
			return env
		}
		for _, c := range []struct {
			who           string
			env           map[string]string
			sees, seesNot map[string]string
			options       string
		}{
			{"uv", b.seen("uv pip install"), nil, misleading, "--trace-warnings --import " + there},
			{"npm ci", b.seen("npm ci"), nil, node, "--trace-warnings --import " + there},
			{"heroku-prebuild", file("prebuild-env"), misleading, node,
				"--trace-warnings -r dd-trace/init --import " + there},
			{"the build script", file("build-env"), misleading, node,
				"--trace-warnings -r dd-trace/init --import " + there},
			{"the settings", b.seen("python LAYERS/private/settings.py"), misleading, nil,
				"--trace-warnings -r dd-trace/init --import " + there},
			{"collectstatic", b.seen("python manage.py collectstatic"), misleading, nil,
				"--trace-warnings -r dd-trace/init --import " + there},
			{"bin/post_compile", file("hook-env"), node, nil, "--trace-warnings -r dd-trace/init --import " + there},
			{"bin/pre_compile", file("pre-env"), all, nil, all["NODE_OPTIONS"]},
		} {
			for name, value := range c.sees {
				if c.env[name] != value {
					t.Errorf("%s sees %s=%q, want %q", c.who, name, c.env[name], value)
				}
			}
			for name, value := range c.seesNot {
				if c.env[name] == value {
					t.Errorf("%s sees %s=%s", c.who, name, value)
				}
			}
			if _, set := c.env["PYTHONHOME"]; set != (c.who == "bin/pre_compile") {
				t.Errorf("%s sees PYTHONHOME: %v", c.who, set)
			}
			if c.env["NODE_OPTIONS"] != c.options {
				t.Errorf("%s sees NODE_OPTIONS=%s, want %s", c.who, c.env["NODE_OPTIONS"], c.options)
			}
		}
	})

	it("Node may use three quarters of the container's memory", func() {
		limited := fstest.MapFS{"sys/fs/cgroup/memory.max": {Data: []byte("1073741824\n")}}
		for name, c := range map[string]struct {
			machine       fstest.MapFS
			options, want string
		}{
			"with a limit":              {limited, "", "--max-old-space-size=768"},
			"beside other options":      {limited, "--trace-warnings", "--trace-warnings --max-old-space-size=768"},
			"the user's word counts":    {limited, "--max_old_space_size=99", "--max_old_space_size=99"},
			"without a limit":           {fstest.MapFS{}, "", ""},
			"a limit of an old machine": {fstest.MapFS{"sys/fs/cgroup/memory/memory.limit_in_bytes": {Data: []byte("2147483648")}}, "", "--max-old-space-size=1536"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, django())
				b.write(map[string]string{"package.json": `{"scripts": {"build": "true", "heroku-prebuild": "true"}, ` +
					`"dependencies": {"a": "1"}}`})
				b.machine = c.machine
				t.Setenv("NODE_OPTIONS", c.options)
				if _, err := b.build(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				for _, call := range []string{"npm ci", "npm run heroku-prebuild", "npm run build",
					"python manage.py collectstatic"} {
					if got := b.seen(call)["NODE_OPTIONS"]; got != c.want {
						t.Errorf("%s sees NODE_OPTIONS=%q, want %q", call, got, c.want)
					}
				}
				text, err := os.ReadFile(filepath.Join(b.app, "hook-env"))
				b.must(err)
				if want := "NODE_OPTIONS=" + c.want + "\n"; !strings.Contains(string(text), want) && c.want != "" {
					t.Errorf("the hook does not see %s", want)
				}
				if said := strings.Contains(b.log.String(),
					"Node.js may use 768 MB, of 1024 MB that the build has (NODE_OPTIONS)\n"); said != (c.want != c.options && strings.Contains(c.want, "768")) {
					t.Errorf("the log says so: %v\n%s", said, &b.log)
				}
			})
		}
		b := newBench(t, map[string]string{"requirements.txt": "django\n", "manage.py": ""})
		b.machine = limited
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		if got, set := b.seen("python manage.py collectstatic")["NODE_OPTIONS"]; set {
			t.Errorf("without Node, collectstatic sees NODE_OPTIONS=%s", got)
		}
	})
}
