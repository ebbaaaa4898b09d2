package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testServedDirs(t *testing.T, _ spec.G, it spec.S) {
	says := func(b *bench, want ...string) {
		t.Helper()
		for _, text := range want {
			if !strings.Contains(b.log.String(), text) {
				t.Errorf("the log does not say %q:\n%s", text, &b.log)
			}
		}
	}
	it("a directory that the code serves is missing, and the build has written another one", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "fastapi\n", "Dockerfile": "COPY --from=web /app/web/out /app/web/dist\n",
			"main.py": "app.mount('/', StaticFiles(directory='web/dist'))\nJinja2Templates('templates')\n",
			"web/package.json": `{"scripts": {"build": "mkdir -p out/assets other && echo x >out/main.js && echo ` +
				`>out/assets/a.css && echo >other/a.js"}}`,
			"templates/a.html": "", "Procfile": "web: true\n",
		})
		b.mustBuild()
		says(b, "main.py, line 1, needs web/dist, which does not exist. The build has run npm run build in web",
			"The build has written web/out, which nothing reads. To copy it, in bin/post_compile:",
			"mkdir -p web/dist", "cp -R web/out/. web/dist")
		if n := strings.Count(b.log.String(), "Warning: "); n != 1 {
			t.Errorf("%d warnings:\n%s", n, &b.log)
		}
	})
	it("served files without a hash in their names", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "flask\n", "shop/main.py": "app = Flask(__name__, static_folder='../dist')\n",
			"package.json": `{"scripts": {"build": "mkdir dist && touch dist/main.js dist/main.3f2a91bc.css ` +
				`dist/index.html"}}`,
		})
		b.mustBuild()
		says(b, "served files keep their names when their contents change: dist/main.js. All files")
	})
	it("WHITENOISE_ROOT, and packages that are collected as a whole", func() {
		b := newBench(t, map[string]string{
			"manage.py": "", "requirements.txt": "django\n",
			"package.json": `{"scripts": {"build": "mkdir -p public static_root/x node_modules/@a/big && touch ` +
				`public/main.js static_root/x/a.js && cd node_modules/@a/big && touch $(seq 1100)"}, "dependencies": ` +
				`{"a": "1"}}`,
			"static_root/a.css": "",
		})
		b.replace("uv", settingsOf(`printf '{"StaticRoot": "%s/static_root", "StaticDirs": ["%s/node_modules"], "StaticPrefixes": [""], "Staticfiles": true, ' "$PWD" "$PWD"
printf '"LocalStatic": true, "Hashed": true, "StaticServer": "MIDDLEWARE", "WhitenoiseRoot": "%s/dist"}\n' "$PWD"; exit`))
		b.mustBuild()
		says(b, "WHITENOISE_ROOT needs dist, which does not exist. The build has run npm run build",
			"cp -R public/. dist", "collectstatic has copied 110", "files of node_modules", "@a/big")
	})
}
