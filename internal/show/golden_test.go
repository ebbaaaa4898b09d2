package show

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// What users read, as the golden files have it, has no trace of a wrong format.
func TestGoldenFilesHaveNoWrongFormats(t *testing.T) {
	seen := 0
	for _, dir := range []string{"../plan/testdata", "../explain/testdata", "../../integration/testdata"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			seen++
			for number, line := range bytes.Split(data, []byte("\n")) {
				if bytes.Contains(line, []byte("%!")) {
					t.Errorf("%s, line %d: %s", name, number+1, line)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if seen < 100 {
		t.Errorf("only %d files were found", seen)
	}
}
