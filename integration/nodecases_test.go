package integration

import "testing"

// icons is a script that draws an image with sharp, and imaged a front end that bundles with esbuild and calls it.
const (
	icons = `require("sharp")({ create: { width: 1, height: 1, channels: 3, background: "red" } ` +
		`}).png().toFile("dist/icon.png")`
	imaged = `{"name": "shop", "private": true, "packageManager": "npm@12.2.2", "engines": {"node": "24"}, ` +
		`"scripts": {"build": "esbuild main.js --outfile=dist/main.js && node icons.js"}, ` +
		`"devDependencies": {"esbuild": "0.25.0", "sharp": "0.33.0"}}`
)

// What managers of their time do is in the page's assets, and in the log what they leave out.
func TestFrontEndsOfNewManagers(t *testing.T) {
	t.Parallel()
	buildSmall(t, []small{
		{name: "npm 12, install scripts that are not allowed",
			files: servingSite(map[string]string{"package.json": imaged, "icons.js": icons,
				"main.js": "document.title = 'npm 12'"}),
			log: []string{"npm 12.2.2, from packageManager in package.json",
				"npm has not run the install scripts of esbuild and sharp",
				"npm install-scripts approve esbuild sharp"},
			has:   map[string]string{"dist/icon.png": "PNG"},
			pages: map[string]string{"/": "this is plain", "/static/main.js": "npm 12"}},
		{name: "bun",
			files: servingSite(map[string]string{"main.js": "document.title = 'by bun'",
				"package.json": `{"name": "shop", "packageManager": "bun@1.3.0", "scripts": {"build": "esbuild ` +
					`main.js --outfile=dist/main.js"}, ` +
					`"devDependencies": {"esbuild": "0.25.0"}, "trustedDependencies": ["esbuild"]}`}),
			log:   []string{"bun 1.3.0, from packageManager in package.json", "$ bun run build"},
			pages: map[string]string{"/": "this is plain", "/static/main.js": "by bun"}},
		{name: "an install script that builds in production",
			files: servingSite(map[string]string{
				"package.json": `{"name": "shop", "scripts": {"postinstall": "sh build_if_prod.sh"}, ` +
					`"devDependencies": {"esbuild": "0.25.0"}}`,
				"main.js": "document.title = 'built'",
				"build_if_prod.sh": "[ \"$NODE_ENV\" = production ] || exit 0\n" +
					"node_modules/.bin/esbuild main.js --outfile=dist/main.js\n"}),
			pages: map[string]string{"/": "this is plain", "/static/main.js": "built"}},
		{name: "devDependencies in the image",
			files: servingSite(map[string]string{"Procfile": "web: gunicorn mysite.wsgi\nssr: node server.js\n",
				"server.js": server,
				"package.json": `{"name": "ssr", "scripts": {"build": "mkdir -p dist && echo ssr >dist/main.js"}, ` +
					`"devDependencies": {"is-odd": "3.0.1"}}`}),
			env:   map[string]string{"BP_NODE_MODULES_LAUNCH": "all"},
			log:   []string{"node_modules is in the image, with devDependencies: BP_NODE_MODULES_LAUNCH=all"},
			not:   []string{"npm prune"},
			pages: map[string]string{"/": "this is plain", "/static/main.js": "ssr"}},
	})
}
