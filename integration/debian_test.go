package integration

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// debianPage imports a package that is compiled against a library, two that load one, and calls a program.
const debianPage = `import subprocess
import magic
import psycopg
import psycopg2

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        psycopg2.connect(host="127.0.0.1", port=1)
    except psycopg2.OperationalError as error:
        refused = "refused" in str(error)
    version = subprocess.run(["pdftotext", "-v"], capture_output=True, text=True).stderr
    kind = magic.from_buffer(b"%PDF-1.7", mime=True)
    return [f"{refused} {psycopg.pq.__impl__} {kind} {version}".encode()]
`

// get returns the text of a page. The server may not have started yet.
func get(t *testing.T, url string) string {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		text, err := getOnce(url)
		if err == nil {
			return text
		}
		if time.Since(begin) > 30*time.Second {
			t.Fatal(err)
		}
	}
}

func getOnce(url string) (string, error) {
	answer, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// The images have none of the libraries. apt of the build image gets them from the image's own sources: those that the
// Aptfile names, and those that Python packages are known to need.
func TestDebianPackages(t *testing.T) {
	t.Parallel()
	spec.Run(t, "Debian packages", func(t *testing.T, _ spec.G, it spec.S) {
		it("are there in the build and in the container", func() {
			needEngine(t)
			b := devenv.Build{Image: "tandem-test-debian", ClearCache: true,
				App: write(t, map[string]string{
					// The archives of Python that tests make lack the C headers; Debian 12's are those of the same Python.
					"Aptfile": "libpython3.11-dev\npoppler-utils\n", "wsgi.py": debianPage,
					"requirements.txt": "gunicorn==23.0.0\npsycopg2==2.9.11\npsycopg==3.2.12\npython-magic==0.4.27\n",
				}),
				Env: map[string]string{"BP_PYTHON_VERSION": "3.11.11",
					"CPATH": "/layers/tandem_python-node/deb-build/root/usr/include/python3.11"},
			}
			contains(t, packBuild(t, b), []string{"$ apt-get", "between machines): psycopg2==2.9.11",
				"and python-magic. To leave them out"}, []string{"may not have", "neither image"})
			container, err := env.Run(t.Context(), b.Image, devenv.Start{Flags: []string{"--read-only", "--tmpfs", "/tmp"}})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := container.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			if page := get(t, container.URL); !strings.HasPrefix(page, "True python application/pdf pdftotext version ") {
				t.Errorf("the page is %q", page)
			}
			out, err := container.Exec(t.Context(), "find", "/layers", "-name", "*.h", "-path", "*/debian/*")
			if err != nil || out != "" {
				t.Errorf("headers in the image: %v\n%s", err, out)
			}
			b.ClearCache = false
			contains(t, packBuild(t, b), []string{"Debian packages of the image: unchanged"}, []string{"$ apt-get"})
		})
	})
}
