package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// picture matches a picture of a document, in Markdown or HTML: its alternative and its file, or its file and the
// alternative.
var picture = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]+)\)|<img src="([^"]*)" alt="([^"]*)">|<(?:img|source)\b[^>]*>`)

// srcset matches the file of a picture for a dark ground.
var srcset = regexp.MustCompile(`^<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">$`)

// Each picture of a document exists and has a text for those who do not see it.
func TestPicturesHaveAlternatives(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		for _, m := range picture.FindAllStringSubmatch(withoutBlocks(readDocument(t, name)), -1) {
			found++
			file, alternative := m[2]+m[3], m[1]+m[4]
			if dark := srcset.FindStringSubmatch(m[0]); dark != nil {
				file, alternative = dark[1], "the one of the picture for a light ground"
			}
			if len(strings.Fields(alternative)) < 3 {
				t.Errorf("%s: the picture %q has no text as its alternative", name, m[0])
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), file)); err != nil || file == "" {
				t.Errorf("%s: the file of the picture %q does not exist", name, m[0])
			}
		}
	}
	if found < 6 {
		t.Errorf("only %d pictures are found", found)
	}
}
