package plan

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Each example has a golden file: lines as in testdata say what is installed, locks that are made when the example is staged stand there
// with as much as a plan needs, and then come the facts, the plan, and the first page of the log, which TestMatrix compares.
func TestExamplesAsTheyAreUnderstood(t *testing.T) {
	apps, err := filepath.Glob("../../examples/*/expect.json")
	if err != nil || len(apps) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range apps {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("../../integration/testdata/shapes", name+".txt")
			archive, err := txtar.ParseFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			fsys := exampleFiles(t, filepath.Dir(file))
			want := map[string]string{}
			for _, f := range archive.Files {
				if slices.Contains(sections, f.Name) {
					want[f.Name] = string(f.Data)
				} else {
					fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			vars, err := devenv.ProjectEnv(filepath.Dir(file))
			if err != nil {
				t.Fatal(err)
			}
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
				archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return slices.Contains(sections, f.Name) })
				for _, name := range sections {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(golden, txtar.Format(archive), 0o644); err != nil {
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

var sections = []string{"facts", "plan", "log"}

// exampleFiles are the files of an example, without what examples/.gitignore leaves out.
func exampleFiles(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	text, err := os.ReadFile("../../examples/.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	ignored := strings.Fields(string(text))
	files := fstest.MapFS{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		inExamples := filepath.Base(dir) + "/" + name
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains(ignored, d.Name()+"/") || slices.Contains(ignored, inExamples+"/")):
			return fs.SkipDir
		case d.IsDir() || slices.Contains(ignored, inExamples):
			return nil
		}
		data, err := os.ReadFile(path)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// facts are all that is not empty, a line each.
func facts(a app.App) string {
	var out strings.Builder
	write(&out, "", "app", reflect.ValueOf(a))
	return out.String()
}

func write(out *strings.Builder, indent, name string, v reflect.Value) {
	if !v.IsValid() || v.IsZero() {
		return
	}
	line := func(text string) { fmt.Fprintf(out, "%s%s: %s\n", indent, name, strings.ReplaceAll(text, "\n", `\n`)) }
	switch x := v.Interface().(type) {
	case app.Version:
		line(x.Want + ", " + x.Source)
		return
	case manager.Python:
		line(x.Name)
		return
	case []string:
		line(strings.Join(x, ", "))
		return
	}
	switch v.Kind() {
	case reflect.Func:
	case reflect.Pointer, reflect.Interface:
		write(out, indent, name, v.Elem())
	case reflect.Struct:
		fmt.Fprintf(out, "%s%s\n", indent, name)
		for i := range v.NumField() {
			write(out, indent+"  ", v.Type().Field(i).Name, v.Field(i))
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
