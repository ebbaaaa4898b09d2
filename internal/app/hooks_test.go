package app

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// What is too large of a hook is run, and not looked into.
func TestHooksHaveALimit(t *testing.T) {
	text := "#!/bin/sh\n"
	more := []string{"manage.py", ""}
	for i := range limits.Scripts + 10 {
		text += fmt.Sprintf("bin/s%02d\n", i)
		more = append(more, fmt.Sprintf("bin/s%02d", i), fmt.Sprintf("text of %02d", i))
	}
	hook := read(files(append(more, "bin/post_compile", text)...)).Hooks.PostCompile
	if !strings.Contains(hook.Text, fmt.Sprintf("text of %02d", limits.Scripts-1)) || strings.Contains(hook.Text,
		fmt.Sprintf("text of %02d", limits.Scripts)) {
		t.Errorf("%s", hook.Text)
	}
	large := strings.Repeat("#", limits.Script) + "\n"
	hook = read(files("bin/pre_compile", "#!/usr/bin/env python\n"+large)).Hooks.PreCompile
	if hook == nil || !hook.Shebang || hook.Text != "" {
		t.Errorf("%v", hook)
	}
	hook = read(files("bin/pre_compile", "bin/large\nbin/small\n", "bin/large", large[1:], "bin/small",
		"npm ci")).Hooks.PreCompile
	if len(hook.Text) > limits.Script || !strings.Contains(hook.Text, "npm ci") {
		t.Errorf("%d KB", len(hook.Text)>>10)
	}
}

func TestTheProcfileHasLimits(t *testing.T) {
	long := "web: " + strings.Repeat("a", limits.ProcfileLine)
	a := read(files("manage.py", "", "Procfile", long[:limits.ProcfileLine]))
	if len(a.Procfile) != 1 || len(a.Unreadable) > 0 {
		t.Errorf("as long as a line may be: %v, %v", a.Procfile, a.Unreadable)
	}
	a = read(files("manage.py", "", "Procfile", "a: x\n"+long+"\nb: y\n"))
	if len(a.Procfile) != 2 || a.Procfile[1].Line != 3 || ids(a.Unreadable) != "procfile/line line" ||
		!strings.Contains(a.Unreadable[0].Err.Error(), "line 2 of the Procfile is too long") {
		t.Errorf("%v, %v", a.Procfile, a.Unreadable)
	}
	var many strings.Builder
	for i := range limits.ProcessTypes + 5 {
		fmt.Fprintf(&many, "p%d: x\n", i)
	}
	a = read(files("manage.py", "", "Procfile", many.String()))
	if len(a.Procfile) != limits.ProcessTypes || ids(a.Unreadable) != "procfile/line line" {
		t.Errorf("%d types, %v", len(a.Procfile), a.Unreadable)
	}
}

func TestPrivateFilesAreFoundByNameAndByTokens(t *testing.T) {
	a := read(files("manage.py", "", ".netrc", "", "a/.pypirc", "", "auth.toml", "", ".docker/config.json", "",
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

func TestWhatAHookHas(t *testing.T) {
	a := read(files("bin/post_compile", "python manage.py migrate\n"))
	if h := a.Hooks.PostCompile; !h.Has(Migrates) || h.Has(CallsApt) {
		t.Errorf("got %v", h.Finds)
	}
}

func TestScriptsThatMayCompile(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  bool
	}{
		"nothing":   {files("manage.py", ""), false},
		"a hook":    {files("bin/pre_compile", "npm install\n"), true},
		"a script":  {files("package.json", `{"scripts": {"a": "node-gyp rebuild"}}`), true},
		"other use": {files("bin/post_compile", "npm run build\n"), false},
	} {
		if got := read(c.files).MayCompile(); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A hook of any size may say by which program it runs.
func TestTheBeginningOfAFile(t *testing.T) {
	r := newReader(files("long", "#!/bin/sh", "other", "echo", "short", "#"))
	for name, want := range map[string]bool{"long": true, "other": false, "short": false, "absent": false} {
		if got := r.startsWith(name, shebang); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
