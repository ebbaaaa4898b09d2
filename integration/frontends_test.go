package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// servingSite is a Django project that serves the files of a directory dist by WhiteNoise.
func servingSite(files map[string]string) map[string]string {
	project := site("", map[string]string{"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\n"})
	project["mysite/settings.py"] = strings.Replace(project["mysite/settings.py"], `BASE_DIR / "static"`,
		`BASE_DIR / "dist"`, 1) + served
	return merged(project, files)
}

// What a build needs of Node.js is there, and what none needs is not.
func TestEvidenceForNode(t *testing.T) {
	t.Parallel()
	list := map[string]string{"app.json": `{"buildpacks": [{"url": "heroku/python"}]}`}
	lint := map[string]string{"package.json": `{"scripts": {"lint": "eslint ."}, "devDependencies": {"less": "4.3.0"}}`}
	buildSmall(t, []small{
		{name: "a build script and a list without Node.js",
			files: servingSite(merged(list, makes("build", "dist/main.js", "built"))),
			log:   []string{"app.json lists no buildpack for Node.js", "$ npm run build"},
			has:   map[string]string{"dist/main.js": "built"}, pages: map[string]string{"/static/main.js": "built"}},
		{name: "the same, without Node.js", files: site("", merged(list, makes("build", "dist/main.js", "built"))),
			env: map[string]string{"BP_NODE_PROJECT_PATH": "none"}, not: []string{"npm", "Node.js 2"},
			has: map[string]string{"-dist/main.js": ""}, pages: map[string]string{"/": "this is plain"}},
		{name: "devDependencies that nothing calls",
			files: site("", lint), log: []string{"Node.js is not used: package.json has no build script"},
			not: []string{"$ npm", "Node.js 2"}, pages: map[string]string{"/": "this is plain"}},
		{name: "devDependencies that django-pipeline calls",
			files: merged(assetSite, lessSite(lint)), log: []string{"Node.js is used: django-pipeline"},
			has: map[string]string{"staticfiles/main.css": "color: red"}},
	})
}

// theme is a front end in a package of Flask. Its build script writes a bundle of its source, and a manifest.
func theme(name string) map[string]string {
	dir := "App/themes/" + name
	return map[string]string{
		dir + "/package.json":   `{"scripts": {"build": "node make.js"}}`,
		dir + "/vite.config.js": `export default {build: {manifest: "manifest.json", outDir: "static"}}`,
		dir + "/main.js":        "first",
		dir + "/make.js": "const fs = require('fs')\nfs.mkdirSync('static', {recursive: true})\n" +
			"fs.copyFileSync('main.js', 'static/bundle.js')\n" +
			"fs.writeFileSync('static/manifest.json', '{\"main.js\": {\"file\": \"bundle.js\"}}')\n",
	}
}

// Two front ends in a Python package are built, again after a change, and both are served.
func TestSeveralFrontEndsOfOnePackage(t *testing.T) {
	t.Parallel()
	app := write(t, merged(merged(theme("admin"), theme("core")), map[string]string{
		"requirements.txt": "flask==3.1.2\ngunicorn==23.0.0\n", ".gitignore": "App/themes/*/static/\n",
		"App/__init__.py": "from flask import Flask\n\n\ndef create_app():\n" +
			"    return Flask(__name__, static_folder=\"themes\", static_url_path=\"/themes\")\n",
		"wsgi.py": "from App import create_app\n\napp = create_app()\n",
	}))
	p := warm(t)
	log := mustBuild(t, p, devenv.Build{App: app})
	contains(t, log, []string{"the projects are in App/themes/admin and App/themes/core"}, nil)
	visit(t, p, nil, map[string]string{
		"/themes/admin/static/bundle.js": "first", "/themes/core/static/bundle.js": "first",
		"/themes/core/static/manifest.json": "bundle.js",
	})
	if err := os.WriteFile(filepath.Join(app, "App/themes/core/main.js"), []byte("second"), 0o644); err != nil {
		t.Fatal(err)
	}
	mustBuild(t, p, devenv.Build{App: app}) // its layers are those of the first one's image
	for name, want := range map[string]string{"admin": "first", "core": "second"} {
		bundle, err := os.ReadFile(filepath.Join(p.Dir, "app/App/themes", name, "static/bundle.js"))
		if err != nil || string(bundle) != want {
			t.Errorf("%s: %v, got %q, want %q", name, err, bundle, want)
		}
	}
}
