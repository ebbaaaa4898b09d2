package app

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func TestADirectoryIsNamed(t *testing.T) {
	for text, want := range map[string]bool{
		"cd web && x": true, "npm --prefix=web ci": true, "web": true, "cd web": true, "cd website; cat web/x": true,
		"website": false, "cd my-web": false, "": false,
	} {
		if got := namesDir(text, "web"); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
	root := &Node{Dir: ".", Scripts: map[string]string{"build": "cd web && npm run build"}}
	for name, c := range map[string]struct {
		app  App
		want bool
	}{
		"a process":           {App{Procfiles: Procfiles{Procfile: []Process{{Command: "cd web && x"}}}}, true},
		"a script":            {App{Node: []*Node{root}}, true},
		"a script of another": {App{Node: []*Node{{Dir: "other", Scripts: root.Scripts}}}, false},
		"nothing":             {App{}, false},
	} {
		if got := c.app.NamesDir("web"); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestFilesThatGitIgnores(t *testing.T) {
	many := strings.Repeat("x\n", limits.Patterns-1) + "dist/"
	for name, c := range map[string]struct {
		ignore string
		want   bool
	}{
		"a directory": {"dist/\n", true}, "another": {"build/\n", false}, "none": {"", false},
		"as many lines as there may be": {many, true}, "one more": {"x\n" + many, false},
	} {
		if got := newReader(files(".gitignore", c.ignore, "web/dist/a.js",
			"")).ignored("web/dist/a.js"); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	r := newReader(files("web/.gitignore", "/a.js\n", "web/a.js", "", "a.js", ""))
	if !r.ignored("web/a.js") || r.ignored("a.js") {
		t.Error("a .gitignore is about its own directory")
	}
}

func TestTheRootOnAnotherPlatform(t *testing.T) {
	for env, want := range map[string]string{
		`"PROJECT_PATH": "backend"`: "backend", `"APP_BASE": "backend/"`: "backend", `"PROJECT_PATH": "nowhere"`: "",
		`"PROJECT_PATH": "../x"`: "", `"OTHER": "backend"`: "",
	} {
		r := newReader(files("app.json", `{"env": {`+env+`}}`, "backend/manage.py", ""))
		if got := r.rootElsewhere().Dir; got != want {
			t.Errorf("%s: got %q", env, got)
		}
	}
	e := RootElsewhere{Dir: "backend"}
	if !e.Has("backend/a") || e.Has("other/a") || (RootElsewhere{}).Has("a") {
		t.Error("what is in the directory")
	}
	if e.order("backend/a", "b") != -1 || e.order("b", "backend/a") != 1 || e.order("a", "b") != 0 ||
		e.order("backend/a", "backend/b") != 0 {
		t.Error("what is in the directory comes first")
	}
}

func TestPathsOfBundlers(t *testing.T) {
	for text, want := range map[string]string{
		`path: path.resolve(__dirname, "dist", 'js')`: "dist/js", "path: join(__dirname, `out`),": "out",
		`path: other(__dirname, "dist")`: "none", `path: "x", output: resolve(__dirname, "dist")`: "none",
		`path: "dist"`:                        "none",
		`path: path.resolve(__dirname, name)`: "", `path: x(__dirname), path: resolve(__dirname, "dist")`: "dist",
		`path: ` + strings.Repeat("a", 12) + `resolve(__dirname, "dist")`: "dist",
		`path: ` + strings.Repeat("a", 13) + `resolve(__dirname, "dist")`: "none", `root: "x"`: "none", "": "none",
	} {
		got, found := resolved(text)
		if !found {
			got = "none"
		}
		if got != want {
			t.Errorf("%s: got %q", text, got)
		}
	}
	for text, want := range map[string]string{`"a" b`: "a", " 'a'": "a", "": "", "a": "", `"a`: "", "`a${b}`": ""} {
		if got, _ := literalOf(text); got != want {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

func TestConfigurationsThatNameAPackage(t *testing.T) {
	r := newReader(files("vite.config.js", "import sass from 'sass'\n", "webpack.config.js",
		"require(\"sass\"); require('less/x')\n",
		"other.config.js", "require('stylus')\n"))
	all := r.withConfigs(".",
		[]manager.Incomplete{{Needed: []manager.Need{{Package: "sass"}, {Package: "less"}, {Package: "stylus"}}}})
	if len(all) != 1 {
		t.Fatalf("got %+v", all)
	}
	for i, want := range []string{"vite.config.js", "webpack.config.js", ""} {
		if got := all[0].Needed[i].Config; got != want {
			t.Errorf("%s: got %q, want %q", all[0].Needed[i].Package, got, want)
		}
	}
}

func TestFrontEndsThatAreTooDeep(t *testing.T) {
	const builds, other = `{"scripts": {"build": "x"}}`, `{"scripts": {"test": "x"}}`
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"deep":                   {[]string{"a/b/c/d/package.json", builds}, "a/b/c/d"},
		"the first of two":       {[]string{"a/b/c/d/package.json", builds, "b/b/c/d/package.json", builds}, "a/b/c/d"},
		"not the first":          {[]string{"a/b/c/d/package.json", other, "b/b/c/d/package.json", builds}, "b/b/c/d"},
		"not too deep":           {[]string{"a/b/c/package.json", builds}, ""},
		"without a build script": {[]string{"a/b/c/d/package.json", other}, ""},
		"not JSON":               {[]string{"a/b/c/d/package.json", builds + "x"}, ""},
		"another file":           {[]string{"a/b/c/d/other.json", builds}, ""},
		"far too deep":           {[]string{"a/b/c/d/e/f/g/package.json", builds}, ""},
		"of a package":           {[]string{"a/b/node_modules/d/package.json", builds}, ""},
		"of an environment":      {[]string{"a/b/c/d/package.json", builds, "a/b/c/pyvenv.cfg", ""}, ""},
	} {
		if got := newReader(files(c.files...)).deepFrontEnd(nil); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	nodes := []*Node{{Dir: ".", Scripts: map[string]string{"build": "x"}}}
	if got := newReader(files("a/b/c/d/package.json", builds)).deepFrontEnd(nodes); got != "" {
		t.Errorf("there is another one: got %q", got)
	}
	many := []string{"z/b/c/d/package.json", builds}
	for i := range limits.Scripts {
		many = append(many, "a/b/c/d"+strings.Repeat("x", i)+"/package.json", other)
	}
	if got := newReader(files(many...)).deepFrontEnd(nil); got != "" {
		t.Errorf("one more than is read: got %q", got)
	}
	if got := newReader(files(many[:len(many)-2]...)).deepFrontEnd(nil); got != "z/b/c/d" {
		t.Errorf("as many as are read: got %q", got)
	}
}
