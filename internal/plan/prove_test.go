package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
)

// What an import shows decides about the default process, and is only told of a line of the Procfile.
func TestProcessesAreProven(t *testing.T) {
	flask := map[string]string{
		"requirements.txt": "",
		"wsgi.py":          "app = Flask(__name__)\n",
		"main.py":          "app = Flask(__name__)\n",
	}
	procfile := map[string]string{"requirements.txt": "", "manage.py": whole["manage.py"],
		"Procfile": "web: exec gunicorn -b :$PORT mysite.wsgi:app\nworker: celery -A mysite worker -c 2\n"}
	there := process.Imported{Status: process.There}
	for name, c := range map[string]struct {
		files   map[string]string
		results []process.Imported
		want    string
	}{
		"the first is there": {flask, []process.Imported{there, {Status: process.NoModule}},
			"web wsgi:app\nProcesses: no Procfile, web is gunicorn with wsgi:app, which can be imported"},
		"the second is there": {flask, []process.Imported{{Status: process.NotCallable}, there},
			"web main:app\nProcesses: no Procfile, web is gunicorn with main:app, which can be imported"},
		"the second needs a variable": {flask,
			[]process.Imported{{Status: process.NoObject}, {Status: process.Failed, Reason: "KeyError: 'A'"}},
			"web main:app\nProcesses: no Procfile, web is gunicorn with main:app. It could not be imported here: " +
				"KeyError: 'A'"},
		"none": {flask,
			[]process.Imported{{Status: process.NoObject, Has: []string{"api"}}, {Status: process.NoModule}},
			"\nwarning: Processes: the image has no process web, because wsgi has no app; it has api. Add a Procfile:\n" +
				"    web: gunicorn wsgi:api"},
		"none, and nothing else in it": {flask,
			[]process.Imported{{Status: process.NoObject}, {Status: process.NoModule}},
			"\nwarning: Processes: the image has no process web, because wsgi has no app. Add a Procfile:\n" +
				"    web: gunicorn main:app"},
		"none, but a function": {flask,
			[]process.Imported{{Status: process.NoObject, Has: []string{"make()"}}, {Status: process.NoModule}},
			"\nwarning: Processes: the image has no process web, because wsgi has no app; it has make(). Add a " +
				"Procfile:\n" +
				"    web: gunicorn 'wsgi:make()'"},
		"a directory is missing": {flask,
			[]process.Imported{{Status: process.NoFile, Name: "web/dist"}, {Status: process.NoModule}},
			"web wsgi:app\nwarning: Processes: no Procfile, web is gunicorn with wsgi:app, which cannot start: " +
				"wsgi needs web/dist, which does not exist"},
		"nothing is known": {flask, nil, "web wsgi:app\nProcesses: no Procfile, web is gunicorn with wsgi:app"},
		"lines": {procfile,
			[]process.Imported{{Status: process.NoObject, Has: []string{"application", "x"}},
				{Status: process.NoPackage, Name: "redis"}},
			"web mysite.wsgi:app worker mysite\n" +
				"warning: Procfile, line 1: mysite.wsgi has no app; it has application and x:\n" +
				"    web: exec gunicorn -b :$PORT mysite.wsgi:application\n" +
				"warning: Procfile, line 2: mysite needs the module redis, which is not installed"},
		"a line with nothing to suggest": {procfile, []process.Imported{{Status: process.NoObject}, there},
			"web mysite.wsgi:app worker mysite\nwarning: Procfile, line 1: mysite.wsgi has no app"},
		"a line with an object of another type": {procfile,
			[]process.Imported{{Status: process.NotCallable, Name: "int", Has: []string{"x"}}, there},
			"web mysite.wsgi:app worker mysite\n" +
				"warning: Procfile, line 1: app of mysite.wsgi is not an app, but a value of type int"},
		"lines without a known result": {procfile, []process.Imported{{Status: process.Failed}, there},
			"web mysite.wsgi:app worker mysite\n"},
	} {
		p, err := planned(t, c.files,
			nil).Settle(installed.Found{Packages: map[string]string{"flask": "3", "gunicorn": "23"}})
		if err != nil {
			t.Fatal(err)
		}
		p = p.Prove(c.results)
		var processes, said []string
		for _, process := range p.Processes {
			processes = append(processes, process.Type+" "+process.Serves[0].Written)
		}
		for _, n := range p.Notes {
			if n.Stage == Finish && n.Severity == note.Warning {
				n.Text = "warning: " + n.Text
			}
			if n.Stage == Finish {
				said = append(said, n.Text)
			}
		}
		got := strings.Join(processes, " ") + "\n" + strings.Join(said, "\n")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A step imports each object once. Without any, or with the variable, there is none.
func TestTheStepThatImports(t *testing.T) {
	files := map[string]string{
		"requirements.txt": "",
		"Procfile":         "web: gunicorn a:b\nx: gunicorn a:b\ny: A=b gunicorn a:b",
	}
	p := planned(t, files, nil)
	if step := p.Of(Prove); len(step) != 1 || strings.Count(step[0].Input.Text, `"Module"`) != 2 {
		t.Errorf("got %+v", step)
	}
	if step := planned(t, files, map[string]string{config.CheckProcesses: "false"}).Of(Prove); len(step) > 0 {
		t.Errorf("it is disabled: %+v", step)
	}
	files["Procfile"] = "web: ./run.sh"
	if step := planned(t, files, nil).Of(Prove); len(step) > 0 {
		t.Errorf("nothing is served: %+v", step)
	}
	if got := fmt.Sprint(p.Prove([]process.Imported{{}}).Processes) == fmt.Sprint(p.Processes); !got {
		t.Error("results of another step are used")
	}
}

// All files are compiled unless each process of the image says what it imports.
func TestWhatAStartImports(t *testing.T) {
	django := map[string]string{"requirements.txt": "", "manage.py": whole["manage.py"]}
	with := func(procfile string) map[string]string {
		files := maps.Clone(django)
		files["Procfile"] = procfile
		return files
	}
	const web, worker = "web: exec gunicorn -b :$PORT mysite.wsgi:app\n", "worker: celery -A mysite worker -c 2\n"
	there := func(files ...string) process.Imported { return process.Imported{Status: process.There, Files: files} }
	const served = "app = Flask(__name__)\n"
	flask := map[string]string{"requirements.txt": "", "wsgi.py": served, "main.py": served}
	for name, c := range map[string]struct {
		files   map[string]string
		results []process.Imported
		want    []string
	}{
		"two processes": {with(web + worker), []process.Imported{there("a", "b"), there("c")},
			[]string{"a", "b", "c"}},
		"and a migration": {with(web + "x: python manage.py migrate\n"), []process.Imported{there("a")},
			[]string{"a"}},
		"and another program":     {with(web + "jobs: python jobs.py\n"), []process.Imported{there("a")}, nil},
		"one cannot be imported":  {with(web + worker), []process.Imported{there("a"), {Status: process.Failed}}, nil},
		"one had no time":         {with(web + worker), []process.Imported{there("a"), there()}, nil},
		"nothing was imported":    {with(web + worker), nil, nil},
		"nothing is served":       {with("jobs: python jobs.py\n"), nil, nil},
		"another candidate":       {flask, []process.Imported{{Status: process.NoObject}, there("b")}, []string{"b"}},
		"the first of candidates": {flask, []process.Imported{there("a"), there("b")}, []string{"a"}},
		"no candidate can be used": {flask, []process.Imported{{Status: process.NoObject}, {Status: process.NoModule}},
			nil},
	} {
		found := installed.Found{Packages: map[string]string{"flask": "3", "gunicorn": "23"}}
		p, err := planned(t, c.files, nil).Settle(found)
		if err != nil {
			t.Fatal(err)
		}
		if got := process.Starts(p.Processes, p.Prove(c.results).Processes, c.results,
			p.Manage.Path); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
