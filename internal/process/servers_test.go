package process

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"strings"
	"testing"
)

func TestAGunicornThatCannotStartIsNamed(t *testing.T) {
	for _, c := range []struct{ gunicorn, setuptools, python, command, want string }{
		{"19.9.0", "", "3.9.25", "gunicorn shop.wsgi", "setuptools<82"},
		{"19.9.0", "82.0.1", "3.11.2", "newrelic-admin run-program gunicorn shop.wsgi", "setuptools<82"},
		{"19.9.0", "81.0.0", "3.11.2", "gunicorn shop.wsgi", ""},
		{"19.9.0", "81.0.0", "3.13.1", "gunicorn shop.wsgi", "3.11 > .python-version"},
		{"19.9.0", "81.0.0", "3.12.4", "gunicorn shop.wsgi", "3.11 > .python-version"},
		{"18.0", "", "3.10.4", "gunicorn shop.wsgi", "setuptools<82"},
		{"20.0.4", "84.0", "3.13.1", "gunicorn shop.wsgi", "setuptools<82"},
		{"20.0.4", "65.5.0", "3.13.1", "gunicorn shop.wsgi", ""},
		{"20.1.0", "", "3.13", "gunicorn shop.wsgi", "setuptools<82"},
		{"21.2.0", "", "3.13", "gunicorn shop.wsgi", ""},
		{"25.2.0", "", "3.13.1", "gunicorn shop.wsgi", ""},
		{"19.9.0", "", "3.9.25", "waitress-serve shop.wsgi", ""},
		{"", "", "3.9.25", "gunicorn shop.wsgi", ""},
	} {
		in := installed.Found{Packages: map[string]string{}}
		for name, version := range map[string]string{"gunicorn": c.gunicorn, "setuptools": c.setuptools} {
			if version != "" {
				in.Packages[name] = version
			}
		}
		got := ""
		if err := CheckServer(in, []Process{{Type: "web", Command: c.command}}, c.python); err != nil {
			got = err.Error()
		}
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
