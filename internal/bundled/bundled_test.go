package bundled

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// installed has one package twice, a scoped one, and one of pnpm.
func installed() []bom.Component {
	at := func(purl, dir string) bom.Component {
		return bom.Component{PURL: "pkg:npm/" + purl, License: "MIT", Evidence: bom.Installed, Places: []string{dir}}
	}
	return []bom.Component{
		at("%40vue/shared@3.5.0", "web/node_modules/@vue/shared"), at("ms@2.1.3", "web/node_modules/ms"),
		at("ms@2.0.0", "web/node_modules/debug/node_modules/ms"), at("debug@2.6.9", "web/node_modules/debug"),
		at("webpack@5.0.0", "web/node_modules/webpack"), at("babel-loader@10.0.0", "web/node_modules/babel-loader"),
		at("react@19.0.0", "web/node_modules/.pnpm/react@19.0.0/node_modules/react"),
	}
}

// find searches files. Those of the source begin with "source/".
func findIn(files map[string]string) (packages []string, whole bool) {
	fsys := fstest.MapFS{}
	began := time.Now()
	for name, text := range files {
		file := &fstest.MapFile{Data: []byte(text), ModTime: began.Add(time.Second)}
		if rest, isSource := strings.CutPrefix(name, "source/"); isSource {
			name, file.ModTime = rest, began
		}
		fsys[name] = file
	}
	found := Search{
		FS: fsys, Root: "/workspace", Installed: installed(), Skip: []string{"static_root"},
		Written: func(info fs.FileInfo) bool { return info.ModTime().After(began) },
	}.Find()
	for _, c := range found.Packages {
		_, name, version := c.Name()
		packages = append(packages, fmt.Sprintf("%s %s %s %s", name, version, c.Evidence, strings.Join(c.Places, ",")))
	}
	return packages, found.Whole
}

