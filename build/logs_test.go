package build

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/ui"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// A spec that has a file in testdata/logs has the whole logs of its builds there, with their errors. To add one, create
// an empty file and run: go test -run TestBuild/build/NAME ./build -update
const logsDir = "testdata/logs"

// logs are those of the specs and subtests that are running, by name.
var logs = map[string]*strings.Builder{}

// logged adds the log and the error of a build to those of the test, which are compared when it ends.
func (b *bench) logged(steps []ui.Step, err error) {
	name := strings.TrimPrefix(b.t.Name(), "TestBuild/build/")
	if logs[name] == nil {
		logs[name] = &strings.Builder{}
		b.t.Cleanup(func() { compareLogs(b.t, name) })
	}
	fmt.Fprintf(logs[name], "== build\n%s", b.masked(b.log.String()))
	var names []string
	for _, s := range steps {
		if s.Name != "" {
			names = append(names, fmt.Sprintf("%6s  %s\n", s.Branch, s.Name))
		}
	}
	slices.Sort(names)
	fmt.Fprintf(logs[name], "== steps\n%s", b.masked(strings.Join(names, "")))
	if err != nil {
		fmt.Fprintf(logs[name], "== error\n%s\n", b.masked(reporter(libcnb.BuildContext{}).Report(err)))
	}
}

// compared are the names of the files in testdata/logs that a spec has been compared with.
var compared = map[string]bool{}

func compareLogs(t *testing.T, name string) {
	got, file := logs[name].String(), strings.ReplaceAll(name, "/", "-")+".txt"
	delete(logs, name)
	compared[file] = true
	golden := filepath.Join(logsDir, file)
	want, err := os.ReadFile(golden)
	if err != nil || t.Failed() || t.Skipped() {
		return
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the log is another (-want +got):\n%s", diff)
	}
}

// everyLogHasASpec reports files in testdata/logs that no spec is compared with, since a spec has another name now. It
// cannot know this if only some specs have run.
func everyLogHasASpec(t *testing.T) {
	t.Helper()
	files, err := os.ReadDir(logsDir)
	if err != nil || flag.Lookup("test.run").Value.String() != "" || flag.Lookup("test.skip").Value.String() != "" {
		return
	}
	for _, file := range files {
		if !compared[file.Name()] {
			t.Errorf("no spec has the log %s", file.Name())
		}
	}
}

var (
	digests = regexp.MustCompile(`\b[0-9a-f]{40,}\b`)
	numbers = regexp.MustCompile(` *\b\d+(\.\d+)? (s|MB)\b`)
	bars    = regexp.MustCompile(`(?m)^ +=+ .*\d+\.\d s  .*\n`)
	lane    = regexp.MustCompile(`^  \w+ +\| `)
)

// masked removes from a log what differs from run to run: paths, digests and times. It sorts neighboring lines of the
// two lanes by lane. The rows of the timeline depend on times; logged compares all steps instead.
func (b *bench) masked(log string) string {
	log = strings.NewReplacer(
		b.app, "APP", b.layers, "LAYERS", filepath.Join(b.dir, "tmp"), "TMP", b.dir, "DIR",
	).Replace(log)
	log = digests.ReplaceAllString(log, "#")
	log = numbers.ReplaceAllString(bars.ReplaceAllString(log, ""), " # $2")
	lines := strings.SplitAfter(log, "\n")
	for i := 0; i < len(lines); {
		end := i + 1
		for end < len(lines) && lane.MatchString(lines[i]) && lane.MatchString(lines[end]) {
			end++
		}
		slices.SortStableFunc(lines[i:end], func(x, y string) int {
			return strings.Compare(lane.FindString(x), lane.FindString(y))
		})
		i = end
	}
	return strings.Join(lines, "")
}
