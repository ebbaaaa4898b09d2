package app

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// What earlier buildpacks leave, as it was seen in real runs.
func TestOthers(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("x"), Mode: 0o755}
	link := func(target string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
	}
	heroku := fstest.MapFS{
		"layers/heroku_python/python/bin/python3": file, "layers/heroku_python/venv/bin/python3": file,
		"layers/heroku_python/venv/pyvenv.cfg":                             &fstest.MapFile{Data: []byte("home = /layers/heroku_python/python/bin\nversion = 3.13.1\n")},
		"layers/heroku_python/venv/lib/python3.13/site-packages/django.py": file,
		"layers/heroku_nodejs/dist/bin/node":                               file,
		"workspace/node_modules/.bin/vite":                                 file, "usr/bin/python3": file,
		"usr/bin/node": file, "workspace/node_modules/.bin/node": file,
	}
	paketo := fstest.MapFS{
		"layers/paketo-buildpacks_cpython/cpython/bin/python3":                                 file,
		"layers/paketo-buildpacks_pip-install/packages/lib/python3.11/site-packages/django.py": file,
		"layers/paketo-buildpacks_node-engine/node/bin/node":                                   file,
		"workspace/web/node_modules":                                                           link("/tmp/node_modules"), "tmp/node_modules/vite": file,
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		env   map[string]string
		want  Others
	}{
		"Heroku's": {heroku, map[string]string{
			"PATH": "/layers/heroku_python/venv/bin:/layers/heroku_python/python/bin:/workspace/node_modules/.bin:/layers/heroku_nodejs/dist/bin:/usr/bin",
		}, Others{
			Python:   &Runtime{Buildpack: "heroku/python", Dir: "/layers/heroku_python/python"},
			Node:     &Runtime{Buildpack: "heroku/nodejs", Dir: "/layers/heroku_nodejs/dist"},
			Packages: &Packages{"heroku/python", "/layers/heroku_python/venv/lib/python3.13/site-packages"},
			Modules:  []string{"."},
		}},
		"the build image's are nobody's": {heroku, map[string]string{"PATH": "/usr/bin"}, Others{}},
		"the build image's come first": {heroku, map[string]string{"PATH": "/usr/bin:/layers/heroku_nodejs/dist/bin"},
			Others{}},
		"a node_modules that came with the source": {heroku,
			map[string]string{"PATH": "/layers/heroku_nodejs/dist/bin"},
			Others{Node: &Runtime{Buildpack: "heroku/nodejs", Dir: "/layers/heroku_nodejs/dist"}}},
		"Paketo's, whose processes look for bytecode elsewhere": {fstest.MapFS{
			"layers/x_y/cpython/bin/python3": file, "layers/x_y/cpython/env.launch/PYTHONPYCACHEPREFIX.default": file,
		}, map[string]string{"PATH": "/layers/x_y/cpython/bin"},
			Others{Python: &Runtime{Buildpack: "x/y", Dir: "/layers/x_y/cpython", Elsewhere: true}}},
		"bytecode elsewhere in the build alone": {fstest.MapFS{
			"layers/x_y/cpython/bin/python3": file, "layers/x_y/cpython/env.build/PYTHONPYCACHEPREFIX.default": file,
		}, map[string]string{"PATH": "/layers/x_y/cpython/bin"},
			Others{Python: &Runtime{Buildpack: "x/y", Dir: "/layers/x_y/cpython"}}},
		"links within the app": {fstest.MapFS{"layers/x_y/node/bin/node": file,
			"workspace/web/node_modules": link("../node_modules"),
			"workspace/api/node_modules": link("/workspace/node_modules"),
		}, map[string]string{"PATH": "/layers/x_y/node/bin"},
			Others{Node: &Runtime{Buildpack: "x/y", Dir: "/layers/x_y/node"}}},
		"an environment without packages": {fstest.MapFS{"layers/x_y/python/bin/python3": file,
			"layers/x_y/venv/bin/python3": file,
			"layers/x_y/venv/pyvenv.cfg":  &fstest.MapFile{Data: []byte("home = /layers/x_y/python/bin\n")},
		}, map[string]string{"PATH": "/layers/x_y/venv/bin"},
			Others{Python: &Runtime{Buildpack: "x/y", Dir: "/layers/x_y/python"}}},
		"Python alone": {paketo,
			map[string]string{"PATH": "/layers/paketo-buildpacks_cpython/cpython/bin",
				"PYTHONPATH": "/layers/paketo-buildpacks_cpython/cpython"},
			Others{Python: &Runtime{Buildpack: "paketo-buildpacks/cpython",
				Dir: "/layers/paketo-buildpacks_cpython/cpython"}}},
		"Paketo's": {paketo, map[string]string{
			"PATH":       "/layers/paketo-buildpacks_cpython/cpython/bin:/layers/paketo-buildpacks_node-engine/node/bin",
			"PYTHONPATH": "/layers/paketo-buildpacks_pip-install/packages/lib/python3.11/site-packages:/layers/paketo-buildpacks_cpython/cpython",
		}, Others{
			Python: &Runtime{Buildpack: "paketo-buildpacks/cpython",
				Dir: "/layers/paketo-buildpacks_cpython/cpython"},
			Node: &Runtime{Buildpack: "paketo-buildpacks/node-engine",
				Dir: "/layers/paketo-buildpacks_node-engine/node"},
			Packages: &Packages{"paketo-buildpacks/pip-install",
				"/layers/paketo-buildpacks_pip-install/packages/lib/python3.11/site-packages"},
			Modules: []string{"web"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Place{c.files, "/layers", "/workspace", c.env}.Others([]string{"web", "api"})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Packages that an earlier buildpack has installed are no leftovers of a laptop, and what is missing of them is seen.
func TestPackagesOfOthers(t *testing.T) {
	fsys := fstest.MapFS{
		"requirements.txt": {},
		"package.json": {Data: []byte(`{"devDependencies": {"vite": "1", "sass": "1", "@types/x": ` +
			`"1"}}`)},
		"node_modules/vite/package.json": {}, "web/node_modules/x/package.json": {},
	}
	a := Read(fsys, Requested{Others: Others{Modules: []string{"."}}})
	if diff := cmp.Diff([]Path{"web/node_modules"}, a.Uploaded); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"@types/x", "sass"}, a.Others.Pruned); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
