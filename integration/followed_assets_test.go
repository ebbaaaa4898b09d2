package integration

import (
	"slices"
	"strings"
	"testing"
)

// assetSite has the packages by which Django finds what a front end's build has made, and nothing that is built.
var assetSite = site("", map[string]string{
	"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\ndjango-webpack-loader==3.2.1\n" +
		"django-vite==3.1.0\ndjango-pipeline==4.1.0\ndjango-compressor==4.5.1\n"})

const (
	webpack = "INSTALLED_APPS += [\"webpack_loader\"]\n" +
		"WEBPACK_LOADER = {\"DEFAULT\": {\"STATS_FILE\": BASE_DIR / \"webpack-stats.json\"}}\n"
	stats = `require('fs').writeFileSync('webpack-stats.json', '{"status": "done", "publicPath": "/static/", ` +
		`"chunks": {"main": []}, "assets": {}}')`
	vite = "INSTALLED_APPS += [\"django_vite\"]\n" +
		"DJANGO_VITE = {\"default\": {\"manifest_path\": BASE_DIR / \"static/manifest.json\"}}\n"
	less = "INSTALLED_APPS += [\"pipeline\"]\nSTORAGES = {\"default\": {\"BACKEND\": " +
		"\"django.core.files.storage.FileSystemStorage\"}, \"staticfiles\": {\"BACKEND\": " +
		"\"pipeline.storage.PipelineManifestStorage\"}}\n" +
		"PIPELINE = {\"COMPILERS\": [\"pipeline.compilers.less.LessCompiler\"], \"CSS_COMPRESSOR\": " +
		"\"pipeline.compressors.NoopCompressor\", \"STYLESHEETS\": {\"main\": {\"source_filenames\": [\"a.less\"], " +
		"\"output_filename\": \"main.css\"}}}\n"
	served = "MIDDLEWARE = [\"django.middleware.security.SecurityMiddleware\", " +
		"\"whitenoise.middleware.WhiteNoiseMiddleware\"]\n"
)

// makes is a package.json whose script writes a file.
func makes(script, file, text string) map[string]string {
	return map[string]string{"package.json": `{"scripts": {"` + script + `": "node make.js"}}`,
		"make.js": "const fs = require('fs'), path = require('path')\nfs.mkdirSync(path.dirname('" + file +
			"'), {recursive: true})\nfs.writeFileSync('" + file + "', '" + text + "')\n"}
}

const viteManifest = `{"main.js": {"file": "assets/main.js", "src": "main.js", "isEntry": true}}`

func lessSite(more map[string]string) map[string]string {
	return merged(merged(withMore(less), map[string]string{"static/a.less": "a { b { color: red } }"}), more)
}

// Node.js itself, which this machine may have in /usr/bin, is left out.
var assetRows = []followed{
	{name: "webpack, a script of another name",
		files: merged(merged(shop(webpack,
			"        from webpack_loader.utils import get_files\n        get_files(\"main\")\n"),
			makes("bundle", "x", "")), map[string]string{"make.js": stats}),
		says: []string{"[django/manifest-missing]", "No build script of a package.json has run"},
		fix:  []act{given("BP_NODE_RUN_SCRIPTS=bundle")}, log: []string{"npm run bundle:"}},
	{name: "Vite, another place",
		files: merged(shop(vite,
			"        from django_vite.core.asset_loader import DjangoViteAssetLoader\n"+
				"        DjangoViteAssetLoader.instance().generate_vite_asset(\"main.js\")\n"), makes("build",
			"dist/manifest.json", viteManifest)),
		says: []string{"[django/manifest-missing]", "the build has run npm run build"},
		fix: []act{corrected("correct its path in the settings", "mysite/settings.py", "static/manifest.json",
			"dist/manifest.json")}},
	{name: "a tool that no package.json has", files: lessSite(nil),
		says: []string{"[django/tool-missing]", "The app has no package.json"},
		fix:  []act{ran("npm install --save-dev less")}, log: []string{"npm ci --include=dev"}},
	{name: "a tool of devDependencies",
		files: lessSite(map[string]string{"package.json": `{"devDependencies": {"less": "4.3.0"}}`}),
		env:   map[string]string{"NPM_CONFIG_PRODUCTION": "true"},
		says:  []string{"[django/tool-missing]", "less is in devDependencies of package.json"},
		fix:   []act{given("NPM_CONFIG_PRODUCTION=false")}},
	{name: "a tool of a folder that is not installed",
		files: lessSite(map[string]string{"tools/package.json": `{"devDependencies": {"less": "4.3.0"}}`}),
		says:  []string{"[django/tool-missing]", "less is in devDependencies of tools/package.json"},
		fix:   []act{given("BP_NODE_PROJECT_PATH=tools")}},
}

