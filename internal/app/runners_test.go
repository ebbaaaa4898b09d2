package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithoutRunners(t *testing.T) {
	scripts := Scripts{
		Pipenv: map[string]string{"start": "gunicorn mysite.wsgi", "both": ""},
		PDM:    map[string]string{"web": "uvicorn shop:app", "all": ""},
	}
	for command, want := range map[string]string{
		"uv run manage.py migrate":                                 "python manage.py migrate",
		"uv run --no-sync gunicorn mysite.wsgi":                    "gunicorn mysite.wsgi",
		"exec uv run --frozen python -m celery -A mysite worker":   "exec python -m celery -A mysite worker",
		"uv run --with rich report.py":                             "! uv --with installs more packages",
		"uv run --with=rich report.py":                             "! uv --with installs more packages",
		"uv run -- gunicorn -b :$PORT  'a b' \"c $D\"":             "gunicorn -b :$PORT  'a b' \"c $D\"",
		"uv run -m gunicorn m:a":                                   "python -m gunicorn m:a",
		"uv --quiet run --module gunicorn m:a":                     "python -m gunicorn m:a",
		"A=b uv run --extra web --group=prod x && uv run y | uv x": "A=b x && y | uv x +web +prod",
		"uv run --env-file .env x":                                 "! uv --env-file reads variables from a file",
		"uv run --directory back x":                                "! uv --directory changes the directory",
		"uv run --isolated x":                                      "! uv --isolated creates another environment",
		"uv run --fast x":                                          "! the option --fast of uv is not known",
		"uv run":                                                   "! it names no command",
		"uv sync && gunicorn x":                                    "uv sync && gunicorn x",
		"uvx rich":                                                 "! uvx installs the program each time",
		"bash -c 'uv run --package web a \"b c\"'":                 "bash -c 'a \"b c\"'",
		"bash -c \"uv run a \\\"b\\\"\"":                           "! its quotes cannot be kept",
		"poetry run python manage.py migrate":                      "python manage.py migrate",
		"poetry -n run gunicorn mysite.wsgi --log-level info ":     "gunicorn mysite.wsgi --log-level info ",
		"poetry shell":                                             "! poetry shell starts a shell",
		"poetry -C back run x":                                     "! poetry -C changes the directory",
		"pipenv run start --log-level info":                        "gunicorn mysite.wsgi --log-level info",
		"pipenv run start;pipenv run x":                            "gunicorn mysite.wsgi;x",
		"pipenv run both":                                          "! the script both is not a plain command",
		"pdm run web --port $PORT":                                 "uvicorn shop:app --port $PORT",
		"pdm run -p back web":                                      "! pdm -p changes the directory",
		"pdm run start.py":                                         "python start.py",
		"hatch run web":                                            "! hatch run creates its own environments",
		"gunicorn uv run":                                          "gunicorn uv run",
		"$UV run x":                                                "$UV run x",
	} {
		got, found := WithoutRunners(command, scripts)
		for _, u := range found {
			if u.Reason != "" {
				got = "! " + u.Reason
			}
			for _, name := range append(u.Extras, u.Groups...) {
				got += " +" + name
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", command, diff)
		}
	}
}

func TestScriptsOfTools(t *testing.T) {
	a := read(files("Pipfile", "[scripts]\nstart = 'gunicorn x'\nboth = {call = 'a:b()'}\nmore = 'a && b'\n",
		"pyproject.toml", "[tool.pdm.scripts]\nweb = 'uvicorn x'\n_.env_file = '.env'\nall = {shell = 'a'}\n"))
	got := strings.NewReplacer("map", "").Replace(fmt.Sprint(a.Python.Scripts))
	if want := "{[both: more: start:gunicorn x] [_: all: web:uvicorn x]}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A tool alone runs nothing, and an option may lack its value.
func TestRunnersWithoutACommand(t *testing.T) {
	if _, ok := Unwrap([]string{"uv"}, Scripts{}); ok {
		t.Error("uv alone")
	}
	if u, ok := Unwrap([]string{"uv", "run", "--extra"}, Scripts{}); !ok || u.Reason != "it names no command" {
		t.Errorf("uv run --extra: %v, %+v", ok, u)
	}
}
