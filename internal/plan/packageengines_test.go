package plan

import (
	"maps"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// The files of a golden case, with other texts in the place of some.
func golden(t *testing.T, name string, others map[string]string) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		if f.Name != "want" {
			files[f.Name] = string(f.Data)
		}
	}
	maps.Copy(files, others)
	return files
}

func TestPackagesThatDoNotSupportTheRelease(t *testing.T) {
	inventory, err := versions.Load("", func(string) ([]byte, error) { return nil, os.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	lock := golden(t, "node-too-old-for-tailwind", nil)["package-lock.json"]
	for name, c := range map[string]struct {
		others map[string]string
		want   string
	}{
		"too old": {nil, "Node.js 18.20.8, from .nvmrc, does not satisfy what packages in package-lock.json require: " +
			"@tailwindcss/cli (>= 20). Node.js 24 does"},
		"new enough": {map[string]string{".nvmrc": "20"}, ""},
		"a list of 2011": {map[string]string{"package-lock.json": strings.Replace(lock, "\"node\": \">= 20\"",
			"\"x\": \"\"", 1)}, ""},
		"a range without sense": {map[string]string{"package-lock.json": strings.Replace(lock, ">= 20", "new", 1)},
			""},
		"no dependency of the app": {map[string]string{"package.json": `{"scripts": {"build": "x"}, "dependencies": ` +
			`{"tailwindcss": "4.2.0"}}`}, ""},
		"none does": {map[string]string{"package-lock.json": strings.Replace(lock, ">= 20", "<4", 1)},
			"Node.js 18.20.8, from .nvmrc, does not satisfy what packages in package-lock.json require: " +
				"@tailwindcss/cli (<4)"},
	} {
		q := question(t, golden(t, "node-too-old-for-tailwind", c.others), nil)
		q.Inventory, q.Today = inventory, "2025-01-01"
		p, err := New(q)
		if err != nil {
			t.Fatal(name, err)
		}
		got := ""
		for _, n := range p.Notes {
			if n.ID == "node/package-engine" && n.Severity == note.Warning {
				got = n.Text
			}
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
