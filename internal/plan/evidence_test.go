package plan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

func TestEntriesOfBuildpackLists(t *testing.T) {
	for entry, want := range map[string]string{
		"heroku/nodejs": forNode, "https://github.com/heroku/heroku-buildpack-nodejs.git#v83": forNode,
		"https://github.com/heroku/heroku-buildpack-python/archive/v1.tar.gz": forPython,
		"urn:cnb:registry:paketo-buildpacks/python":                           forPython,
		"docker://docker.io/heroku/buildpack-python@sha256:0":                 forPython, "python": forPython,
		"https://github.com/moneymeets/python-poetry-buildpack.git":                       forPython,
		"https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz": "",
		"https://github.com/python-people/heroku-buildpack-x":                             "",
	} {
		if got, _, _ := lookup(entry); got != want {
			t.Errorf("%s: got %q, want %q", entry, got, want)
		}
	}
	if _, text,
		known := lookup("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz"); !known ||
		text == "" {
		t.Error("apt is not known")
	}
	if _, _, known := lookup("https://github.com/x/heroku-buildpack-frobnicate.git"); known {
		t.Error("the name of a host is taken for that of a buildpack")
	}
}

// Packages of a package.json are needed if something that may use them is in the app or in the image.
func TestEvidenceThatNodeIsNeeded(t *testing.T) {
	const packages = `{"dependencies": {"a": "1"}}`
	for name, c := range map[string]struct {
		pkg, procfile, variable string
		want                    bool
	}{
		"nothing":                 {packages, "", "", false},
		"a variable":              {packages, "", config.NodeLaunch, true},
		"another variable":        {packages, "", config.NodeModulesLaunch, true},
		"a process":               {packages, "web: node a.js\n", "", true},
		"a variable, no packages": {`{"devDependencies": {"a": "1"}}`, "", config.NodeLaunch, false},
		"a process, no packages":  {"{}", "web: node a.js\n", "", false},
	} {
		vars := map[string]string{config.SecretKeyPlaceholder: "true", config.PythonInstaller: "uv"}
		if c.variable != "" {
			vars[c.variable] = "true"
		}
		files := fstest.MapFS{"requirements.txt": {}, "package.json": {Data: []byte(c.pkg)}}
		if c.procfile != "" {
			files["Procfile"] = &fstest.MapFile{Data: []byte(c.procfile)}
		}
		conf, a, err := readApp(files, vars)
		if err != nil {
			t.Fatal(err)
		}
		if got := evidenceOf(a, conf, a.Node[0]); got.needed != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// A list of buildpacks with Python's alone is a reason not to use Node.js only if there is something to use it for.
func TestBuildpacksWithoutNode(t *testing.T) {
	lists := []app.Evidence{{File: "app.json", Buildpacks: []string{"heroku/python"}}}
	both := []app.Evidence{{File: "app.json", Buildpacks: []string{"heroku/python", "heroku/nodejs"}}}
	for name, c := range map[string]struct {
		a    app.App
		want bool
	}{
		"Python's alone":  {app.App{Platforms: app.Platforms{Evidence: lists}, Node: []*app.Node{{}}}, true},
		"no package.json": {app.App{Platforms: app.Platforms{Evidence: lists}}, false},
		"both":            {app.App{Platforms: app.Platforms{Evidence: both}, Node: []*app.Node{{}}}, false},
		"no list":         {app.App{Node: []*app.Node{{}}}, false},
	} {
		if got := withoutNode(c.a); strings.HasPrefix(got, "app.json lists") != c.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
