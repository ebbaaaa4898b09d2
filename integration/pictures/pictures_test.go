package pictures

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/pages"
)

const root = "../.."

var update = flag.Bool("update", false, "draw the pictures")

// Each picture is what is drawn from its source now. make pictures draws them again.
func TestPicturesAreDrawnFromTheirSources(t *testing.T) {
	if *update {
		if err := Write(root); err != nil {
			t.Fatal(err)
		}
	}
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, Dir, "*.svg"))
	if err != nil || len(files) != len(all) {
		t.Errorf("there are %d pictures, and %d are drawn (%v)", len(files), len(all), err)
	}
	for name, want := range all {
		if diff := cmp.Diff(pages.Read(t, filepath.Join(root, Dir, name)), want); diff != "" {
			t.Errorf("%s (-file +drawn). To draw it again: make pictures\n%s", name, diff)
		}
		if len(want) > 60e3 {
			t.Errorf("%s has %d bytes, too many for a page", name, len(want))
		}
	}
}

// The app of the picture of tandem explain has errors.
func TestThePictureOfExplainShowsErrors(t *testing.T) {
	picture := pages.Read(t, filepath.Join(root, Dir, "explain.svg"))
	for _, id := range []string{"[node/several-projects]", "[version/contradiction]"} {
		if !strings.Contains(picture, id) {
			t.Errorf("it has no error %s", id)
		}
	}
}

// Each text of a log is in its picture, and the picture is XML.
func TestAPictureHasEachText(t *testing.T) {
	picture := logPicture("A log", "\x1b[1mBuild <b>\x1b[0m\n  \x1b[36m$ npm ci\x1b[0m & more\n")
	want := "\nA log\n\n\nBuild <b>\n  $ npm ci & more\n\n\n"
	if diff := cmp.Diff(want, texts(t, picture)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A step is drawn where it begins, as long as it takes, and a short one is not drawn.
func TestATimelineHasABarForEachStep(t *testing.T) {
	picture := timeline{Total: 10, Steps: []step{
		{
			Name:  "later",
			Start: 5,
			Took:  2.5,
		},
		{Name: "first & short", Branch: "python", Took: 1},
		{Name: "tiny", Took: 0.01},
		{ID: "python/part", Name: "python/part", Took: 1},
	}}.draw()
	for _, want := range []string{`x="524.0" y="39" width="130.0"`, `x="264.0" y="17" width="52.0"`} {
		if !strings.Contains(picture, want) {
			t.Errorf("it has no bar with %s:\n%s", want, picture)
		}
	}
	got := texts(t, picture)
	if strings.Index(got, "first & short") > strings.Index(got, "later") || strings.Contains(got, "tiny") ||
		strings.Contains(got, "part") {
		t.Errorf("the texts are %q", got)
	}
}

// texts returns the texts of a picture.
func texts(t *testing.T, picture string) string {
	t.Helper()
	var all strings.Builder
	for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all.String()
		} else if err != nil {
			t.Fatal(err)
		}
		if data, ok := token.(xml.CharData); ok {
			all.Write(data)
		}
	}
}

// What has no measurement has no bar, and says so.
func TestAChartHasAGapForWhatIsNotMeasured(t *testing.T) {
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"benchmark-light.svg", "benchmark-dark.svg"} {
		if got := strings.Count(texts(t, all[name]), "not measured"); got != 6 {
			t.Errorf("%s has %d gaps, want 6", name, got)
		}
		if _, err := os.Stat(filepath.Join(root, Dir, name)); err != nil {
			t.Error(err)
		}
	}
}
