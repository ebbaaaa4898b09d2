package app

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestOutputsOfFrontEnds(t *testing.T) {
	const script = `{"scripts": {"build": "vite build"}}`
	for name, c := range map[string]struct {
		pkg   string
		files map[string]string
		want  Output
	}{
		"the default": {script, nil, Output{Dir: "web/dist"}},
		"one of two":  {script, map[string]string{"web/dist/a.js": ""}, Output{Dir: "web/dist"}},
		"no script":   {`{"scripts": {"dev": "vite"}}`, nil, Output{}},
		"Vite's outDir": {script, map[string]string{"web/vite.config.ts": "build: {outDir: '../out'}"},
			Output{Dir: "out", Known: true}},
		"Vite's root": {script, map[string]string{"web/vite.config.js": `root: "src", build: {outDir: "../out"}`},
			Output{Dir: "web/out", Known: true}},
		"computed": {script,
			map[string]string{"web/vite.config.js": "outDir: `${x}/out`", "web/dist/manifest.json": ""}, Output{}},
		"not outDir": {script, map[string]string{"web/vite.config.js": "myoutDir: 'x'"}, Output{Dir: "web/dist"}},
		"webpack": {
			script, map[string]string{"web/webpack.config.js": "output: {path: path.resolve(__dirname, '..', \"out\")}"},
			Output{Dir: "out", Known: true},
		},
		"webpack, computed": {
			script, map[string]string{"web/webpack.common.js": "path: path.join(__dirname, 'x', out)"}, Output{},
		},
		"an option": {`{"scripts": {"build": "esbuild --outdir=../out a.js"}}`, nil,
			Output{Dir: "out", Known: true}},
		"an option, a file": {`{"scripts": {"build": "tailwindcss -i a.css -o css/a.css"}}`, nil,
			Output{Dir: "web/css", Known: true}},
		"an option, quoted": {`{"scripts": {"build": "webpack --output-path 'out'"}}`, nil,
			Output{Dir: "web/out", Known: true}},
		"an option that ends": {`{"scripts": {"build": "esbuild a.js --outdir"}}`, nil, Output{Dir: "web/dist"}},
		"an option, computed": {`{"scripts": {"build": "esbuild --outdir=$OUT a.js"}}`, nil, Output{Dir: "web/dist"}},
		"an option alone": {`{"scripts": {"build": "esbuild --outdir --minify a.js"}}`, nil,
			Output{Dir: "web/dist"}},
		"an option, and a copy": {`{"scripts": {"build": "esbuild --outdir=../out a.js && cp -R ../out ../dist"}}`, nil,
			Output{Dir: "out"}},
		"outside": {`{"scripts": {"build": "esbuild --outdir=../../out a.js"}}`, nil, Output{}},
		"itself":  {`{"scripts": {"build": "esbuild --outfile=a.js b.js"}}`, nil, Output{}},
		"a manifest": {
			script, map[string]string{"web/dist/.vite/manifest.json": ""}, Output{Dir: "web/dist", Committed: true},
		},
		"a directory":  {script, map[string]string{"web/dist/manifest.json/x": ""}, Output{Dir: "web/dist"}},
		"of a package": {script, map[string]string{"web/dist/node_modules/a.3f2a91bc.js": ""}, Output{Dir: "web/dist"}},
		"a hash": {script, map[string]string{"web/dist/x/a.3f2a91bc.css": ""},
			Output{Dir: "web/dist", Committed: true}},
		"ignored at the root": {
			script, map[string]string{"web/dist/manifest.json": "", ".gitignore": "# x\nweb/dist/\n"},
			Output{Dir: "web/dist"},
		},
		"ignored next to it": {
			script, map[string]string{"web/dist/manifest.json": "", "web/.gitignore": "/dist\n"},
			Output{Dir: "web/dist"},
		},
		"ignored within it": {
			script, map[string]string{"web/dist/manifest.json": "", "web/dist/.gitignore": "*\n"},
			Output{Dir: "web/dist"},
		},
		"not ignored": {
			script, map[string]string{"web/dist/manifest.json": "", ".gitignore": "/dist\n*.pyc\n"},
			Output{Dir: "web/dist", Committed: true},
		},
		"in a package": {script, map[string]string{"web/__init__.py": ""}, Output{Dir: "web/dist", InPackage: true}},
		"in another package": {
			script, map[string]string{"web/vite.config.js": "outDir: '../shop/static'", "shop/__init__.py": ""},
			Output{Dir: "shop/static", Known: true, InPackage: true},
		},
		"the root is none": {script, map[string]string{"__init__.py": ""}, Output{Dir: "web/dist"}},
	} {
		app := fstest.MapFS{"web/package.json": {Data: []byte(c.pkg)}}
		for name, text := range c.files {
			app[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := Read(app, Requested{}).Node[0].Output; got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestNamesWithAHash(t *testing.T) {
	for name, want := range map[string]bool{
		"main.3f2a91bc.js": true, "main-Bf83kQ1a.js": true, "chunk-2d0c8e1b.css": true,
		"a.0f1e2d3c4b5a6978.min.js": true,
		"main.js":                   false, "jquery-3.7.1.min.js": false, "my-dashboard.js": false,
		"3f2a91bc.js": false, "main.3f2a91bc.txt": false,
		"bootstrap-20240101.js": false, ".js": false, "main-a1b2c3d.js": true, "main-a1b2c3.js": false,
		"main-" + strings.Repeat("a1", 32) + ".js": true, "main-" + strings.Repeat("a1", 32) + "b.js": false,
	} {
		if got := Hashed(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestConfigurationsThatNothingCalls(t *testing.T) {
	for name, c := range map[string]struct{ file, pkg, want string }{
		"gulp":           {"gulpfile.js", `{"devDependencies": {"gulp": "5"}}`, "gulp"},
		"Grunt":          {"Gruntfile.coffee", `{"devDependencies": {"grunt-cli": "1"}}`, "grunt"},
		"webpack":        {"webpack.config.js", `{"dependencies": {"webpack": "5"}}`, "webpack"},
		"rollup":         {"rollup.config.mjs", `{"devDependencies": {"rollup": "4"}}`, "rollup"},
		"called":         {"gulpfile.js", `{"devDependencies": {"gulp": "5"}, "scripts": {"x": "a && gulp css"}}`, ""},
		"no dependency":  {"vite.config.ts", `{"devDependencies": {"vitest": "3"}}`, ""},
		"another config": {"vite.env.js", `{"devDependencies": {"vite": "7"}}`, ""},
	} {
		app := fstest.MapFS{"package.json": {Data: []byte(c.pkg)}, c.file: {}}
		got := Read(app, Requested{}).Node[0].Bundlers
		if (c.want == "") != (len(got) == 0) || len(got) > 0 && got[0] != (Bundler{c.file, c.want}) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
