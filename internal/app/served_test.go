package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/shell"
)

func TestServedBy(t *testing.T) {
	for command, want := range map[string]string{
		"gunicorn mysite.wsgi":                                  "gunicorn mysite.wsgi:application in . [] map[]",
		"exec gunicorn -w 4 -b 0.0.0.0:$PORT -k gevent m:app":   "gunicorn m:app in . [] map[]",
		"gunicorn --bind=:$PORT -w4 --preload m:app --reload":   "gunicorn m:app in . [] map[]",
		"gunicorn --chdir back --pythonpath a,/b 'm:make()'":    "gunicorn m:make() in back [a /b] map[]",
		"gunicorn m:app --chdir /srv":                           "gunicorn m:app in /srv [] map[]",
		"gunicorn \"m:make('prod')\"":                           "gunicorn m:make() with arguments in . [] map[]",
		"python -m gunicorn m:app":                              "gunicorn m:app in . [] map[]",
		"python3.13 -u -m uvicorn m:app":                        "uvicorn m:app in . [] map[]",
		"uvicorn --factory --app-dir src a.b:make --port $PORT": "uvicorn a.b:make() in . [src] map[]",
		"A=b env C=d ddtrace-run gunicorn m:a":                  "gunicorn m:a in . [] map[A:b C:d]",
		"newrelic-admin run-program gunicorn m:a":               "gunicorn m:a in . [] map[]",
		"opentelemetry-instrument --service_name x uvicorn m:a": "uvicorn m:a in . [] map[]",
		"cd back && exec daphne -b 0.0.0.0 -p $PORT m.asgi:a":   "daphne m.asgi:a in back [] map[]",
		"cd back; cd ../web; hypercorn --workers 2 m":           "hypercorn m:app in web [] map[]",
		"granian --interface asgi --no-ws --port $PORT m:a":     "granian m:a in . [] map[]",
		"granian --working-dir back m":                          "granian m:app in back [] map[]",
		"celery -A mysite worker -l info":                       "celery mysite in . [] map[]",
		"celery --app=mysite.celery:app beat":                   "celery mysite.celery:app in . [] map[]",
		"bash -c 'gunicorn m:a' & celery -A m worker":           "gunicorn m:a in . [] map[]; celery m in . [] map[]",
		"waitress-serve --port=$PORT --call m:make":             "waitress-serve m:make() in . [] map[]",
		"gunicorn --new-option --chdir back m:a":                "gunicorn m:a in back [] map[]",
		"gunicorn $APP":                                         "",
		"gunicorn --chdir $DIR m:a":                             "",
		"cd $DIR && gunicorn m:a":                               "",
		"(cd back && x); gunicorn m:a":                          "",
		"gunicorn":                                              "",
		"gunicorn -c conf.py":                                   "",
		"uvicorn m":                                             "",
		"uvicorn m:a/b":                                         "",
		"python manage.py runserver":                            "",
		"celery worker":                                         "",
		"./gunicorn m:a":                                        "gunicorn m:a in . [] map[]",
		"":                                                      "",
	} {
		if got := strings.Join(servedTexts(ServedBy(command, GunicornConfig{})), "; "); got != want {
			t.Errorf("%s (-want +got):\n%s", command, cmp.Diff(want, got))
		}
	}
}

// servedTexts returns each object with what decides how it is imported.
func servedTexts(all []Served) (texts []string) {
	for _, s := range all {
		name := s.Name()
		if s.Arguments {
			name += " with arguments"
		}
		texts = append(texts, fmt.Sprintf("%s %s in %s %v %v", s.Server, name, s.Dir, s.Path, s.Vars))
	}
	return texts
}

// The command line comes before the file, and the file before what gunicorn looks for itself.
func TestGunicornConfig(t *testing.T) {
	const conf = "bind = ':8080'\nwsgi_app = \"m:app\"  # the app\nchdir='back'\npythonpath = 'a' + b\n"
	for command, want := range map[string]string{
		"gunicorn -c conf.py":                  "gunicorn m:app in back [] map[]",
		"gunicorn --config /app/conf.py n:app": "gunicorn n:app in back [] map[]",
		"gunicorn --config=file:conf.py":       "gunicorn m:app in back [] map[]",
		"gunicorn --chdir x -c conf.py":        "gunicorn m:app in x [] map[]",
		"gunicorn":                             "gunicorn of:usual in . [] map[]",
		"gunicorn -c ../conf.py":               "",
		"gunicorn -c no.py m:app":              "gunicorn m:app in . [] map[]",
	} {
		a := read(files("Procfile", "web: "+command, "conf.py", conf, "gunicorn.conf.py", "wsgi_app = 'of:usual'\n"))
		got := strings.Join(servedTexts(ServedBy(command, a.Procfile[0].Gunicorn)), "; ")
		if got != want {
			t.Errorf("%s (-want +got):\n%s", command, cmp.Diff(want, got))
		}
	}
}

// The program that Python runs is the module after -m. A script, or code, is Python's own.
func TestTheProgramOfACommand(t *testing.T) {
	for command, want := range map[string]string{
		"gunicorn x": "gunicorn x", "python -m gunicorn x": "gunicorn x",
		"/usr/bin/python3.13 -u -m uvicorn a:b": "uvicorn a:b",
		"python -m":                             "python -m", "python manage.py -m x": "python manage.py -m x",
		"python -c code -m x": "python -c code -m x",
		"pythonic -m x":       "pythonic -m x", "3.13 -m x": "3.13 -m x", "python": "python",
	} {
		var words []shell.Word
		for text := range strings.FieldsSeq(command) {
			words = append(words, shell.Word{Text: text})
		}
		var got []string
		for _, word := range programOf(words) {
			got = append(got, word.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q", command, got)
		}
	}
}
