package integration

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// compiledPage uses packages that are compiled against a library.
const compiledPage = `import cairo
import ldap
import MySQLdb
import psycopg2
import xmlsec

def refused(connect):
    try:
        connect()
    except Exception as error:
        return type(error).__name__

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 3, 4)
    cairo.Context(surface).paint()
    key = xmlsec.Key.generate(xmlsec.constants.KeyDataHmac, 256, xmlsec.constants.KeyDataTypeSession)
    key.name = "shop"
    facts = [
        refused(lambda: psycopg2.connect(host="127.0.0.1", port=1)),
        refused(lambda: MySQLdb.connect(host="127.0.0.1", port=1)),
        refused(lambda: ldap.initialize("ldap://127.0.0.1:1").simple_bind_s()),
        surface.get_height(), key.name,
    ]
    return [" ".join(map(str, facts)).encode()]
`

// loadedPage uses packages that load a library when they run, and GeoDjango. A program of a Debian package reads the
// document that one of them writes.
const loadedPage = `import ctypes.util
import subprocess

import cairosvg
import magic
import psycopg
import pyvips
import weasyprint
from django.contrib.gis.gdal import OGRGeometry, SpatialReference
from django.contrib.gis.geos import Point
from django.http import HttpResponse
from django.urls import path
from pyzbar import pyzbar

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="3" height="4"/>'


def page(request):
    pdf = weasyprint.HTML(string="<p>Grüße</p>").write_pdf()
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode().strip()
    point = OGRGeometry("SRID=4326;POINT(8.4 49)")
    point.transform(3857)
    facts = [
        text, magic.from_buffer(cairosvg.svg2png(SVG), mime=True), pyvips.Image.black(3, 4).resize(2).height,
        psycopg.pq.__impl__, ctypes.util.find_library("pq"), pyzbar.decode((b"\0" * 12, 3, 4)),
        Point(8.4, 49).buffer(1).area > 3, SpatialReference(4326).name, round(point.x),
    ]
    return HttpResponse(" ".join(map(str, facts)), content_type="text/plain; charset=utf-8")


urlpatterns = [path("", page)]
`

// geoSettings are settings with GeoDjango, which name no path of a library.
const geoSettings = `import os

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.gis", "places"]
WSGI_APPLICATION = "wsgi.application"
DATABASES = {"default": {"ENGINE": "django.contrib.gis.db.backends.postgis", "NAME": "shop", "HOST": "db.example.com"}}
`

const geoWSGI = `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
application = get_wsgi_application()
`

const geoManage = `import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
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

// debianApp is an app whose libraries the images do not have, and what its build and its page say.
type debianApp struct {
	name  string
	files map[string]string
	env   map[string]string
	log   []string
	page  string
}

// debianApps returns the apps. Names of Debian packages stand in the first one's Aptfile because the archives of Python
// that tests make lack the C headers: Debian 12's are those of the same Python.
func debianApps() []debianApp {
	return []debianApp{
		{
			name: "compiled", page: "OperationalError OperationalError SERVER_DOWN 4 shop",
			files: map[string]string{
				"Aptfile": "libpython3.11-dev\n", "wsgi.py": compiledPage,
				"requirements.txt": "gunicorn==23.0.0\npsycopg2==2.9.11\nmysqlclient==2.2.7\npython-ldap==3.4.5\n" +
					"pycairo==1.28.0\nxmlsec==1.3.13\n",
			},
			env: map[string]string{"BP_PYTHON_VERSION": "3.11.11",
				"CPATH": "/layers/tandem_python-node/deb-build/root/usr/include/python3.11"},
			log: []string{"between machines): ", "psycopg2==2.9.11"},
		},
		{
			name: "loaded",
			page: "Grüße image/png 8 python libpq.so.5 [] True WGS 84 935084",
			files: map[string]string{
				"Aptfile": "poppler-utils\n", "manage.py": geoManage, "settings.py": geoSettings, "wsgi.py": geoWSGI,
				"urls.py": loadedPage, "places/__init__.py": "",
				"places/models.py": "from django.contrib.gis.db import models\n\n\nclass Place(models.Model):\n" +
					"    at = models.PointField(srid=4326)\n",
				"requirements.txt": "Django==5.2.8\ngunicorn==23.0.0\nweasyprint==66.0\npyvips==3.0.0\n" +
					"python-magic==0.4.27\n" +
					"cairosvg==2.8.2\npsycopg==3.2.12\npyzbar==0.1.9\n",
			},
			log: []string{"GeoDjango"},
		},
	}
}

// The images have none of the libraries. apt of the build image gets them from the image's own sources: those that the
// Aptfile names, and those that Python packages are known to need.
func TestDebianPackages(t *testing.T) {
	t.Parallel()
	spec.Run(t, "Debian packages", func(t *testing.T, _ spec.G, it spec.S) {
		for _, app := range debianApps() {
			it(app.name+" libraries are there in the build and in the container", func() { buildDebianApp(t, app) })
		}
	})
}

// buildDebianApp builds an app twice, and asks for its page in a container that cannot be written.
func buildDebianApp(t *testing.T, app debianApp) {
	t.Helper()
	needEngine(t)
	b := devenv.Build{Image: "tandem-test-debian-" + app.name, ClearCache: true, App: write(t, app.files), Env: app.env}
	contains(t, packBuild(t, b), append(app.log, "$ apt-get", "To leave them out"),
		[]string{"may not have", "neither image"})
	container, err := env.Run(t.Context(), b.Image, devenv.Start{
		Flags: []string{"--read-only", "--tmpfs", "/tmp", "--env", "SECRET_KEY=x"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := container.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	if page := get(t, container.URL); page != app.page {
		t.Errorf("the page is %q", page)
	}
	out, err := container.Exec(t.Context(), "find", "/layers", "-name", "*.h", "-path", "*/debian/*")
	if err != nil || out != "" {
		t.Errorf("headers in the image: %v\n%s", err, out)
	}
	b.ClearCache = false
	contains(t, packBuild(t, b), []string{"Debian packages of the image: unchanged"}, []string{"$ apt-get"})
}
