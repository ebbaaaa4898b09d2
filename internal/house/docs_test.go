package house

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/tandem-cnb/tandem/internal/pages"
)

// documents returns the Markdown files of the repository, from its root.
func documents(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata", "dist"}, d.Name()):
			return fs.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		name, err := filepath.Rel(root, path)
		names = append(names, name)
		return err
	})
	if err != nil || len(names) < 50 {
		t.Fatalf("%d documents: %v", len(names), err)
	}
	return names
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	return pages.Read(t, filepath.Join(root, name))
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`^#+ (.*)$`)
	mark    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// Every link of a document to a file of the repository, and to a heading of a document, leads somewhere.
func TestLinksOfDocumentsResolve(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		for _, l := range link.FindAllStringSubmatch(withoutCode(readDocument(t, name)), -1) {
			file, anchor, _ := strings.Cut(l[1], "#")
			if strings.Contains(l[1], "://") {
				continue
			}
			found++
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s links to %s, which does not exist", name, l[1])
			} else if anchor != "" && !slices.Contains(anchors(readDocument(t, target)), anchor) {
				t.Errorf("%s links to %s, and %s has no such heading", name, l[1], target)
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d links are found", found)
	}
}

// anchors returns the anchors of the headings of a document, as GitHub makes them.
// https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
func anchors(text string) (all []string) {
	for line := range strings.Lines(withoutBlocks(text)) {
		m := heading.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, mark.ReplaceAllString(m[1], "$1"))
		times := 0
		for _, other := range all {
			if other == anchor || strings.HasPrefix(other, anchor+"-") && isNumber(other[len(anchor)+1:]) {
				times++
			}
		}
		if times > 0 {
			anchor = fmt.Sprintf("%s-%d", anchor, times)
		}
		all = append(all, anchor)
	}
	return all
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func TestAnchorsAreThoseOfGitHub(t *testing.T) {
	text := "# A `b.toml`, c\n## [Node.js](x.md) in it\n```\n# code\n```\n## Again\n## Again\n"
	want := []string{"a-btoml-c", "nodejs-in-it", "again", "again-1"}
	if got := anchors(text); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// docPath matches the path of a document in code.
var docPath = regexp.MustCompile(`\bdocs/[a-z/-]+\.md\b`)

// The documents that the code, its messages and the tests of integration name exist.
func TestDocumentsThatCodeNamesExist(t *testing.T) {
	found := 0
	for _, s := range append(product(t), sources(t, "integration")...) {
		for _, name := range docPath.FindAllString(withoutURLs(s.text), -1) {
			found++
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("%s names %s, which does not exist", s.name, name)
			}
		}
	}
	if found == 0 {
		t.Error("no document is found")
	}
}

// withoutURLs returns a text without words that have a scheme.
func withoutURLs(text string) string {
	isURL := func(word string) bool { return strings.Contains(word, "://") }
	return strings.Join(slices.DeleteFunc(strings.Fields(text), isURL), " ")
}

// README shows what the program prints, as the golden files have it.
func TestREADMEShowsRealOutput(t *testing.T) {
	readme := filepath.Join(root, "README.md")
	preview := pages.Read(t, filepath.Join(root, "internal/explain/testdata/examples/plain.txt"))
	pages.Check(t, readme, "preview", "```text\n"+strings.TrimSpace(preview)+"\n```", *update)
	failure := pages.Read(t, filepath.Join(root, "integration/testdata/errors/npm-lock-out-of-sync.txt"))
	text := "```text\n" + strings.TrimSpace(failure) + "\n```"
	pages.Check(t, readme, "error", text, *update)
}

// published matches the names of the image that documents may use, and builder Heroku's builder.
var (
	published = regexp.MustCompile(`tandemcnb/[^\s"')]*`)
	allowed   = regexp.MustCompile("^tandemcnb/python-node(:0\\.[12](\\.0)?|@sha256:…)[`,.]*$")
	builder   = regexp.MustCompile(`heroku/(builder|heroku):\d+`)
)

// Documents name the image and the builder in one way.
func TestDocumentsUseThePublishedNames(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		text := readDocument(t, name)
		for _, image := range published.FindAllString(text, -1) {
			found++
			if !allowed.MatchString(image) {
				t.Errorf("%s names the image %s, want tandemcnb/python-node:0.1", name, image)
			}
		}
		for _, image := range builder.FindAllString(text, -1) {
			if !strings.HasSuffix(image, ":26") {
				t.Errorf("%s names %s, want :26", name, image)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d names are found", found)
	}
}
