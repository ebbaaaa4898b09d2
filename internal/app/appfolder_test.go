package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/shell"
)

func TestACommandInTheRoot(t *testing.T) {
	has := []string{"gunicorn.py", "web", "a", "run b"}
	for command, want := range map[string]string{
		"gunicorn -c /app/gunicorn.py x":              "gunicorn -c /workspace/gunicorn.py x",
		"/app/.heroku/python/bin/gunicorn x":          "gunicorn x",
		"exec '/app/.venv/bin/gunicorn' x":            "exec 'gunicorn' x",
		"cd /app && ./run":                            "cd /workspace && ./run",
		"cd /app/ && ./run":                           "cd /workspace && ./run",
		"cd /app/web; PYTHONPATH=/app:/app/a x":       "cd /workspace/web; PYTHONPATH=/workspace:/workspace/a x",
		"x --log=/app/log/x.log -c \"/app/web\"":      "x --log=/app/log/x.log -c \"/workspace/web\" !/app/log/x.log",
		"(cd /app/web)":                               "(cd /workspace/web)",
		"x >/app/out":                                 "x >/app/out",
		"gunicorn src/app/x /application/y /app2 app": "gunicorn src/app/x /application/y /app2 app",
		"/app": "/workspace",
		"":     "",
	} {
		got, missing := InRoot(command, "/workspace", func(name string) bool { return slices.Contains(has, name) })
		for _, name := range missing {
			got += " !" + name
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", command, got, want)
		}
	}
}

// The files that a line of the Procfile names may name the directory too.
func TestFilesOfProcesses(t *testing.T) {
	a := read(files("Procfile",
		"web: gunicorn -c /app/gunicorn.conf.py x\nclock: bin/clock.sh\nworker: python /app/w.py --x=conf/s.ini\n"+
			"beat: bin/run; bin/none; ../x.sh; bin/js",
		"gunicorn.conf.py", "bind = ':80'\nchdir = '/app'\n", "bin/clock.sh",
		"#!/bin/sh\n# /app\ncd /app || exit 1\ncd /app/b\n",
		"w.py", "open('/app/x')\n", "conf/s.ini", "directory=/app/web\n", "bin/run",
		"#!/usr/bin/env bash\nexec /app/x\n",
		"bin/js", "#!/usr/bin/env node\nopen('/app/x')\n"))
	var got []string
	for _, process := range a.Procfile {
		for _, f := range process.Files {
			got = append(got, process.Type+" "+f.File+": "+f.Text)
		}
		got = append(got, process.Exists...)
	}
	want := []string{"web gunicorn.conf.py: chdir = '/app'", "gunicorn.conf.py",
		"clock bin/clock.sh: cd /app || exit 1",
		"worker conf/s.ini: directory=/app/web", "w.py", "beat bin/run: exec /app/x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if line := LineInRoot("cd /app/web", "/workspace"); !strings.HasSuffix(line, " /workspace/web") {
		t.Error(line)
	}
}

func TestFilesOfServersAndScriptsOfShells(t *testing.T) {
	for name, want := range map[string]bool{
		"gunicorn.conf.py": true, "deploy/my_gunicorn.py": true, "prodconf.py": true, "app.py": false,
		"gunicorn.js": false,
		"conf.py.txt": false, "nginx.conf": true, "uwsgi.ini": true, "setup.cfg": true, "bin/start.sh": true,
		"Procfile": false,
	} {
		if got := isServerFile(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	for text, want := range map[string]bool{
		"#!/bin/sh\necho": true, "#!/bin/bash -e": true, "#!/usr/bin/env bash": true, "#! /usr/bin/env dash": true,
		"#!/usr/bin/env python3": false, "#!/usr/bin/env": false, "#!": false, "": false, "bash run.sh": false,
		"#!/bin/python sh": false,
	} {
		if got := isShellScript(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestFilesThatACommandNames(t *testing.T) {
	r := newReader(files("deploy/gunicorn.conf.py", "x = 1\nchdir = '/app/src'\n", "run.py", "x = '/app/y'\n"))
	got := r.namedFiles(".",
		"gunicorn -c deploy/gunicorn.conf.py --config=deploy/gunicorn.conf.py run.py none.conf x:app")
	if len(got) != 1 || got[0].File != "deploy/gunicorn.conf.py" || got[0].Line != 2 {
		t.Errorf("got %+v", got)
	}
	if len(r.unreadable) > 0 {
		t.Errorf("a file that does not exist is a problem: %v", r.unreadable)
	}
}

func TestAnOptionWithoutItsValue(t *testing.T) {
	a := argumentsOf([]shell.Word{{Text: "x:app"}, {Text: "--bind"}}, nil)
	if len(a.options) > 0 || len(a.rest) != 1 {
		t.Errorf("got %+v", a)
	}
}
