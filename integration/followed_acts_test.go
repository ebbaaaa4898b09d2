package integration

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// setting is a variable as a message shows it for project.toml.
var setting = regexp.MustCompile(`(?m)^\[\[io\.buildpacks\.build\.env\]\](?:  # in project\.toml)?\nname = ` +
	`(".*")\nvalue = (".*")$`)

// given sets the variables that the message shows together, of which one is entry, a name with or without a value. own
// are values for names that have none there. A warning has NAME=value alone.
func given(entry string, own ...string) act {
	return func(t *testing.T, a *advised) {
		t.Helper()
		name, value, has := strings.Cut(entry, "=")
		if !strings.Contains(a.message, "# in project.toml") {
			a.must(t, entry)
			a.env[name] = strings.Trim(value, `"`)
			return
		}
		want := fmt.Sprintf("name = %q\n", name)
		if has && value != "" {
			want += fmt.Sprintf("value = %q\n", value)
		}
		a.must(t, want)
		var shown string
		for block := range strings.SplitSeq(flat(a.message), "# in project.toml") {
			if strings.Contains(block+"\n", want) {
				shown = block
			}
		}
		for _, action := range settings(t, shown) {
			set := action.(fail.Set)
			for _, entry := range own {
				if n, v, _ := strings.Cut(entry, "="); n == set.Name {
					set.Value = v
				}
			}
			if set.Value == "…" {
				t.Fatalf("%s has no value:\n%s", set.Name, a.message)
			}
			a.env[set.Name] = set.Value
		}
	}
}

// sets are all variables of the message, with the values in it.
func (a *advised) sets(t *testing.T) fail.Fix {
	t.Helper()
	return settings(t, flat(a.message))
}

// settings are the variables in a text for project.toml.
func settings(t *testing.T, text string) (fix fail.Fix) {
	t.Helper()
	for _, found := range setting.FindAllStringSubmatch(text, -1) {
		name, err := strconv.Unquote(found[1])
		value, err2 := strconv.Unquote(found[2])
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		fix = append(fix, fail.Set{Name: name, Value: value})
	}
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
	put(t, filepath.Join(a.app, "project.toml"), rendered(a.sets(t), fail.NewProject))
}

// inKpack gives them below spec.build.env, as kpack does.
func inKpack(t *testing.T, a *advised) {
	t.Helper()
	var list []struct{ Name, Value string }
	if err := yaml.Unmarshal([]byte(rendered(a.sets(t), fail.Kubernetes)), &list); err != nil || len(list) == 0 {
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
		text := rendered(fail.Fix{bind}, fail.Kubernetes)
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
