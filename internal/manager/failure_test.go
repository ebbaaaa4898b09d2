package manager

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/fail"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// Each file of testdata/failures is what a tool really printed, with other names of hosts and folders, and what the user then reads.
func TestFailuresAreExplained(t *testing.T) {
	explain := map[string]Failures{"uv": newRequirements().Data().Failures, "uv-sync": newUV().Data().Failures, "pip": newPip().Data().Failures, "poetry": newPoetry().Data().Failures, "pipenv": newPipenv().Data().Failures,
		"npm": newNPM().Data().Failures, "yarn": newYarn().Data().Failures, "berry": newBerry().Data().Failures, "pnpm": newPNPM().Data().Failures, "script": ScriptFailures("npm install --save-dev")}
	files, err := filepath.Glob("testdata/failures/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			tool, _, _ := strings.Cut(name, "-")
			if strings.HasPrefix(name, "uv-sync-") {
				tool = "uv-sync"
			}
			got := explain[tool].Explain(fail.Error{ID: "python/install", What: "not explained"}, string(archive.Files[0].Data)).Error() + "\n"
			if strings.Contains(got, "python/install") {
				t.Errorf("the output is not explained")
			}
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
