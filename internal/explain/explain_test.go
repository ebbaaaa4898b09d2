package explain

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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
		"cpython": {"3.9.1", "3.12.1", "3.13.1", "3.14.1"}, "node": {"22.18.0", "24.21.0", "26.1.0"}, "uv": {"0.12.0"},
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

// All examples are ready to build, and no example has a warning that it does not deserve.
func TestExamples(t *testing.T) {
	all, err := examples.Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range all {
		t.Run(example.Name, func(t *testing.T) {
			e := Of(given(example.App, nil))
			if e.Verdict != Ready || e.Code(true) != ExitOK {
				t.Errorf("%s, exit code %d", e.Verdict, e.Code(true))
			}
			fits(t, e, text(e))
			golden(t, filepath.Join("testdata/examples", example.Name+".txt"), text(e))
			golden(t, filepath.Join("testdata/examples", example.Name+".json"), inFormats(t, e)[0])
		})
	}
}

// inFormats returns an explanation as JSON, as annotations of GitHub and as Markdown.
func inFormats(t *testing.T, e Explanation) [3]string {
	t.Helper()
	var form, github, markdown strings.Builder
	if err := e.WriteJSON(&form); err != nil {
		t.Fatal(err)
	}
	e.WriteGitHub(&github)
	e.WriteMarkdown(&markdown)
	return [3]string{form.String(), github.String(), markdown.String()}
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

// sections are the results in testdata/apps: the text, and the other formats but JSON, which the examples have.
func sections() []string { return []string{"explained", "github", "markdown"} }

// Each file of testdata/apps is an app: variables, files, and last what is said of it.
func TestApps(t *testing.T) {
	for file, archive := range archivesIn(t, "testdata/apps") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			env, app, want := appOf(archive)
			e := Of(given(app, env))
			others := inFormats(t, e)
			fits(t, e, text(e))
			got := map[string]string{"explained": text(e), "github": others[1], "markdown": others[2]}
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files,
					func(f txtar.File) bool { return slices.Contains(sections(), f.Name) })
				for _, name := range sections() {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
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

// archivesIn returns the apps in a directory by their files.
func archivesIn(t *testing.T, dir string) map[string]*txtar.Archive {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no apps: %v", err)
	}
	all := map[string]*txtar.Archive{}
	for _, file := range files {
		if all[file], err = txtar.ParseFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// appOf returns the variables of an app, its files, and the results of before.
func appOf(archive *txtar.Archive) (env map[string]string, app fstest.MapFS, want map[string]string) {
	env, app, want = map[string]string{}, fstest.MapFS{}, map[string]string{}
	for line := range strings.Lines(string(archive.Comment)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.ContainsAny(name, " :") {
			env[name] = value
		}
	}
	for _, f := range archive.Files {
		if slices.Contains(sections(), f.Name) {
			want[f.Name] = string(f.Data)
		} else {
			app[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return env, app, want
}

// The cases of package plan are explained in each format: lines fit, an error has an id and a page, and each format has
// all findings.
func TestCasesOfPlans(t *testing.T) {
	for file, archive := range archivesIn(t, "../plan/testdata") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			env, app, _ := appOf(archive)
			delete(app, "want")
			e := Of(given(app, env))
			fits(t, e, text(e))
			others := inFormats(t, e)
			if !json.Valid([]byte(others[0])) || strings.Contains(others[0], ": null") {
				t.Errorf("JSON is\n%s", others[0])
			}
			if annotations := strings.Count(others[1], "\n"); annotations != len(e.Findings)+1 {
				t.Errorf("%d annotations for %d findings:\n%s", annotations, len(e.Findings), others[1])
			}
			for _, f := range e.Findings {
				if f.ID == "" || f.Severity == SeverityError && (f.URL == "" || f.Evidence == "") ||
					!strings.Contains(others[2], f.ID) {
					t.Errorf("got %+v\n%s", f, others[2])
				}
			}
		})
	}
}

// Each field of the form stands in the page about it, and a program that reads it finds no null.
func TestTheFormIsDocumented(t *testing.T) {
	pages.CheckFields(t, "../../docs/reference/explain-json.md", reflect.TypeFor[Explanation]())
	for _, app := range []fstest.MapFS{{}, {"requirements.txt": {}},
		{"manage.py": {}, "requirements.txt": {}, "package.json": {Data: []byte(`{"scripts": {"build": "x"}}`)}}} {
		data, err := json.Marshal(Of(given(app, nil)).withoutNulls())
		if err != nil || strings.Contains(string(data), "null") {
			t.Errorf("%v: %s", err, data)
		}
	}
}
