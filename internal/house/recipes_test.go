package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

// recipe matches a sample of the guide to front ends, and the next link to an example.
var (
	recipe        = regexp.MustCompile("(?ms)^```(js|python|json)\n(.*?)^```$")
	linkToExample = regexp.MustCompile(`\(\.\./\.\./(examples/[a-z-]+)\)`)
)

// Each line of a recipe is in the example that the guide links to after it, which the tests build and start.
func TestRecipesAreFromExamples(t *testing.T) {
	text := pages.Read(t, filepath.Join(root, "docs/guides/front-end.md"))
	found := 0
	for _, at := range recipe.FindAllStringSubmatchIndex(text, -1) {
		example := linkToExample.FindStringSubmatch(text[at[1]:])
		if example == nil {
			t.Fatalf("no example follows\n%s", text[at[0]:at[1]])
		}
		files := textOfFiles(t, filepath.Join(root, example[1]))
		for line := range strings.Lines(text[at[4]:at[5]]) {
			line = strings.TrimSpace(line)
			line = strings.TrimSuffix(strings.TrimPrefix(line, `{"scripts": {`), "}}")
			if found++; !strings.Contains(files, line) {
				t.Errorf("no file of %s has the line %s", example[1], line)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d lines are found", found)
	}
}

// textOfFiles returns the text of all files of a directory.
func textOfFiles(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.Name() == "node_modules":
			return fs.SkipDir
		case err != nil || d.IsDir():
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
