package projecttoml

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// all is what the cases want.
var all = Want{
	Builder: "heroku/builder:26", Buildpack: Buildpack{"tandemcnb/python-node:0.1", "tandem/python-node"},
	Exclude: []string{".env", "db.sqlite3"}, Variables: []Variable{{"DATABASE_URL", "sqlite:////tmp/build.db"}},
}

// Each case of testdata has a file before and after, and the lines that the user has to add.
func TestAdd(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			parts := read(t, file)
			got, err := Add(parts["before"], all)
			if err != nil {
				t.Fatal(err)
			}
			byHand := strings.Join(append(got.ByHand, ""), "\n")
			if diff := cmp.Diff(parts["after"]+"\n"+parts["by hand"], got.Text+"\n"+byHand); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			again, err := Add(got.Text, all)
			if err != nil || again.Text != got.Text {
				t.Errorf("the second time it becomes, with %v:\n%s", err, again.Text)
			}
		})
	}
}

// read returns the parts of a case.
func read(t *testing.T, file string) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range archive.Files {
		parts[part.Name] = string(part.Data)
	}
	return parts
}

// The lines of another system, and a file without its last line break.
func TestLinesEndAsThoseOfTheFile(t *testing.T) {
	whole := read(t, "testdata/no-file.txtar")["after"]
	part, _, _ := strings.Cut(whole, "[[io.buildpacks.build.env]]")
	for name, ends := range map[string]func(string) string{
		"CRLF":          func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"no line break": func(text string) string { return text },
	} {
		got, err := Add(strings.TrimRight(ends(part), "\r\n"), all)
		if err != nil || got.Text != ends(whole) {
			t.Errorf("%s: %v: %q", name, err, got.Text)
		}
	}
}

func TestABuildpackIsKnownByEachOfItsNames(t *testing.T) {
	for entry, want := range map[string]bool{
		"uri=tandemcnb/python-node": true, "uri=docker.io/tandemcnb/python-node@sha256:1": true,
		"id=tandem/python-node":                true,
		"uri=docker://tandemcnb/python-node:1": true, "uri=urn:cnb:registry:tandem/python-node@0.1.0": true,
		"uri=localhost:5000/python-node": false, "id=": false, "uri=": false, "uri=tandemcnb/python": false,
	} {
		key, text, _ := strings.Cut(entry, "=")
		if got := all.Buildpack.is(map[string]any{key: text}); got != want {
			t.Errorf("%s: %v", entry, got)
		}
	}
}

func TestAFileThatCannotBeParsedIsNotChanged(t *testing.T) {
	for _, text := range []string{"[", "a = ", "[a]\n[a]\n", strings.Repeat("[", 2000)} {
		if got, err := Add(text, all); err == nil || got.Text != "" {
			t.Errorf("%.20q: %v, %+v", text, err, got)
		}
	}
}

// FuzzAdd: whatever the file is, nothing that it has is lost, and a second call changes nothing.
func FuzzAdd(f *testing.F) {
	for _, text := range []string{
		"", "a.b = {c = [1, 2]}\n", "[build]\r\nexclude=[\r\n'a',\r\n]", "[[io.buildpacks.group]]\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Add(text, all)
		if err != nil {
			return
		}
		if !subsequence(text, got.Text) && !strings.Contains(text, "DATABASE_URL") {
			t.Fatalf("bytes are missing in\n%s", got.Text)
		}
		if _, err := limits.DecodeTOML(got.Text, new(map[string]any)); err != nil {
			t.Fatalf("%v in\n%s", err, got.Text)
		}
		again, err := Add(got.Text, all)
		if err != nil || again.Text != got.Text || !slices.Equal(again.ByHand, got.ByHand) {
			t.Fatalf("the second time: %v\n%s\n%s", err, got.Text, again.Text)
		}
	})
}

// subsequence reports whether all bytes of part are in text, in their order.
func subsequence(part, text string) bool {
	for i := range len(text) {
		if part != "" && part[0] == text[i] {
			part = part[1:]
		}
	}
	return part == ""
}
