package fail

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mostTexts is how many errors of the product have a fix that is one text for a reader, and no actions. The number only
// falls: such a fix cannot be written for another platform than pack.
const mostTexts = 2

func TestTextsThatAreNoActions(t *testing.T) {
	found := 0
	for _, dir := range []string{"../../build", "../../cmd", "../../detect", ".."} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			data, err := os.ReadFile(name)
			found += strings.Count(string(data), "fail.Text(")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found != mostTexts {
		t.Errorf("fail.Text is called %d times, the limit is %d", found, mostTexts)
	}
}
