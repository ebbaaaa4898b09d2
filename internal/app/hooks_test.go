package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tandem-cnb/tandem/internal/limits"
)

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
				func(app string) error {
					return c.make(filepath.Join(app, "bin/post_compile"))
				})
			a := Read(fsys)
			hook := a.Hooks.PostCompile
			if (hook != nil) != c.runs || ids(a.Problems) != c.problems {
				t.Errorf("%+v, %v", hook, a.Problems)
			}
			if hook != nil && (!hook.Shebang || !NamesNode(hook.Text)) {
				t.Errorf("%+v", hook)
			}
		})
	}
}

// What is too large of a hook is run, and not looked into.
func TestHooksHaveALimit(t *testing.T) {
	text := "#!/bin/sh\n"
	more := []string{"manage.py", ""}
	for i := range limits.Scripts + 10 {
		text += fmt.Sprintf("bin/s%02d\n", i)
		more = append(more, fmt.Sprintf("bin/s%02d", i), fmt.Sprintf("text of %02d", i))
	}
	hook := ReadHooks(files(append(more, "bin/post_compile", text)...)).PostCompile
	if !strings.Contains(hook.Text, fmt.Sprintf("text of %02d", limits.Scripts-1)) || strings.Contains(hook.Text,
		fmt.Sprintf("text of %02d", limits.Scripts)) {
		t.Errorf("%s", hook.Text)
	}
	large := strings.Repeat("#", limits.Script) + "\n"
	hook = ReadHooks(files("bin/pre_compile", "#!/usr/bin/env python\n"+large)).PreCompile
	if hook == nil || !hook.Shebang || hook.Text != "" {
		t.Errorf("%v", hook)
	}
	hook = ReadHooks(files("bin/pre_compile", "bin/large\nbin/small\n", "bin/large", large[1:], "bin/small",
		"npm ci")).PreCompile
	if len(hook.Text) > limits.Script || !strings.Contains(hook.Text, "npm ci") {
		t.Errorf("%d KB", len(hook.Text)>>10)
	}
}

func TestTheProcfileHasLimits(t *testing.T) {
	long := "web: " + strings.Repeat("a", limits.ProcfileLine)
	a := Read(files("manage.py", "", "Procfile", "a: x\n"+long+"\nb: y\n"))
	if len(a.Procfile) != 2 || a.Procfile[1].Line != 3 || ids(a.Problems) != "procfile/line line" ||
		!strings.Contains(a.Problems[0].Error(), "line 2 of the Procfile is too long") {
		t.Errorf("%v, %v", a.Procfile, a.Problems)
	}
	var many strings.Builder
	for i := range limits.ProcessTypes + 5 {
		fmt.Fprintf(&many, "p%d: x\n", i)
	}
	a = Read(files("manage.py", "", "Procfile", many.String()))
	if len(a.Procfile) != limits.ProcessTypes || ids(a.Problems) != "procfile/line line" {
		t.Errorf("%d types, %v", len(a.Procfile), a.Problems)
	}
}

func TestPrivateFilesAreFoundByNameAndByTokens(t *testing.T) {
	a := Read(files("manage.py", "", ".netrc", "", "a/.pypirc", "", "auth.toml", "", ".docker/config.json", "",
		"config.json", "", ".kube/config", "", "config", "",
		"kubeconfig", "", "a.pfx", "", "credentials.json", "", "package.json", "{}",
		".npmrc", "//r.example.com/:_authToken=x\n", "a/.npmrc",
		"//r.example.com/:_authToken=${NPM_TOKEN}\n# //r.example.com/:_authToken=x\nauth-type=web\n",
		"b/.npmrc", "registry=https://r.example.com\n_auth = \"abc\"\n", ".yarnrc.yml",
		"npmScopes:\n  acme:\n    npmAuthToken: \"x\"\n",
		"a/.yarnrc.yml", "npmAuthToken: \"${NPM_TOKEN}\"\nnpmAlwaysAuth: true\n"))
	want := ".docker/config.json .kube/config .netrc .npmrc .yarnrc.yml a/.pypirc a.pfx auth.toml b/.npmrc " +
		"credentials.json kubeconfig"
	if got := strings.Join(a.Private, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What an installation cannot read, it cannot depend on; what a digest of would take for ever is the user's error.
func TestDigestsOfOddFiles(t *testing.T) {
	digest := func(do func(app string) error, paths ...string) string {
		fsys := onDisk(t, map[string]string{"a/x": "1", "b": "2"}, do)
		sum, err := Digest(fsys, paths...)
		if err != nil {
			return err.Error()
		}
		return sum
	}
	plain := digest(nil, ".", "gone")
	sums := map[string]bool{plain: true}
	for _, do := range []func(app string) error{
		func(app string) error { return syscall.Mkfifo(filepath.Join(app, "pipe"), 0o644) },
		func(app string) error { return os.Symlink("/dev/zero", filepath.Join(app, "zero")) },
		func(app string) error { return os.WriteFile(filepath.Join(app, "a/x"), []byte("3"), 0o644) },
		func(app string) error { return os.Rename(filepath.Join(app, "a/x"), filepath.Join(app, "a/y")) },
	} {
		sum := digest(do, ".")
		if sums[sum] || !strings.HasPrefix(sum, "sha256:") {
			t.Errorf("got %s", sum)
		}
		sums[sum] = true
	}
	for _, made := range []string{".git", "node_modules", "a/__pycache__"} {
		sum := digest(func(app string) error {
			return errors.Join(os.MkdirAll(filepath.Join(app, made), 0o755), os.WriteFile(filepath.Join(app, made,
				"x"), nil, 0o644))
		}, ".")
		if sum != plain {
			t.Errorf("%s is part of it", made)
		}
	}
	deep := digest(func(app string) error {
		return os.MkdirAll(filepath.Join(app, strings.Repeat("d/", limits.Levels+1)), 0o755)
	}, "a", "d")
	if !strings.Contains(deep, "more than 64 deep") {
		t.Errorf("got %s", deep)
	}
}
