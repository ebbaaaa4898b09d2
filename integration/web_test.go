package integration

import "testing"

// front is a front end whose script writes what the app serves, with Python's help.
var front = map[string]string{
	"package.json": `{"scripts": {"build": "mkdir -p static && python -c \"import sys; print('from', ` +
		`sys.implementation.name)\" >static/a.txt && node -p 1+1 >>static/a.txt"}}`,
}

// Apps of other frameworks than Django: the front end is built, the hook runs, and the server is started without a
// Procfile.
func TestOtherFrameworks(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"/": "hello", "/static/a.txt": "from cpython\n2\n"}
	buildSmall(t, []small{
		{
			name: "Starlette with hypercorn", files: merged(front, map[string]string{
				"requirements.txt": "starlette==0.46.2\nhypercorn==0.17.3\n",
				"main.py": "from starlette.applications import Starlette\n" +
					"from starlette.responses import PlainTextResponse\nfrom starlette.routing import Mount, Route\n" +
					"from starlette.staticfiles import StaticFiles\n\n" +
					"app = Starlette(routes=[Route(\"/\", lambda request: PlainTextResponse(\"hello\")), " +
					"Mount(\"/static\", StaticFiles(directory=\"static\"))])\n",
			}),
			log: []string{"web is hypercorn with main:app"}, pages: pages,
		},
		{
			name: "Pyramid", files: merged(front, map[string]string{
				"requirements.txt": "pyramid==2.0.2\nwaitress==3.0.2\nsetuptools==80.9.0\n",
				"wsgi.py": "from pyramid.config import Configurator\nfrom pyramid.response import Response\n" +
					"\nconfig = Configurator()\nconfig.add_route(\"index\", \"/\")\n" +
					"config.add_view(lambda request: Response(\"hello\"), route_name=\"index\")\n" +
					"config.add_static_view(\"static\", \"/\" + __file__.rsplit(\"/\", 1)[0].lstrip(\"/\") + " +
					"\"/static\")\napplication = config.make_wsgi_app()\n",
			}),
			log: []string{"web is waitress with wsgi:application"}, pages: pages,
		},
	})
}

// channelsASGI is an asgi.py as the documentation of channels has it.
const channelsASGI = `import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = ProtocolTypeRouter({"http": get_asgi_application()})
`

// Processes of Django: without a Procfile by what is installed; the number of workers is there for a Procfile's lines
// too.
func TestProcessesOfDjango(t *testing.T) {
	t.Parallel()
	asgi := map[string]string{"mysite/asgi.py": "import os\nfrom django.core.asgi import get_asgi_application\n" +
		"os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\napplication = get_asgi_application()\n"}
	plain := map[string]string{"/": "this is plain"}
	buildSmall(t, []small{
		{name: "uvicorn",
			files: site("backend/",
				map[string]string{"requirements.txt": "django==5.2.4\nuvicorn==0.34.3\n",
					"backend/mysite/asgi.py": asgi["mysite/asgi.py"]}),
			log: []string{"web is uvicorn with mysite.asgi:application",
				"migrate   python backend/manage.py migrate\n"}, pages: plain},
		{name: "daphne", // channels is for WebSockets, which gunicorn does not have
			files: site("", map[string]string{
				"mysite/asgi.py":   channelsASGI,
				"requirements.txt": "django==5.2.4\ndaphne==4.2.1\nchannels==4.2.2\ngunicorn==23.0.0\n",
			}),
			log: []string{"web is daphne with mysite.asgi:application"}, pages: plain},
		{name: "no server", files: site("", map[string]string{"requirements.txt": "django==5.2.4\n"}),
			log: []string{"no server is installed for mysite.wsgi:application"}, not: []string{"\n  web  "}},
		{
			name: "a Procfile",
			files: site("",
				map[string]string{"Procfile": "web: echo \"$WEB_CONCURRENCY workers\" >index.html && python -m " +
					"http.server $PORT\nmigrate: ./migrate.sh\n"}),
			run: map[string]string{"WEB_CONCURRENCY": "7"}, log: []string{"migrate   ./migrate.sh"},
			pages: map[string]string{"/index.html": "7 workers"},
		},
		{
			name: "a Procfile, workers by the machine",
			files: site("",
				map[string]string{"Procfile": "web: echo \"<$WEB_CONCURRENCY>\" | sed 's/<[1-9][0-9]*>/some " +
					"workers/' >index.html && python -m http.server $PORT\n"}),
			pages: map[string]string{"/index.html": "some workers"},
		},
	})
}
