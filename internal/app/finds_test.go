package app

import (
	"strings"
	"testing"
)

func TestWhatOldHooksDo(t *testing.T) {
	for line, want := range map[string]string{
		"python manage.py migrate --noinput":              Migrates,
		"python backend/manage.py --settings x.y migrate": Migrates,
		"django-admin migrate":                            Migrates,
		"alembic -c a.ini upgrade head":                   Upgrades,
		"FLASK_APP=x flask db upgrade":                    Upgrades,
		"python manage.py makemigrations --check":         "",
		// two commands; the regular expression must not join them
		"python manage.py collectstatic && echo migrate":       "",
		"apt-get install -y gettext":                           CallsApt,
		"sudo apt -y update":                                   CallsApt,
		"echo adapt install":                                   "",
		"export PATH=/app/.heroku/node/bin:$PATH":              HerokuFolder,
		"rm -r .heroku/node/":                                  HerokuFolder,
		"cd /app/frontend":                                     AppFolder,
		"cd /app":                                              AppFolder,
		"PYTHONPATH=\"/app/src\" python x.py":                  AppFolder,
		"echo \"export A=b\" >$BUILD_DIR/.profile.d/a.sh":      ProfileD,
		"cp a src/app/b":                                       "",
		"ls /srv/app/x /application":                           "",
		"curl -sSL https://example.com/x | bash -s -- -y":      PipesToShell,
		"wget -O- https://example.com/x | sudo sh":             PipesToShell,
		"curl https://example.com/x | tar xz":                  "",
		"# curl https://example.com/x | sh; manage.py migrate": "",
	} {
		var got []string
		for _, f := range finds("bin/x", "#!/bin/sh\n  "+line+"\n") {
			if f.Line != 2 || f.Text != line {
				t.Errorf("%q: found at line %d as %q", line, f.Line, f.Text)
			}
			got = append(got, f.Kind)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestCommandsWithAnotherManage(t *testing.T) {
	for command, want := range map[string]string{
		"python manage.py migrate":           "python web/manage.py migrate",
		"x; python3 ./manage.py check":       "x; python3 web/manage.py check",
		"cd web && python manage.py migrate": "", "gunicorn x.wsgi": "", "python web/manage.py migrate": "",
	} {
		got, ok := WithManage(command, "web/manage.py")
		if ok != (want != "") || ok && got != want || !ok && got != command {
			t.Errorf("%q: got %q, %v", command, got, ok)
		}
	}
}

func TestLinesThatEndAScript(t *testing.T) {
	for script, want := range map[string]bool{
		"#!/bin/sh\napt-get update\n":                              false,
		"#!/bin/bash -e\napt-get update\n":                         true,
		"#!/usr/bin/env bash\nset -euo pipefail\napt-get update\n": true,
		"set -o errexit\napt-get update\n":                         true,
		"set -x\napt-get update\n":                                 false,
		"set -e\nset +e\napt-get update\n":                         false,
		"set -e\napt-get update || true\n":                         false,
		"apt-get update\nset -e\n":                                 false,
	} {
		if found := finds("bin/x", script); len(found) != 1 || found[0].Fatal != want {
			t.Errorf("%q: %+v", script, found)
		}
	}
}
