package app_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// onDisk returns an app in a real directory, in which do creates what MapFS cannot have.
func onDisk(t *testing.T, files map[string]string, do func(dir string) error) fs.FS {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "app")
	err := os.Mkdir(dir, 0o755)
	for name, text := range files {
		file := filepath.Join(dir, name)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644))
	}
	if err == nil && do != nil {
		err = do(dir)
	}
	opened, openErr := tree.Open(dir)
	if err := errors.Join(err, openErr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	return opened.FS()
}

// Absent, unreadable, special and what leads out are four things for all who ask for a file.
func TestWhatAFileMayBe(t *testing.T) {
	fsys := onDisk(t, map[string]string{"file": "text", "dir/x": "", "large.py": strings.Repeat("#",
		limits.Script+1)}, func(dir string) error {
		beside := filepath.Join(dir, "../beside")
		return errors.Join(os.WriteFile(beside, []byte("secret"), 0o644), syscall.Mkfifo(filepath.Join(dir,
			"pipe"), 0o644),
			os.Symlink("file", filepath.Join(dir, "link")), os.Symlink(beside, filepath.Join(dir, "out")),
			os.Symlink("../beside", filepath.Join(dir, "up")),
			os.Symlink("/dev/zero", filepath.Join(dir, "zero")), os.Symlink("loop", filepath.Join(dir, "loop")),
			os.Symlink("gone", filepath.Join(dir, "broken")))
	})
	for _, listed := range []bool{false, true} {
		for name, want := range map[string]struct {
			text                        string
			found, exists, named, isDir bool
			why                         string
		}{
			"file": {"text", true, true, true, false, ""}, "link": {"text", true, true, true, false, ""},
			"./file": {"text", true, true, true, false, ""},
			"gone":   {}, "broken": {}, "file/x": {}, "../beside": {}, "/file": {}, "a\x00": {}, strings.Repeat("x",
				300): {},
			"dir":      {"", true, false, false, true, "it is a directory"},
			"pipe":     {"", true, false, true, false, "it is a pipe, a socket or a device"},
			"out":      {"", true, false, true, false, "it is a link that leads out of the app"},
			"up":       {"", true, false, true, false, "it is a link that leads out of the app"},
			"zero":     {"", true, false, true, false, "it is a link that leads out of the app"},
			"loop":     {"", true, false, true, false, syscall.ELOOP.Error()},
			"large.py": {"", true, true, true, false, "it has more than 1 MB"},
		} {
			for _, got := range looked(app.Look(fsys, name, listed)) {
				if got.Text != want.text || got.Found != want.found || got.Exists != want.exists ||
					got.MayBeFile != want.named || got.Dir != want.isDir {
					t.Errorf("%.20q: %+v", name, got)
				}
				var user *fail.Error
				if (want.why != "") != (len(got.Problems) == 1) || want.why != "" &&
					(!errors.As(got.Problems[0].Err, &user) || user.ID != "app/unreadable" || user.Why != want.why) {
					t.Errorf("%.20q: problems %v", name, got.Problems)
				}
				if got.Quiet != want.text || got.QuietFound != (want.found && want.why == "") {
					t.Errorf("%.20q: quietly %q, %v", name, got.Quiet, got.QuietFound)
				}
			}
		}
	}
}

func looked(both ...app.Looked) []app.Looked { return both }

func TestHooksThatAreNotFilesOfTheAppDoNotRun(t *testing.T) {
	for name, c := range map[string]struct {
		make     func(hook string) error
		runs     bool
		problems string
	}{
		"a file": {func(hook string) error {
			return os.WriteFile(hook,
				[]byte("#!/bin/sh\nnpm ci\n"), 0o755)
		}, true, ""},
		"a link in the app": {func(hook string) error { return os.Symlink("real", hook) }, true, ""},
		"a link that leads out": {func(hook string) error { return os.Symlink("/proc/self/pagemap", hook) }, false,
			"app/unreadable bin/post_compile"},
		"a device": {func(hook string) error { return os.Symlink("/dev/zero", hook) }, false,
			"app/unreadable bin/post_compile"},
		"a pipe": {func(hook string) error { return syscall.Mkfifo(hook, 0o755) }, false,
			"app/unreadable bin/post_compile"},
		"a folder":      {func(hook string) error { return os.Mkdir(hook, 0o755) }, false, ""},
		"a broken link": {func(hook string) error { return os.Symlink("gone", hook) }, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := onDisk(t, map[string]string{"manage.py": "", "bin/real": "#!/bin/sh\nnpm ci\n"},
				func(dir string) error {
					return c.make(filepath.Join(dir, "bin/post_compile"))
				})
			a := app.Read(fsys, app.Requested{})
			hook := a.Hooks.PostCompile
			if (hook != nil) != c.runs || app.IDs(a.Unreadable) != c.problems {
				t.Errorf("%+v, %v", hook, a.Unreadable)
			}
			if hook != nil && (!hook.Shebang || !app.NamesNode(hook.Text)) {
				t.Errorf("%+v", hook)
			}
		})
	}
}

// What an installation cannot read, it cannot depend on; what a digest of would take for ever is the user's error.
func TestDigestsOfOddFiles(t *testing.T) {
	digest := func(do func(dir string) error, paths ...string) string {
		fsys := onDisk(t, map[string]string{"a/x": "1", "b": "2"}, do)
		sum, err := app.Digest(fsys, paths...)
		if err != nil {
			return err.Error()
		}
		return sum
	}
	plain := digest(nil, ".", "gone")
	sums := map[string]bool{plain: true}
	for _, do := range []func(dir string) error{
		func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644) },
		func(dir string) error { return os.Symlink("/dev/zero", filepath.Join(dir, "zero")) },
		func(dir string) error { return os.WriteFile(filepath.Join(dir, "a/x"), []byte("3"), 0o644) },
		func(dir string) error { return os.Rename(filepath.Join(dir, "a/x"), filepath.Join(dir, "a/y")) },
	} {
		sum := digest(do, ".")
		if sums[sum] || !strings.HasPrefix(sum, "sha256:") {
			t.Errorf("got %s", sum)
		}
		sums[sum] = true
	}
	for _, made := range []string{".git", "node_modules", "a/__pycache__"} {
		sum := digest(func(dir string) error {
			return errors.Join(os.MkdirAll(filepath.Join(dir, made), 0o755), os.WriteFile(filepath.Join(dir, made,
				"x"), nil, 0o644))
		}, ".")
		if sum != plain {
			t.Errorf("%s is part of it", made)
		}
	}
	deep := digest(func(dir string) error {
		return os.MkdirAll(filepath.Join(dir, strings.Repeat("d/", limits.Levels+1)), 0o755)
	}, "a", "d")
	if !strings.Contains(deep, "more than 64 deep") {
		t.Errorf("got %s", deep)
	}
}
