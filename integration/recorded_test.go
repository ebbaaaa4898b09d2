package integration

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// varying matches the parts of a log that differ from build to build: numbers, and the bars of the timeline.
var varying = regexp.MustCompile("[0-9]+(\\.[0-9]+)?|=+")

// colors matches what sets a color.
var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// shapeOf returns a line of a log without these parts.
func shapeOf(line string) string {
	return strings.Join(strings.Fields(varying.ReplaceAllString(colors.ReplaceAllString(line, ""), " ")), " ")
}

// asRecorded compares the recorded log, which README shows as a picture, with a real one: all its lines are there. The
// recorded log may lack some, since the output of the app is shortened. To record it again, run
//
//	make image APP=examples/vite IMAGE=x PACK_FLAGS="--force-color --clear-cache"
//
// write what Tandem prints into docs/pictures/build.log, and run make pictures.
func asRecorded(t *testing.T, log string) {
	t.Helper()
	printed := map[string]bool{}
	for line := range strings.Lines(log) {
		printed[shapeOf(line)] = true
	}
	for line := range strings.Lines(read(t, filepath.Join(env.Root, "docs/pictures/build.log"))) {
		bar := strings.HasPrefix(strings.TrimSpace(line), "=") // a short step has none
		if !bar && !printed[shapeOf(line)] && !strings.Contains(line, "not downloaded") {
			t.Errorf("docs/pictures/build.log has a line that no build prints any more: %s", strings.TrimSpace(line))
		}
	}
}
