package build

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

func testSource(t *testing.T, when spec.G, it spec.S) {
	it("two clones of a commit are the same", func() {
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
		app, err := tree.Open(root)
		if err != nil {
			t.Fatal(err)
		}
		defer app.Close()
		b := clone{Dirs: steps.Dirs{Root: root, Tree: app, Source: app.FS()}, keep: true}
		if err := b.forget(); err != nil {
			t.Fatal(err)
		}
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
	})
}
