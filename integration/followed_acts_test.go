package integration

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// given runs the printed `pack build … --env` that has the text, as a shell reads it. own are values for names that
// stand without one.
func given(text string, own ...string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		_, args, ok := strings.Cut(a.line(t, text), "pack build …")
		if !ok {
			t.Fatalf("no pack build:\n%s", a.message)
		}
		out,
			err := exec.CommandContext(t.Context(), "sh", "-c",
			"set -- "+args+`; for word; do printf '%s\n' "$word"; done`).Output()
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Split(strings.TrimSpace(string(out)), "\n")
		for i := 1; i < len(words); i += 2 {
			name, value, has := strings.Cut(words[i], "=")
			for _, entry := range own {
				if n, v, _ := strings.Cut(entry, "="); n == name {
					value, has = v, true
				}
			}
			if words[i-1] != "--env" || !has {
				t.Fatalf("not to be followed: %q", words)
			}
			a.env[name] = value
		}
	}
}

// sets are the variables of the message, with the values in it.
func (a *advised) sets(t *testing.T) (fix fail.Fix) {
	t.Helper()
	before := maps.Clone(a.env)
	given("pack build … --env ")(t, a)
	for _, name := range slices.Sorted(maps.Keys(a.env)) {
		if _, had := before[name]; !had {
			fix = append(fix, fail.Set{Name: name, Value: a.env[name]})
		}
	}
	a.env = before
	return fix
}

// rendered is a fix for a platform, as its page shows it.
func rendered(fix fail.Fix, platform fail.Platform) string {
	var lines strings.Builder
	for line := range strings.Lines(fail.Render(fix, platform)) {
		lines.WriteString(strings.TrimPrefix(line, "    "))
	}
	return lines.String()
}

// inProject gives the variables of the message in project.toml.
func inProject(t *testing.T, a *advised) {
	t.Helper()
	put(t, filepath.Join(a.app, "project.toml"), rendered(a.sets(t), fail.Project))
}

// inKpack gives them below spec.build.env, as kpack does.
func inKpack(t *testing.T, a *advised) {
	t.Helper()
	var list []struct{ Name, Value string }
	if err := yaml.Unmarshal([]byte(rendered(a.sets(t), fail.Kpack)), &list); err != nil || len(list) == 0 {
		t.Fatalf("%v\n%s", err, a.message)
	}
	for _, v := range list {
		a.env[v.Name] = v.Value
	}
}

// bound gives them as a secret that is a binding, as kpack does, with the values.
func bound(values map[string]string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		var files []fail.BoundFile
		for _, set := range a.sets(t) {
			files = append(files, fail.BoundFile{Name: set.(fail.Set).Name})
		}
		bind := fail.Bind{Type: "tandem-build-env", Name: "build-env", Files: files}
		text := rendered(fail.Fix{bind}, fail.Kpack)
		var secret struct {
			Metadata   struct{ Name string }
			Type       string
			StringData map[string]string `yaml:"stringData"`
		}
		if err := yaml.Unmarshal([]byte(text), &secret); err != nil || secret.Type != "service.binding/"+
			secret.StringData["type"] {
			t.Fatalf("%v\n%s", err, text)
		}
		dir := t.TempDir()
		for name, text := range secret.StringData {
			if text == "…" {
				text = values[name]
			}
			put(t, filepath.Join(dir, name), text)
		}
		a.bindings = map[string]string{secret.Metadata.Name: dir}
	}
}

// appended puts lines of the message at the end of a file.
func appended(file, lines string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, lines)
		text, err := os.ReadFile(filepath.Join(a.app, file))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		put(t, filepath.Join(a.app, file), string(text)+lines+"\n")
	}
}

// replaced puts lines of the message in the place of what a file has.
func replaced(file, old, lines string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, lines)
		corrected(lines, file, old, lines)(t, a)
	}
}

// corrected does to a file what the message has other words for. Without an old text it is the whole file.
func corrected(words, file, old, text string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, words)
		if old != "" {
			data, err := os.ReadFile(filepath.Join(a.app, file))
			if err != nil || !strings.Contains(string(data), old) {
				t.Fatalf("%s has no %q: %v", file, old, err)
			}
			text = strings.ReplaceAll(string(data), old, text)
		}
		put(t, filepath.Join(a.app, file), text)
	}
}

// set gives the build another value; empty: none.
func set(words, name, value string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, words)
		if a.env[name] = value; value == "" {
			delete(a.env, name)
		}
	}
}

// ran runs a printed command of the shell in the app, where programs are those of this machine.
func ran(command string) act { return withNode("", command) }

// withNode runs one with Node.js, npm, and the package manager of that name and version.
func withNode(spec, command string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, command)
		if err := env.NodeTool(t.Context(), a.app, spec, "sh", "-c", command); err != nil {
			t.Fatal(err)
		}
		if err := removeAll(a.app, "node_modules"); err != nil { // nobody commits it
			t.Fatal(err)
		}
	}
}

// withPython runs one of a package manager of Python.
func withPython(m manager.ID, command string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, command)
		if err := env.PythonTool(t.Context(), a.app, m, strings.Fields(command)...); err != nil {
			t.Fatal(err)
		}
	}
}

// removed takes a file out of the app as `git rm` would.
func removed(command, file string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		a.must(t, command)
		if err := os.Remove(filepath.Join(a.app, file)); err != nil {
			t.Fatal(err)
		}
	}
}
