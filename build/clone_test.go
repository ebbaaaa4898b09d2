package build

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/hostile"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// cloned returns the clone of an app that has the files, and keeps .git.
func cloned(t *testing.T, files map[string]string) clone {
	t.Helper()
	b := newBench(t, files)
	app, err := tree.Open(b.app)
	b.must(err)
	t.Cleanup(func() { app.Close() })
	return clone{Dirs: steps.Dirs{Root: b.app, Tree: app, Source: app.FS()}, keep: true}
}

func testClone(t *testing.T, when spec.G, it spec.S) {
	it("a kept clone has no credentials", func() {
		const config = "[remote \"o\"]\n\turl = https://u:" + hostile.Secret + "@h/x\n"
		b := cloned(t, map[string]string{
			".git/HEAD": "ref: refs/heads/main\n", ".git/config": config, ".git/config.worktree": config,
			".git/packed-refs":     "",
			".git/objects/ab/cd":   "x",
			".git/info/attributes": hostile.Secret, ".git/lfs/x": hostile.Secret,
			".git/worktrees/w/HEAD": hostile.Secret,
			".git/hooks/pre-commit": hostile.Secret,
			".git/refs/heads/main":  "x", ".git/modules/a/HEAD": "x", ".git/modules/a/config": config,
			".git/modules/libs/b/HEAD": "x", ".git/modules/libs/b/config": config,
			".git/modules/libs/b/modules/c/config": config, ".git/modules/libs/b/modules/c/HEAD": "x",
			".git/modules/libs/token": hostile.Secret, ".git/modules/libs/b/hooks/x": hostile.Secret,
			"a/.git": "gitdir: ../.git/modules/a\n", "outside/.git": "gitdir: ../../elsewhere\n",
			"absolute/.git": "gitdir: /etc\n", "text/.git": hostile.Secret, "vendored/.git/config": config,
			"vendored/.git/HEAD":  "x",
			"deep/er/.git/config": "[core]\nbare = " + hostile.Secret + "\n[" + hostile.Secret,
		})
		for link, target := range map[string]string{
			".git/refs/link": "/etc/passwd", ".git/shallow": "../outside", "linked/.git": "../.git",
			".git/modules/libs/link": "/etc",
		} {
			path := filepath.Join(b.Root, link)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, path); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.forget(); err != nil {
			t.Fatal(err)
		}
		left := map[string]string{}
		for name, content := range state(t, b.Root, func(string) bool { return false }) {
			if _, text, file := strings.Cut(content, " "); file && strings.Contains(name, ".git") {
				left[name] = text
			}
		}
		reduced := "[remote \"o\"]\n\turl = https://h/x\n"
		want := map[string]string{
			".git/HEAD": "ref: refs/heads/main\n", ".git/config": reduced, ".git/packed-refs": "",
			".git/objects/ab/cd":   "x",
			".git/refs/heads/main": "x", ".git/refs/link": "/etc/passwd",
			".git/modules/a/HEAD": "x", ".git/modules/a/config": reduced, ".git/modules/libs/b/HEAD": "x",
			".git/modules/libs/b/config":         reduced,
			".git/modules/libs/b/modules/c/HEAD": "x", ".git/modules/libs/b/modules/c/config": reduced,
			"a/.git":             "gitdir: ../.git/modules/a\n",
			"vendored/.git/HEAD": "x", "vendored/.git/config": reduced,
			"deep/er/.git/config": "[core]\n\tbare = " + hostile.Secret + "\n",
		}
		if diff := cmp.Diff(want, left); diff != "" {
			t.Error(diff)
		}
	})

	it("two clones of a commit are the same", func() {
		b := cloned(t, map[string]string{
			".git/HEAD": "", ".git/index": "", ".git/logs/HEAD": "", ".git/refs/heads/index": "",
			".git/objects/pack/a.pack": "", ".git/FETCH_HEAD": "",
		})
		if err := b.forget(); err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, pattern := range []string{".git/*", ".git/*/*/*"} {
			found, err := fs.Glob(b.Source, pattern)
			if err != nil {
				t.Fatal(err)
			}
			left = append(left, found...)
		}
		want := []string{".git/HEAD", ".git/objects", ".git/refs", ".git/objects/pack/a.pack", ".git/refs/heads/index"}
		if diff := cmp.Diff(want, left); diff != "" {
			t.Error(diff)
		}
	})

	// What is left is a repository: git finds its commits, and those of a submodule.
	it("Git reads a kept clone", func() {
		if _, err := exec.LookPath("git"); err != nil {
			t.Skip("git is not installed")
		}
		b := cloned(t, map[string]string{"sub/x": "x"})
		git := func(dir string, args ...string) string {
			t.Helper()
			settings := []string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c",
				"protocol.file.allow=always"}
			cmd := exec.Command("git", append(settings, args...)...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
			}
			return string(out)
		}
		other := t.TempDir()
		git(other, "init", "--quiet")
		git(other, "commit", "--quiet", "--allow-empty", "--message", "of the submodule")
		git(b.Root, "init", "--quiet")
		git(b.Root, "submodule", "--quiet", "add", other, "libs/other")
		git(b.Root, "add", ".")
		git(b.Root, "commit", "--quiet", "--message", "of the app")
		git(b.Root, "tag", "--annotate", "--message", "x", "v1.2.3")
		before := git(b.Root, "describe", "--tags") + git(filepath.Join(b.Root, "libs/other"), "log", "--format=%H %s")
		if err := b.forget(); err != nil {
			t.Fatal(err)
		}
		after := git(b.Root, "describe", "--tags") + git(filepath.Join(b.Root, "libs/other"), "log", "--format=%H %s")
		if before != after || !strings.Contains(after, "v1.2.3") || !strings.Contains(after, "of the submodule") {
			t.Errorf("git says %q, and then %q", before, after)
		}
		git(b.Root, "fsck", "--strict")
		if _, err := os.Stat(filepath.Join(b.Root, ".git/index")); err == nil {
			t.Error("the index is left")
		}
	})

	// kpack leaves its clone in the app, another each time: nothing of it may decide what the app's layer is.
	it("another clone is the same app", func() {
		var apps []map[string]string
		for _, index := range []string{"1", "2"} {
			files := map[string]string{
				"requirements.txt": "", "Procfile": "web: x\n", ".git/HEAD": "ref: refs/heads/main\n",
				".git/index":           index,
				".git/refs/heads/main": index,
				"sub/.git":             "gitdir: /tmp/" + index, "node_modules/.keep": "",
			}
			b := newBench(t, files)
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			if got := strings.Count(b.log.String(), "set BP_KEEP_GIT=true"); got != 1 {
				t.Errorf("%d lines say what keeps it:\n%s", got, &b.log)
			}
			apps = append(apps, state(t, b.app, func(string) bool { return false }))
		}
		if diff := cmp.Diff(apps[0], apps[1]); diff != "" {
			t.Error(diff)
		}
	})
}
