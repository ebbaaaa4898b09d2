package explain

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/examples"
	"github.com/tandem-cnb/tandem/internal/pages"
	"github.com/tandem-cnb/tandem/internal/versions"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// archives are few, and stay as they are when the buildpack learns of new versions.
func archives() (all versions.Inventory) {
	for id, known := range map[versions.ID][]string{
		"cpython": {"3.9.1", "3.12.1", "3.13.1", "3.14.1"}, "node": {"22.1.0", "24.1.0", "26.1.0"}, "uv": {"0.12.0"},
	} {
		for _, version := range known {
			all = append(all,
				versions.Release{ID: id, Version: version, Build: "1", Arch: "amd64",
					URI: "https://example.com/a.tar.gz", SHA256: strings.Repeat("0", 64),
					EOL: map[string]string{"3.9.1": "2025-10-31"}[version]})
		}
	}
	return all
}

func given(source fs.FS, env map[string]string) Given {
	return Given{Name: "shop", Source: source, Env: env, Archives: archives(), Arch: "amd64", Today: "2026-01-01"}
}

func text(source fs.FS, env map[string]string) string {
	var out strings.Builder
	Of(given(source, env)).Write(&out, Look{})
	return out.String()
}

func TestExamples(t *testing.T) {
	all, err := examples.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range all {
		t.Run(example.Name, func(t *testing.T) {
			var form strings.Builder
			if err := Of(given(example.App, nil)).writeJSON(&form); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata/examples", example.Name+".txt"), text(example.App, nil))
			golden(t, filepath.Join("testdata/examples", example.Name+".json"), form.String())
		})
	}
}

// golden compares got with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if diff := cmp.Diff(string(want), got); diff != "" || err != nil {
		t.Errorf("%s: %v (-want +got):\n%s", file, err, diff)
	}
}

// Each file of testdata/apps is an app: variables, files, and last what is said of it.
func TestApps(t *testing.T) {
	files, err := filepath.Glob("testdata/apps/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no apps: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			env, app, want := map[string]string{}, fstest.MapFS{}, ""
			for line := range strings.Lines(string(archive.Comment)) {
				if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
					env[name] = value
				}
			}
			for _, f := range archive.Files {
				if f.Name == "explained" {
					want = string(f.Data)
				} else {
					app[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			got := text(app, env)
			if *update {
				if last := len(archive.Files) - 1; archive.Files[last].Name == "explained" {
					archive.Files = archive.Files[:last]
				}
				archive.Files = append(archive.Files, txtar.File{Name: "explained", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
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

// The page of the command has its usage.
func TestTheUsageIsDocumented(t *testing.T) {
	var out, errs strings.Builder
	if code := Main([]string{"explain", "--help"}, nil, &out, &errs); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	pages.Check(t, "../../docs/reference/cli.md", "usage", "```text\n"+out.String()+"```", *update)
}

// Each field of the form stands in the page about it, and a program that reads it finds no null.
func TestTheFormIsDocumented(t *testing.T) {
	const name = "../../docs/reference/explain-json.md"
	page := pages.Read(t, name)
	var visit func(prefix string, typ reflect.Type)
	visit = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			if !field.IsExported() {
				continue
			}
			key := prefix + strings.TrimSuffix(field.Tag.Get("json"), ",omitempty")
			kind := field.Type
			if kind.Kind() == reflect.Slice {
				key, kind = key+"[]", kind.Elem()
			}
			if !strings.Contains(page, "| `"+key+"` |") {
				t.Errorf("%s has no row %s", name, key)
			}
			if kind.Kind() == reflect.Struct {
				visit(key+".", kind)
			}
		}
	}
	visit("", reflect.TypeFor[Explanation]())
	for _, app := range []fstest.MapFS{{}, {"requirements.txt": {}}, {"manage.py": {}, "requirements.txt": {}, "package.json": {Data: []byte(`{"scripts": {"build": "x"}}`)}}} {
		data, err := json.Marshal(Of(given(app, nil)).withoutNulls())
		if err != nil || strings.Contains(string(data), "null") {
			t.Errorf("%v: %s", err, data)
		}
	}
}
