package app

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestFoldersThatPythonServes(t *testing.T) {
	for source, want := range map[string]string{
		`app.mount("/", StaticFiles(directory="web/dist", html=True))`:          "web/dist",
		`StaticFiles(directory=BASE / "web" / "dist")`:                          "web/dist",
		`StaticFiles(directory=Path(__file__).parent / "dist")`:                 "dist",
		`staticfiles.StaticFiles("dist")`:                                       "dist",
		`templates = Jinja2Templates("templates")`:                              "templates",
		`Flask(__name__, static_folder="../dist", template_folder='templates')`: "../dist templates",
		`bp = Blueprint("a", __name__, static_folder="dist")`:                   "dist",
		`def page():\n    return send_from_directory("dist", "index.html")`:     "dist",
		`send_from_directory(directory="dist", path=name)`:                      "dist",
		`send_from_directory(app.config["X"], "index.html")`:                    "",
		`StaticFiles(packages=["shop"])`:                                        "",
		`StaticFiles(directory="/srv/dist")`:                                    "",
		`StaticFiles(directory=f"{BASE}/dist")`:                                 "", // computed
		`if os.path.isdir("dist"):\n    app.mount("/", StaticFiles("dist"))`:    "",
		`Flask(__name__, static_url_path="/dist")`:                              "",
		`Other(directory="dist")`:                                               "",
		`StaticFiles(directory=os.path.join(BASE, "web", "dist"))`:              "",
	} {
		var got []string
		for _, f := range callsIn(strings.ReplaceAll(source, `\n`, "\n")).Served {
			got = append(got, f.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
}

func TestWhereAFolderMayBe(t *testing.T) {
	fsys := fstest.MapFS{"requirements.txt": {Data: []byte("Flask==3.1.2\n")},
		"src/shop/app.py": {Data: []byte("\napp = Flask(__name__, static_folder=\"../dist\")\n")}}
	want := []ServedDir{{Call{"src/shop/app.py", 2, "../dist"}, []string{"src/dist", "dist"}, false}}
	if diff := cmp.Diff(want, Read(fsys, Requested{}).Calls.Served); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	fsys["requirements.txt"].Data = []byte("django\n")
	if got := Read(fsys, Requested{}).Calls.Served; got != nil {
		t.Errorf("without a framework that serves directories: %v", got)
	}
}

func TestCopiesOfADockerfile(t *testing.T) {
	a := read(files("Dockerfile",
		"FROM node AS web\nCOPY . .\nCOPY --from=web --chown=a /app/frontend/dist/ ./backend/static/\nCOPY a b c\n"))
	if got := fmt.Sprint(a.Copies); got != "[{. .} {/app/frontend/dist backend/static}]" {
		t.Errorf("got %s", got)
	}
	a = read(files("backend/requirements.txt", "gunicorn\n", "backend/main.py", "app = Flask(__name__)\n",
		"backend/Dockerfile", "FROM python\nCOPY backend .\n", "frontend/package.json", `{"scripts": {"build": "x"}}`,
		"frontend/Dockerfile", "FROM nginx\nCOPY dist /www\n", "docs/Dockerfile", "FROM nginx\nCOPY c d\n"))
	if got := fmt.Sprint(a.Copies); got != "[{dist /www} {backend .}]" {
		t.Errorf("got %s", got)
	}
}
