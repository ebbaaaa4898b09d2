package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// formatError is what fmt writes for a verb that has no argument, or the wrong one: %!w(<nil>), %!s(MISSING).
var formatError = regexp.MustCompile(`%!(?:[a-zA-Z]\(|\(EXTRA)`)

// No text that users read, as the golden files have it, shows a mistake in a format.
func TestGoldenTextsHaveNoFormatErrors(t *testing.T) {
	files := 0
	for _, dir := range []string{"internal", "integration", "build"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || filepath.Ext(path) != ".txt" {
				return err
			}
			text, err := os.ReadFile(path)
			if found := formatError.Find(text); found != nil {
				t.Errorf("%s has %s", path, found)
			}
			files++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 100 {
		t.Errorf("only %d files were found", files)
	}
}
