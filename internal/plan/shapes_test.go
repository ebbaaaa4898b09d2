package plan

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/examples"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Each example has a golden file: lines as in testdata say what is installed, locks that are made when the example is
// staged stand there with as much as a plan needs, and then come the facts, the plan, and the first page of the log,
// which TestMatrix compares.
func TestExamplesAsTheyAreUnderstood(t *testing.T) {
	all, err := examples.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range all {
		t.Run(example.Name, func(t *testing.T) {
			archive, fsys, want := example.Golden, example.App, example.Sections
			project, err := config.ReadProject(fsys)
			if err != nil {
				t.Fatal(err)
			}
			vars := project.Env
			comment := string(archive.Comment)
			for _, name := range slices.Sorted(maps.Keys(vars)) {
				comment += name + "=" + vars[name] + "\n"
			}
			vars[config.SecretKeyPlaceholder], vars[config.PythonInstaller] = "true", "uv"
			_, a, err := readApp(fsys, vars)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{"facts": facts(a), "plan": describe(fsys, comment), "log": want["log"]}
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files,
					func(f txtar.File) bool { return slices.Contains(examples.Sections(), f.Name) })
				for _, name := range examples.Sections() {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(example.File, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// facts are all that is not empty, a line each.
func facts(a app.App) string {
	var out strings.Builder
	write(&out, "", "app", reflect.ValueOf(a))
	return out.String()
}

// nameOf returns how the golden files call a manager: one of Python by its name.
func nameOf(id manager.ID) string {
	if name := manager.Python(id).Data().Name; name != "" {
		return name
	}
	return string(id)
}

// renamed are fields that the golden files still show under their former names.
var renamed = map[string]string{
	"Node.Settings": "Own", "Node.SettingsFiles": "Settings", "ManagerSettings.Settings": "Own",
	"Settings.Outputs": "Makes",
}

// wordOf returns the word of the golden files for a field.
func wordOf(t reflect.Type, field int) string {
	name := t.Field(field).Name
	if word, ok := renamed[t.Name()+"."+name]; ok {
		return word
	}
	return name
}

func write(out *strings.Builder, indent, name string, v reflect.Value) {
	if !v.IsValid() || v.IsZero() {
		return
	}
	line := func(text string) { fmt.Fprintf(out, "%s%s: %s\n", indent, name, strings.ReplaceAll(text, "\n", `\n`)) }
	switch x := v.Interface().(type) {
	case versions.Request:
		line(x.Want + ", " + x.Source)
		return
	case manager.ID:
		line(nameOf(x))
		return
	case []string:
		line(strings.Join(x, ", "))
		return
	case []app.Path:
		line(strings.Join(app.Names(x), ", "))
		return
	}
	switch v.Kind() {
	case reflect.Func:
	case reflect.Pointer, reflect.Interface:
		write(out, indent, name, v.Elem())
	case reflect.Struct:
		fmt.Fprintf(out, "%s%s\n", indent, name)
		for i := range v.NumField() {
			write(out, indent+"  ", wordOf(v.Type(), i), v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			write(out, indent, fmt.Sprintf("%s %d", name, i+1), v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			write(out, indent, name+" "+key.String(), v.MapIndex(key))
		}
	default:
		line(fmt.Sprint(v))
	}
}