// What is shipped is checked, and what a warning says to do ends it.
var shippedRows = []followed{
	{name: "not hashed, and nothing serves", warns: true,
		says: []string{"static files keep their names", "nothing was found that serves the static files"}, fix: []act{
			appended("mysite/settings.py", whiteNoise),
			corrected("\"whitenoise.middleware.WhiteNoiseMiddleware\", …]", "mysite/settings.py", "SECRET_KEY =",
				served+"SECRET_KEY =")}},
	{name: "Vite's hidden folder", warns: true,
		files: merged(withMore(vite), makes("build", "static/.vite/manifest.json", viteManifest)),
		says:  []string{"django-vite needs static/manifest.json"},
		fix: []act{appended("mysite/settings.py",
			`DJANGO_VITE["default"]["manifest_path"] = BASE_DIR / "static/.vite/manifest.json"`)}},
	{name: "webpack, another place", warns: true,
		files: merged(withMore(webpack), makes("build", "out/webpack-stats.json", "{}")),
		says:  []string{"django-webpack-loader needs webpack-stats.json"},
		fix: []act{appended("mysite/settings.py",
			`WEBPACK_LOADER["DEFAULT"]["STATS_FILE"] = BASE_DIR / "out/webpack-stats.json"`)}},
	{name: "blocks that are not compressed", warns: true,
		files: merged(withMore("INSTALLED_APPS += [\"compressor\"]\nCOMPRESS_OFFLINE = True\n"+
			"STATICFILES_FINDERS = [\"django.contrib.staticfiles.finders.FileSystemFinder\", "+
			"\"compressor.finders.CompressorFinder\"]\n"+
			"TEMPLATES = [{\"BACKEND\": \"django.template.backends.django.DjangoTemplates\", \"DIRS\": [BASE_DIR / "+
			"\"templates\"], \"APP_DIRS\": True}]\n"),
			map[string]string{"templates/a.html": "{% load compress %}{% compress js %}<script>let a = 1</script>{% " +
				"endcompress %}"}),
		says: []string{"the blocks are not compressed"}, fix: []act{given("BP_DJANGO_COMMANDS_AFTER=compress")}},
	// a stand-in: the real one downloads a program
	{name: "Tailwind without Node.js", warns: true,
		files: merged(withMore("INSTALLED_APPS += [\"django_tailwind_cli\"]\n"), map[string]string{
			"static/a.txt": "a",
			"django_tailwind_cli/management/commands/tailwind.py": "import os\nfrom django.core.management.base " +
				"import BaseCommand\nclass Command(BaseCommand):\n    def add_arguments(self, parser):\n" +
				"        parser.add_argument(\"what\")\n" +
				"    def handle(self, **options):\n        os.makedirs(\"static/css\")\n" +
				"        open(\"static/css/tailwind.css\", \"w\").close()\n",
		}), says: []string{"django-tailwind-cli needs static/css/tailwind.css"},
		fix: []act{given("BP_DJANGO_COMMANDS_BEFORE=\"tailwind build\"")}},
	{name: "hidden folders", warns: true, files: map[string]string{"static/.well-known/a.txt": "a"},
		says: []string{"collectstatic has skipped static/.well-known"}, fix: []act{
			appended("mysite/apps.py",
				"from django.contrib.staticfiles.apps import StaticFilesConfig\n\n"+
					"class StaticFiles(StaticFilesConfig):\n    ignore_patterns = [\"CVS\", \"*~\"]"),
			corrected(`"mysite.apps.StaticFiles" for "django.contrib.staticfiles" into INSTALLED_APPS`,
				"mysite/settings.py", `"django.contrib.staticfiles"`, `"mysite.apps.StaticFiles"`)}},
	{name: "a folder that nobody makes", warns: true,
		files: merged(changed("[BASE_DIR / \"static\"]", "[BASE_DIR / \"static\", BASE_DIR / \"dist\"]"),
			makes("bundle", "dist/a.js", "")),
		says: []string{"STATICFILES_DIRS names dist"},
		fix: []act{set("No build script of a package.json has run; BP_NODE_RUN_SCRIPTS names one",
			"BP_NODE_RUN_SCRIPTS", "bundle")}},
	{name: "collectstatic that is left out", warns: true, files: withMore(strings.TrimSuffix(whiteNoise, "\n") + "\n"),
		env:  map[string]string{"DISABLE_COLLECTSTATIC": "1"},
		says: []string{"which collectstatic writes"},
		fix:  []act{set("Let collectstatic run", "DISABLE_COLLECTSTATIC", "")}},
}

func TestWhoFollowsTheErrorsGetsAGreenBuildAssets(t *testing.T) {
	follow(t, assetSite, slices.Concat(assetRows, shippedRows))
}