func TestPackagesInAssets(t *testing.T) {
	const vite = `{"version":3,"sources":["../../node_modules/@vue/shared/dist/a.js","../../src/main.js",null],"mappings":""}`
	inline := "data:application/json;charset=utf-8;base64," +
		base64.StdEncoding.EncodeToString([]byte(`{"sources":["webpack://shop/./node_modules/ms/index.js"]}`))
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
		whole bool
	}{
		"nothing":       {nil, nil, false},
		"without a map": {map[string]string{"web/dist/a.js": "x", "web/dist/a.js.map": "broken"}, nil, false},
		"of Vite": {
			map[string]string{"web/dist/assets/a.js": "x", "web/dist/assets/a.js.map": vite},
			[]string{"@vue/shared 3.5.0 source-map web/dist/assets/a.js.map"}, true,
		},
		"one of two versions": {
			map[string]string{
				"static/a.js":     "x",
				"static/a.js.map": `{"sources":["webpack:///./node_modules/debug/node_modules/ms/index.js?1234"]}`,
			},
			[]string{"ms 2.0.0 source-map static/a.js.map"}, true,
		},
		"relative to a root": {
			map[string]string{
				"web/a.css":     "x",
				"web/a.css.map": `{"sourceRoot":"./src","sources":["../node_modules/ms/a.css"]}`,
			},
			[]string{"ms 2.1.3 source-map web/a.css.map"}, true,
		},
		"of an unknown directory": {
			map[string]string{
				"a.js":     "x",
				"a.js.map": `{"sources":["/somewhere/else/node_modules/ms/../../../etc/passwd"]}`,
			},
			[]string{"ms 2.1.3 source-map a.js.map"}, true,
		},
		"of no known version": {
			map[string]string{
				"a.js":     "x",
				"a.js.map": `{"sources":["node_modules/x/node_modules/ms/a.js","node_modules/react/a.js"]}`,
			},
			[]string{"ms 2.0.0 source-map a.js.map", "ms 2.1.3 source-map a.js.map",
				"react 19.0.0 source-map a.js.map"}, true,
		},
		"of pnpm": {
			map[string]string{
				"a.js":     "x",
				"a.js.map": `{"sources":["web/node_modules/.pnpm/react@19.0.0/node_modules/react/index.js"]}`,
			},
			[]string{"react 19.0.0 source-map a.js.map"}, true,
		},
		"in sections": {
			map[string]string{
				"a.js":     "x",
				"a.js.map": ")]}'\n" + `{"sections":[{"map":{"sources":["node_modules/ms/a.js"]}}]}`,
			},
			[]string{"ms 2.1.3 source-map a.js.map"}, true,
		},
		"in the asset": {
			map[string]string{"a.js": "x\n//# sourceMappingURL=" + inline + "\n"},
			[]string{"ms 2.1.3 source-map a.js"}, true,
		},
		"that an asset names": {
			map[string]string{
				"js/a.js":    "x\n//# sourceMappingURL=../maps/b.map",
				"maps/b.map": `{"sources":["own.js"]}`,
			},
			nil, true,
		},
		"a style sheet without a map": {
			map[string]string{"a.js": "x", "a.js.map": vite, "a.css": "/*# sourceMappingURL=none.map */"},
			[]string{"@vue/shared 3.5.0 source-map a.js.map"}, false,
		},
		"of the source, of packages and of copies": {
			map[string]string{
				"a.js": "x", "a.js.map": `{"sources":["own.js"]}`, "source/old.js": "x", "source/old.js.map": vite,
				"web/node_modules/x/b.js": "x", "web/node_modules/x/b.js.map": vite, "static_root/a.js": "y",
			}, nil, true,
		},
		"webpack's statistics": {
			map[string]string{
				"static/main.js": "x", "stats.json": `{"assets":[{"name":"main.js"}],"modules":[
				{"identifier":"/workspace/web/node_modules/babel-loader/lib/index.js!/workspace/web/src/a.js","nameForCondition":"/workspace/web/src/a.js"},
				{"nameForCondition":null,"modules":[{"nameForCondition":"/workspace/web/node_modules/ms/index.js"}]}]}`,
			}, []string{"ms 2.1.3 bundler-report stats.json"}, true,
		},
		"esbuild's metafile": {
			map[string]string{
				"web/out/a.js": "x", "web/metafile.json": `{"outputs":{"out/a.js":{"inputs":{
				"node_modules/ms/index.js":{"bytesInOutput":10},"node_modules/debug/a.js":{"bytesInOutput":0}}}}}`,
			}, []string{"ms 2.1.3 bundler-report web/metafile.json"}, true,
		},
		"other files of these names": {
			map[string]string{
				"a.js":               "x",
				"webpack-stats.json": `{"status":"done","chunks":{"main":["a.js"]}}`,
				"x/stats.json":       "[]",
				"meta.json":          "{",
				"y.map":              `{"sources":5}`,
			},
			nil, false,
		},
		"odd paths": {
			map[string]string{
				"a.js":     "x",
				"a.js.map": `{"sources":["node_modules/","node_modules/@vue","node_modules/@/x","node_modules/.bin/x","../../../../node_modules/../ms/x","\u0000node_modules/","webpack://","://node_modules/ms/x","%zz/node_modules/debug/x","C:\\web\\node_modules\\ms\\a.js"]}`,
			},
			[]string{"debug 2.6.9 source-map a.js.map", "ms 2.1.3 source-map a.js.map"}, true,
		},
	} {
		packages, whole := findIn(c.files)
		if diff := cmp.Diff(c.want, packages); diff != "" || whole != c.whole {
			t.Errorf("%s: whole: %v (-want +got):\n%s", name, whole, diff)
		}
	}
}

// A large map is no evidence, and costs nothing but its size.
func TestLargeMapsAreNotRead(t *testing.T) {
	large := `{"sources":["node_modules/ms/a.js"],"sourcesContent":["` + strings.Repeat("x", 17<<20) + `"]}`
	packages, whole := findIn(map[string]string{"a.js": "x", "a.js.map": large})
	if packages != nil || whole {
		t.Errorf("found %v, whole: %v", packages, whole)
	}
	files := map[string]string{}
	for i := range 6 {
		name := fmt.Sprintf("%d.js", i)
		files[name], files[name+".map"] = "x", large[:len(large)-(2<<20)-3]+`"]}`
	}
	if packages, whole := findIn(files); len(packages) != 1 || whole {
		t.Errorf("with more than all files may have: %v, whole: %v", packages, whole)
	}
}

// Deep and odd JSON ends in an error, not in a crash.
func TestHostileMaps(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 1<<20), `{"sections":` + strings.Repeat(`[{"map":`, 1<<16), "\xff\xfe", "null", "5", `""`,
		`{"sources":null}`,
		`{"modules":` + strings.Repeat(`[{"modules":`, 1<<16), `{"outputs":[]}`,
	} {
		packages, whole := findIn(map[string]string{
			"a.js": "//# sourceMappingURL=data:application/json;base64,%%%", "a.js.map": text, "stats.json": text,
		})
		if packages != nil || whole {
			t.Errorf("%.30q: found %v, whole: %v", text, packages, whole)
		}
	}
}
