package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTwoClonesOfACommitAreTheSame(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"HEAD", "index", "logs/HEAD", "refs/heads/index", "objects/pack/a.pack", "FETCH_HEAD"} {
		path := filepath.Join(root, ".git", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	(&builder{root: root}).forgetClone()
	var left []string
	for _, pattern := range []string{".git/*", ".git/*/*/*"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			left = append(left, path[len(root)+1:])
		}
	}
	if diff := cmp.Diff([]string{".git/HEAD", ".git/objects", ".git/refs", ".git/objects/pack/a.pack", ".git/refs/heads/index"}, left); diff != "" {
		t.Error(diff)
	}
}

func TestPackagesThatAStepHasInstalledByItselfAreNamed(t *testing.T) {
	b := newBench(t, map[string]string{
		"requirements.txt": "", "package.json": `{"scripts": {"build": "mkdir -p ui/node_modules/a"}, "dependencies": {"a": "1"}}`, "ui/package.json": "{}",
	})
	b.mustBuild()
	if want := "BP_NODE_PROJECT_PATH=ui"; !strings.Contains(b.log.String(), want) {
		t.Errorf("%q is not in the log:\n%s", want, &b.log)
	}
	b.write(map[string]string{"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`})
	b.must(os.RemoveAll(filepath.Join(b.app, "ui")))
	b.log.Reset()
	b.mustBuild()
	if strings.Contains(b.log.String(), "made by a step") {
		t.Errorf("Tandem's own packages are named:\n%s", &b.log)
	}
}
