package app

import (
	"slices"
	"strings"
	"testing"
)

func TestStepsOfABuildInProcesses(t *testing.T) {
	for command, want := range map[string]string{
		"npm run build && python manage.py collectstatic --noinput && gunicorn x": "gunicorn x | npm run build, " +
			"collectstatic",
		"python manage.py compilemessages; exec gunicorn x": "exec gunicorn x | compilemessages",
		"python manage.py migrate && ./manage.py compress && gunicorn 'a b'": "python manage.py migrate && gunicorn " +
			"'a b' | compress",
		"pip install --quiet rich && python manage.py migrate": "python manage.py migrate | pip install!",
		"python -m pip install rich && x":                      "x | pip install!",
		"uv pip install rich; x":                               "x | uv pip!",
		"npm ci && yarn build && pnpm install && node x.js":    "node x.js | npm ci, yarn build, pnpm install",
		"python manage.py collectstatic":                       "python manage.py collectstatic | collectstatic",
		"x || python manage.py collectstatic && y": "x || python manage.py collectstatic && y | " +
			"collectstatic",
		"A=b npm ci && x":            "A=b npm ci && x | npm ci",
		"npm run serve && npm start": "npm run serve && npm start | ",
		"npm install left-pad && x":  "npm install left-pad && x | ",
		"gunicorn collectstatic":     "gunicorn collectstatic | ",
		"":                           " | ",
	} {
		found, changed := BuildSteps(command, []string{"build"})
		var names []string
		for _, step := range found {
			if step.Installs {
				step.Name += "!"
			}
			names = append(names, step.Name)
		}
		if got := changed + " | " + strings.Join(names, ", "); got != want {
			t.Errorf("%s: got %q, want %q", command, got, want)
		}
	}
}

func TestWorkersThatCountCPUs(t *testing.T) {
	for command, want := range map[string]bool{
		"celery -A x worker --loglevel info": true, "exec python -m celery -A x worker": true,
		"celery -A x worker -B":   true,
		"celery -A x worker -c 2": false, "celery -A x worker -c2": false, "celery -A x worker --concurrency=2": false,
		"celery -A x worker --autoscale 4,1": false, "celery -A x worker -P solo": false,
		"celery -A x worker --beat --pool=solo": false, "celery -A x beat": false,
		"rq worker": false, "": false, "celery -A x worker -P gevent": true,
	} {
		if got := CountsCPUs(command); got != want {
			t.Errorf("%s: got %v", command, got)
		}
	}
}

func TestProgramsThatTheAppDoesNotHave(t *testing.T) {
	a := read(files("Procfile",
		"web: bin/start-nginx gunicorn x\na: ./run.sh && bin/is\nb: cd x && ./run.sh\nc: /usr/bin/x $BIN/y x/$z\n"+
			"d: /app/bin/is; /app/bin/not; ./node_modules/.bin/x; .venv/bin/gunicorn x\n", "bin/is", ""))
	var got []string
	for _, process := range a.Procfile {
		got = append(got, process.Type+" "+strings.Join(process.Missing, " "))
	}
	if want := []string{"web bin/start-nginx", "a ./run.sh", "b ", "c ", "d "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
