package build

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// as runs do as another user, who may read the sources of the test. It takes root: see odd.
func as(t *testing.T, uid int, do func()) {
	t.Helper()
	if err := syscall.Setresuid(uid, uid, 0); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setresuid(0, 0, 0); err != nil {
			t.Fatal(err)
		}
	}()
	if _, err := os.ReadFile("../buildpack.toml"); err != nil {
		t.Skipf("another user may not read the sources of this test: %v", err)
	}
	do()
}

// odd is an app of root's with files that nobody may read and directories that nobody may write to, in a bench of the
// user.
func odd(t *testing.T, uid int, files map[string]string) *bench {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("it takes root, to become somebody else")
	}
	dir, err := os.MkdirTemp("", "odd") // t.TempDir is root's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	t.Setenv("HOME", "/root")
	b := newBench(t, files)
	b.must(os.Chmod(dir, 0o755))
	for name, mode := range map[string]fs.FileMode{
		"secret.py": 0, "closed/c.py": 0o644, "closed": 0o555, "hidden": 0, "locale/de/LC_MESSAGES": 0o555,
		"locale/fr/LC_MESSAGES/django.po": 0,
		"static_root":                     0o555, ".venv": 0o555, "bin/post_compile": 0o644, ".git": 0o555, ".": 0o755,
	} {
		path := filepath.Join(b.app, name)
		if _, err := os.Lstat(path); err == nil {
			b.must(os.Chmod(path, mode))
		}
	}
	for _, path := range []string{filepath.Dir(b.dir), b.dir} {
		b.must(os.Chmod(path, 0o755))
	}
	for _, path := range []string{b.dir, b.layers, filepath.Join(b.dir, "tmp")} {
		b.must(os.Chown(path, uid, uid))
	}
	return b
}

func oddFiles() map[string]string {
	po := translated()["locale/de/LC_MESSAGES/django.po"]
	return map[string]string{
		"manage.py": "", "requirements.txt": "django\n", "Procfile": "web: x\n", "a.py": "", "secret.py": "",
		"closed/c.py": "", "hidden/d.py": "",
		"locale/de/LC_MESSAGES/django.po": po, "locale/fr/LC_MESSAGES/django.po": po,
		"locale/it/LC_MESSAGES/django.po": po,
		"static_root/a.css":               "", ".venv/pyvenv.cfg": "", ".venv/x": "",
		".git/HEAD":        "ref: refs/heads/main\n",
		".git/config":      "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://git.example.com/x.git\n",
		"bin/post_compile": "true\n",
	}
}

func testPermission(t *testing.T, when spec.G, it spec.S) {
	// What belongs to another user costs a line each, and nothing else.
	it("a build of files of another user", func() {
		const uid = 1000
		b := odd(t, uid, oddFiles())
		b.must(os.Chmod(filepath.Join(b.app, "locale/it/LC_MESSAGES"), 0o777))
		b.must(os.Chown(filepath.Join(b.app, "locale/it/LC_MESSAGES"), uid, uid))
		python := maps.Clone(fakePython)
		python["bin/python3"] = record + "case \"$*\" in *bytecode*) exec /usr/bin/python3 \"$@\";; esac\n"
		b.replace("cpython", python)
		as(t, uid, func() {
			if _, err := b.build(); err != nil {
				t.Errorf("%v\n%s", err, &b.log)
			}
		})
		for _, line := range []string{
			"Warning: could not set times",
			"Warning: could not be removed, and is in the image: .venv (permission denied)",
			"Warning: locale/de/LC_MESSAGES/django.po is not compiled, and its language will be missing: permission " +
				"denied",
			"Warning: locale/fr/LC_MESSAGES/django.po is not compiled, and its language will be missing: permission " +
				"denied",
			"Warning: no bytecode could be written for hidden (Permission denied), secret.py (Permission denied), " +
				"a.py (Permission denied), 2 more",
			"Translations: 1 of 3 .po files",
			"Warning: could not be removed from the clone, and is in the image: .git (permission denied)",
		} {
			if !strings.Contains(b.log.String(), line) {
				t.Errorf("%q is not in the log:\n%s", line, &b.log)
			}
		}
		// of the app, and of STATIC_ROOT
		if got := strings.Count(b.log.String(), "Warning: could not set times"); got != 2 {
			t.Errorf("%d lines about times:\n%s", got, &b.log)
		}
		if _, err := os.Stat(filepath.Join(b.app, "locale/it/LC_MESSAGES/django.mo")); err != nil {
			t.Error(err)
		}
	})

	// A node_modules that came with the source has to go before packages are installed.
	it("an upload that cannot be removed", func() {
		b := odd(t, 1000, map[string]string{
			"requirements.txt": "", "package.json": `{"dependencies": {"a": "1"}}`, "node_modules/a/package.json": "{}",
		})
		b.must(os.Chmod(filepath.Join(b.app, "node_modules/a"), 0o555))
		as(t, 1000, func() {
			_, err := b.build()
			err = readable(libcnb.BuildContext{ApplicationPath: b.app}, err)
			if user,
				ok := fail.User(err); !ok || user.ID != "app/permissions" ||
				!strings.Contains(user.What, "node_modules") {
				t.Errorf("got %v\n%s", err, &b.log)
			}
		})
	})

	// A clone of another user's that has credentials is no line: the image would have them.
	it("a clone that cannot be removed", func() {
		for name, files := range map[string]map[string]string{
			"credentials":         {".git/config": "[http]\n\textraheader = x\n"},
			"of a submodule":      {".git/modules/a/config": "[remote \"o\"]\n\turl = https://u:p@h/x\n"},
			"in a file of theirs": {".git/credentials": "x"},
			"a hook":              {".git/hooks/post-checkout": "x"},
			"where it fetched":    {".git/FETCH_HEAD": "x"},
		} {
			t.Run(name, func(t *testing.T) {
				for _, keep := range []string{"false", "true"} {
					t.Setenv("BP_KEEP_GIT", keep)
					all := oddFiles()
					maps.Copy(all, files)
					b := odd(t, 1000, all)
					as(t, 1000, func() {
						_, err := b.build()
						if user, ok := fail.User(err); !ok || user.ID != "app/git" {
							t.Errorf("BP_KEEP_GIT=%s: got %v", keep, err)
						}
					})
				}
			})
		}
	})

	it("what the build's user may not change is no defect", func() {
		in := libcnb.BuildContext{ApplicationPath: "/workspace"}
		for _, c := range []struct {
			err  error
			user bool
		}{
			{&fs.PathError{Op: "unlinkat", Path: "/workspace/node_modules", Err: syscall.EACCES}, true},
			{&fs.PathError{Op: "openat", Path: "a/b", Err: syscall.EROFS}, true},
			{&os.LinkError{Op: "symlink", Old: "/layers/x", New: "/workspace/node_modules", Err: syscall.EPERM}, true},
			{&fs.PathError{Op: "mkdir", Path: "/layers/x", Err: syscall.EACCES}, false},
			{&fs.PathError{Op: "mkdir", Path: "/workspace/x", Err: syscall.ENOTDIR}, false},
			{errors.New("something else"), false},
		} {
			user, ok := fail.User(permissionError(in, c.err))
			if ok != c.user || ok && user.ID != "app/permissions" {
				t.Errorf("%v: %v", c.err, user)
			}
		}
	})
}
