package app

import (
	"strings"
	"testing"
)

func TestCallsNode(t *testing.T) {
	for command, want := range map[string]string{
		"node server.js":                                        "node",
		"exec node server.js":                                   "node",
		"cd ssr && npm start":                                   "npm",
		"cd ssr; NODE_ENV=production yarn start":                "yarn",
		"env -u A PORT=$PORT B=c pnpm start":                    "pnpm",
		"python manage.py migrate && npx serve":                 "npx",
		"(node a.js & gunicorn site.wsgi); wait":                "node",
		"node a.js & npm run b & node c.js":                     "node npm",
		"bash -c 'cd ssr && node server.js'":                    "node",
		`bash -lc "exec node server.js --port $PORT"`:           "node",
		"timeout -k 5 60 nice -n 5 node a.js":                   "node",
		"/usr/local/bin/node a.js":                              "node",
		"./node_modules/.bin/next start":                        "node",
		"exec ssr/node_modules/.bin/next start -p ${PORT:-80}":  "node",
		"gunicorn --env A=$(node -p 1) site.wsgi":               "node",
		"if [ -e a ]; then node a.js; else python a.py; fi":     "node",
		"tini -- node server.js":                                "node",
		"gunicorn site.wsgi":                                    "",
		"python manage.py node":                                 "",
		"echo npm start":                                        "",
		"gunicorn node.wsgi --chdir node":                       "",
		"python -c 'node a.js'":                                 "",
		"bash bin/start node":                                   "",
		"celery -A yarn worker -Q npm,node":                     "",
		"$NODE server.js":                                       "",
		"NODE_ENV=node python app.py":                           "",
		"unclosed 'node a.js":                                   "",
		"node-exporter --web.listen-address=:9100; mynode a.js": "",
	} {
		if got := strings.Join(CallsNode(command), " "); got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
}
