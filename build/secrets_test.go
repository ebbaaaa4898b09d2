package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

func guarding(text string) secrets {
	set := secret.New(secret.Value{Name: "NPM_TOKEN", Text: text})
	return secrets{said: set, shipped: set, own: set}
}

func testSecrets(t *testing.T, when spec.G, it spec.S) {
	// Errors of every kind leave the build without the value, and are still what they were.
	it("errors are masked on their way out", func() {
		s := guarding(token)
		user := &fail.Error{ID: "a/b", What: "x " + token, Why: "y " + token,
			Fix: fail.Fix{fail.Say{Text: "z " + token}}}
		failed := &run.Error{Argv: []string{"npm"}, Code: 1, Tail: "fatal: " + token}
		for name, err := range map[string]error{
			"the user's": user, "wrapped": fmt.Errorf("install: %w", user), "two": fail.Join(user,
				&fail.Error{ID: "c/d", What: token}),
			"ours": fmt.Errorf("open %s: %w", token, os.ErrNotExist), "joined": errors.Join(errors.New(token), user),
			"a command's": &fail.Error{ID: "e/f", What: "npm", Err: failed}, "a path's": &os.PathError{Op: "open",
				Path: token, Err: os.ErrNotExist},
			"interrupted": fmt.Errorf("%s: %w", token, context.Canceled),
		} {
			got := s.hidden(err)
			if strings.Contains(got.Error(), token) || len(fail.Each(got)) != len(fail.Each(err)) {
				t.Errorf("%s: got %v", name, got)
			}
			for _, target := range []error{os.ErrNotExist, context.Canceled} {
				if errors.Is(err, target) != errors.Is(got, target) {
					t.Errorf("%s is no longer %v", name, target)
				}
			}
			was, is := "", ""
			if e, ok := fail.User(err); ok {
				was = e.ID
			}
			if e, ok := fail.User(got); ok {
				is = e.ID
			}
			if was != is {
				t.Errorf("%s: the id %q is %q", name, was, is)
			}
			file := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			lastWords(file, readable(libcnb.BuildContext{}, got))
			if words, err := os.ReadFile(file); err != nil || strings.Contains(string(words), token) || len(words) < 3 {
				t.Errorf("%s: the last words are %s (%v)", name, words, err)
			}
		}
		if failed.Tail != "fatal: ****" {
			t.Errorf("the tail is %s", failed.Tail)
		}
		if s.hidden(nil) != nil || (secrets{}).hidden(user) != error(user) {
			t.Error("an error without secrets is another one")
		}
	})

	it("new files of the app are searched", func() {
		files, err := tree.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		dirs := steps.Dirs{Root: files.Dir(), Tree: files, Source: files.FS()}
		search := search{dirs.Source, clock{started: time.Now().Truncate(time.Second)}}
		write := func(name, text string) {
			file := filepath.Join(dirs.Root, name)
			err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644))
			if err != nil {
				t.Fatal(err)
			}
		}
		write("source.py", token)
		write("chmod.sh", token)
		steps.Runner{Dirs: dirs}.Touch(".", search.clock.started)
		time.Sleep(20 * time.Millisecond) // the clock of file systems is coarse
		search.clock.touched = time.Now()
		time.Sleep(20 * time.Millisecond)
		write("a/new.py", "x = '"+token+"'")
		write("old-time.py", token+"\n")
		write("empty-"+token, "")
		write("fine.py", "x = 1")
		write("node_modules/a/x.js", token)
		write("other/node_modules/x.js", token)
		long := time.Unix(1e9, 0)
		err = errors.Join(os.Chmod(filepath.Join(dirs.Root, "chmod.sh"), 0o755),
			os.Chtimes(filepath.Join(dirs.Root, "old-time.py"), long, long),
			os.Symlink("https://u:"+token+"@h", filepath.Join(dirs.Root, "link")))
		if err != nil {
			t.Fatal(err)
		}
		found, err := search.find(guarding(token).shipped, []string{"node_modules"})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, leak := range found {
			names = append(names, leak.Entry)
		}
		want := []string{"a/new.py", "empty-****", "link", "old-time.py", "other/node_modules/x.js"}
		if !slices.Equal(names, want) {
			t.Errorf("got %q, want %q", names, want)
		}
	})

	// A directory with too many files is the user's error, and without credentials none at all.
	it("a directory that cannot be searched", func() {
		search := search{source: large{fstest.MapFS{"media/a": {}}}}
		_, err := search.find(guarding(token).shipped, nil)
		if user, ok := fail.User(err); !ok || user.ID != "app/unreadable" || !strings.Contains(user.What, "media") {
			t.Errorf("got %v", err)
		}
		if _, err := search.find(nil, nil); err != nil {
			t.Errorf("without credentials: %v", err)
		}
	})

	// A report, a label and a process have no value of a binding, in whatever way it gets there.
	it("reports, labels and processes have no credentials", func() {
		b := newBench(t, map[string]string{"requirements.txt": "",
			"bin/post_compile": "echo $NPM_TOKEN x >\"$CACHE_DIR/x\"\n",
			"package.json": `{"packageManager": "pnpm@https://u:` + token + `@h.example.com/pnpm.tgz?t=` + token +
				`", "scripts": {"build": "true"}, "dependencies": {"a": "1"}}`})
		b.bindings = bindings()
		report := filepath.Join(b.dir, "timeline.json")
		t.Setenv("BP_TIMELINE_FILE", report)
		b.leavesExported(token)
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		if text, err := os.ReadFile(report); err != nil || strings.Contains(string(text), token) ||
			strings.Contains(b.log.String(), token) {
			t.Errorf("%v\n%s\n%s", err, text, &b.log)
		}
		documents := b.documents()
		for name, text := range documents {
			if strings.Contains(text, token) || len(documents) != 12 {
				t.Errorf("%s, one of %d, has a credential: %s", name, len(documents), text)
			}
		}
		b.write(map[string]string{"Procfile": "web: serve --token " + token + "\n", "package.json": `{}`})
		_, err := b.build()
		if user, ok := fail.User(err); !ok || user.ID != "credentials/in-layer" ||
			strings.Contains(err.Error()+b.log.String(), token) {
			t.Errorf("got %v", err)
		}
	})

	// What hooks leave in $CACHE_DIR is not kept if it has a credential of theirs, and the build goes on.
	it("a cache with a credential is not kept", func() {
		b := newBench(t, map[string]string{"requirements.txt": "",
			"bin/post_compile": "echo " + token + " >\"$CACHE_DIR/x\"\n"})
		b.bindings = bindings()
		b.mustBuild()
		if _, err := os.Stat(filepath.Join(b.layers, "cache-hooks.toml")); err == nil ||
			!strings.Contains(b.log.String(), "has the value of GITLAB_TOKEN") {
			t.Errorf("it is kept (%v):\n%s", err, &b.log)
		}
	})
}

// large has a directory that is not listed.
type large struct{ fs.FS }

func (l large) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "media" {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: limits.ErrLarge}
	}
	return fs.ReadDir(l.FS, name)
}
