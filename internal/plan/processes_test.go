package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/note"
)

// Before the installation it is open which server there is, and whether Django is.
func TestProcessesHaveConditionsBeforeTheInstallation(t *testing.T) {
	django := map[string]string{"requirements.txt": "", "manage.py": whole["manage.py"],
		"x/wsgi.py": "application = get_wsgi_application()\n"}
	withProcfile := map[string]string{"Procfile": "web: gunicorn -c /app/conf.py x\n"}
	for name, text := range django {
		withProcfile[name] = text
	}
	flask := map[string]string{"requirements.txt": "",
		"shop/main.py": "def create_app():\n    return Flask(__name__)\n"}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
		notes int // about processes
	}{
		"Django": {django, []string{
			"web gunicorn [gunicorn is installed]", "web granian [granian is installed, and not gunicorn]",
			"web waitress-serve [waitress is installed, and not gunicorn or granian]",
			"migrate python [Django is installed]"}, 0},
		"a Procfile": {withProcfile, []string{"web -c []", "migrate python [Django is installed]"}, 1},
		"a factory": {flask, []string{"web gunicorn [gunicorn is installed]",
			"web granian [granian is installed, and not gunicorn]",
			"web waitress-serve [waitress is installed, and not gunicorn or granian]",
			"web uvicorn [uvicorn is installed, and not gunicorn or granian or waitress]",
			"web hypercorn [hypercorn is installed, and not gunicorn or granian or waitress or uvicorn]"}, 0},
		"nothing": {map[string]string{"requirements.txt": ""}, nil, 1},
	} {
		p := planned(t, c.files, nil)
		var got []string
		for _, process := range p.Processes {
			got = append(got, fmt.Sprintf("%s %s [%s]", process.Type, strings.Fields(process.Command)[1], process.If))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if notes := append(p.Noted(Finish, note.Hint), p.Noted(Finish, note.Warning)...); len(notes) != c.notes {
			t.Errorf("%s: %+v", name, notes)
		}
	}
}
