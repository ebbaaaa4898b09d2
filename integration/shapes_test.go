package integration

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// checkFirstPage compares what a build's log says before the app's own steps with the example's golden file;
// internal/plan's TestExamplesAsTheyAreUnderstood compares the rest of that file.
func checkFirstPage(t *testing.T, app, log string) {
	t.Helper()
	file := filepath.Join("testdata/shapes", app+".txt")
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "log" })
	if i < 0 {
		t.Fatalf("%s has no part log", file)
	}
	got := firstPage(log)
	if *update {
		archive.Files[i].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(archive.Files[i].Data), got); diff != "" {
		t.Errorf("the log's first page (-want +got):\n%s", diff)
	}
}

var (
	// lane begins a line of an installation.
	lane = regexp.MustCompile(`^  \w+ +\| `)
	// pageLine is a header or a command, without its lane. The others are what commands print, and where downloads come
	// from.
	pageLine = regexp.MustCompile(`^(?:\S|  Installing )`)
	// The newest of a line.
	changing = regexp.MustCompile(`\b(Python \d+\.\d+\.|Node\.js \d+\.)\d+(?:\.\d+)?`)
)

// ownIndex is the option of uv for the index that a staged example names where Poetry cannot use the default one.
var ownIndex = regexp.MustCompile(` --default-index \S+`)

// firstPage are the title and the headers up to the app's own steps: those of the build, of Python and of Node one
// after the other, since the last two are written at the same time.
func firstPage(log string) string {
	_, log, _ = strings.Cut(log, "\nTandem ")
	log, _, _ = strings.Cut(log, "\nBuild\n")
	var parts [3]strings.Builder
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		rest, indented := strings.CutPrefix(line, "  ")
		if prefix := lane.FindString(line); prefix != "" {
			rest = line[len(prefix):]
		}
		if !indented || !pageLine.MatchString(rest) {
			continue
		}
		part := &parts[0]
		if strings.HasPrefix(line, "  python |") {
			part = &parts[1]
		} else if strings.HasPrefix(line, "  node   |") {
			part = &parts[2]
		}
		line = ownIndex.ReplaceAllString(line, "")
		part.WriteString(changing.ReplaceAllString(line, "${1}…") + "\n")
	}
	return parts[0].String() + parts[1].String() + parts[2].String()
}
