package integration

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// tailwindStandIn is a package with the name of django-tailwind-cli, whose command writes what the real one downloads.
var tailwindStandIn = map[string]string{
	"standin/pyproject.toml": "[project]\nname = \"django-tailwind-cli\"\nversion = \"4.8.1\"\n\n[build-system]\n" +
		"requires = [\"setuptools==80.9.0\"]\nbuild-backend = \"setuptools.build_meta\"\n" +
		"\n[tool.setuptools]\npackages = [\"django_tailwind_cli\", \"django_tailwind_cli.management\", " +
		"\"django_tailwind_cli.management.commands\"]\n",
	"standin/django_tailwind_cli/__init__.py":                     "",
	"standin/django_tailwind_cli/management/__init__.py":          "",
	"standin/django_tailwind_cli/management/commands/__init__.py": "",
	"standin/django_tailwind_cli/management/commands/tailwind.py": "import os, pathlib\nfrom " +
		"django.core.management.base import BaseCommand\n\n\nclass Command(BaseCommand):\n" +
		"    def add_arguments(self, parser):\n        parser.add_argument(\"what\")\n\n" +
		"    def handle(self, **options):\n" +
		"        program = pathlib.Path(\".django_tailwind_cli/tailwindcss-1\")\n" +
		"        program.parent.mkdir(exist_ok=True)\n" +
		"        if not program.exists():\n            print(\"downloads Tailwind\")\n" +
		"            program.write_bytes(bytes(12_000_000))\n" +
		"        os.umask(0o077)\n        os.makedirs(\"static/css\", exist_ok=True)\n" +
		"        pathlib.Path(\"static/css/tailwind.css\").write_text(\"a { color: red }\")\n",
}

// What a clone lacks and what steps overlook is said, what they write can be read, and what only a build needs is cached.
func TestAssetsOfADjangoAppAsItIs(t *testing.T) {
	t.Parallel()
	files := planned(t, "compilemessages", nil)
	lacking := planned(t, "lfs-and-submodule", nil)
	settings := files["mysite/settings.py"] +
		"STATICFILES_DIRS = [BASE_DIR / \"static\", BASE_DIR / \"node_modules\"]\n" +
		"WHITENOISE_ROOT = BASE_DIR / \"dist\"\nINSTALLED_APPS += [\"django_tailwind_cli\"]\n"
	app := write(t, merged(merged(files, tailwindStandIn), map[string]string{
		"mysite/settings.py": settings, ".gitmodules": lacking[".gitmodules"],
		"static/logo.svg":  lacking["static/logo.svg"],
		"requirements.txt": files["requirements.txt"] + "./standin\n",
		"package.json": `{"private": true, "scripts": {"build": "mkdir -p public node_modules/big && echo built ` +
			`>public/main.js && cd node_modules/big && touch $(seq 1100)"}, "dependencies": {"is-number": "7.0.0"}}`,
		"bin/post_compile": files["bin/post_compile"] + "\"${PATH##*:}/msgfmt\" --check-format -o ours.mo " +
			"locale/de/LC_MESSAGES/django.po\nno-such-program || true\n",
	}))
	environment := map[string]string{
		"BP_DJANGO_COMMANDS_BEFORE":    "compilemessages; tailwind build",
		"BP_DJANGO_COLLECTSTATIC_ARGS": "--ignore *.svg",
	}
	p := warm(t)
	log := mustBuild(t, p, devenv.Build{App: app, Env: environment})
	contains(t, log, []string{
		"downloads Tailwind", "pointers of Git LFS, and not the files: static/logo.svg",
		"submodules are missing or empty: vendor/ui",
		"$ python manage.py collectstatic --noinput --ignore '*.svg'",
		"WHITENOISE_ROOT needs dist, which does not exist",
		"cp -R public/. dist", "files of node_modules", "bin/post_compile has succeeded, but printed: ",
		"Made readable for the user of a container: static/css (was 0700), static/css/tailwind.css (was 0600)",
	}, []string{"Programs that a step has written are in the image"})
	for name, want := range map[string]bool{
		"locale/de/LC_MESSAGES/django.mo": true, "ours.mo": true, ".django_tailwind_cli": false,
		"staticfiles/logo.svg": false,
	} {
		if _, err := os.Lstat(filepath.Join(p.Dir, "app", name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	visit(t, p, nil, map[string]string{"/": "hello", "/static/css/tailwind.css": "color: red"})
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
	contains(t, mustBuild(t, p, devenv.Build{App: app, Env: environment}), []string{"manage.py tailwind"},
		[]string{"downloads Tailwind"})
}

// A file that keeps its name and its length is served as it is now, and a warning says why browsers may not notice.
func TestStaticFilesOfFlaskWithoutAHash(t *testing.T) {
	t.Parallel()
	app := write(t, planned(t, "flask-static-unhashed", nil))
	p := warm(t)
	for _, text := range []string{"v1", "v2"} {
		file := filepath.Join(app, "src/main.js")
		if err := os.WriteFile(file, []byte("document.title = '"+text+"';\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		log := mustBuild(t, p, devenv.Build{App: app})
		contains(t, log, []string{"served files keep their names when their contents change: dist/main.js."}, nil)
		visit(t, p, nil, map[string]string{"/": "/dist/main.js", "/dist/main.js": text})
		if err := p.Restore(); err != nil {
			t.Fatal(err)
		}
	}
}

// A process trusts the certificates of a binding that only its container has.
func TestCertificatesOfAContainer(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "the company answers")
	}))
	t.Cleanup(server.Close)
	app := write(t, map[string]string{
		"requirements.txt": "", "Procfile": "web: python server.py\n",
		"server.py": strings.Join([]string{
			"import http.server, os, urllib.request", "", "",
			"class Page(http.server.BaseHTTPRequestHandler):", "    def do_GET(self):", "        try:",
			"            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))",
			"            text = direct.open(os.environ['COMPANY']).read()",
			"        except Exception as error:", "            text = str(error).encode()",
			"        self.send_response(200)", "        self.end_headers()", "        self.wfile.write(text)", "", "",
			"http.server.HTTPServer(('', int(os.environ['PORT'])), Page).serve_forever()", "",
		}, "\n"),
	})
	p := warm(t)
	mustBuild(t, p, devenv.Build{App: app})
	bindings := filepath.Join(p.Dir, "trusted")
	t.Cleanup(func() { os.RemoveAll(bindings) })
	if err := os.MkdirAll(filepath.Join(bindings, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for name, data := range map[string][]byte{"type": []byte("ca-certificates"), "company.pem": certificate} {
		if err := os.WriteFile(filepath.Join(bindings, "ca", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for root, want := range map[string]string{
		bindings: "the company answers", filepath.Join(p.Dir, "nothing"): "CERTIFICATE_VERIFY_FAILED",
	} {
		visit(t, p, map[string]string{"COMPANY": server.URL, "SERVICE_BINDING_ROOT": root},
			map[string]string{"/": want})
	}
}
