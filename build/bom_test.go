package build

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

// softwareIn returns the package URLs in a document of CycloneDX without qualifiers, each with its evidence.
func (b *bench) softwareIn(name string) (found []string) {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.layers, name+".sbom.cdx.json"))
	b.must(err)
	var document struct {
		Components []struct {
			PURL       string
			Properties []struct{ Value string }
		}
	}
	b.must(json.Unmarshal(text, &document))
	for _, c := range document.Components {
		url, _, _ := strings.Cut(c.PURL, "?")
		found = append(found, url+" "+c.Properties[0].Value)
	}
	return found
}

// documents returns the texts of all documents, by their names.
func (b *bench) documents() map[string]string {
	b.t.Helper()
	files, err := filepath.Glob(filepath.Join(b.layers, "*.sbom.*"))
	b.must(err)
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		b.must(err)
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

// lockOf returns a package-lock.json. The fake npm makes it the lockfile in node_modules.
func lockOf(packages ...string) string {
	entries := map[string]map[string]string{}
	for _, p := range packages {
		name, version, _ := strings.Cut(p, " ")
		entries["node_modules/"+name] = map[string]string{"version": version, "license": "MIT"}
	}
	text, _ := json.Marshal(map[string]any{"packages": entries})
	return string(text)
}

// benchWithLock returns a bench whose npm keeps its lockfile in node_modules.
func benchWithLock(t *testing.T, files map[string]string) *bench {
	b := newBench(t, files)
	node := maps.Clone(fakeNode)
	node["bin/npm"] = strings.Replace(node["bin/npm"], "ln -sf ../..",
		"cp package-lock.json node_modules/.package-lock.json 2>/dev/null; ln -sf ../..", 1)
	b.replace("node", node)
	return b
}

func testBOM(t *testing.T, _ spec.G, it spec.S) {
	it("each layer, the image and the build have their documents", func() {
		b := benchWithLock(t, django())
		b.write(map[string]string{
			"package.json": scripts(`"build": "true"`), "package-lock.json": lockOf("vite 7.0.0", "@vue/shared 3.5.0"),
			"pyproject.toml": "[project]\nname = 'shop'\nversion = '2.0'\n",
		})
		b.must(os.WriteFile(filepath.Join(b.layers, "gone.sbom.cdx.json"), []byte("{}"), 0o644))
		var first map[string]string
		for round := range 3 { // the second build reuses all layers, and the third has no documents of an earlier one
			b.mustBuild()
			for name, want := range map[string][]string{
				"python": {"pkg:generic/python@3.13.1 installed"},
				"venv":   {"pkg:pypi/django@5.2 installed", "pkg:pypi/gunicorn@23.0 installed"},
				"launch": {"pkg:npm/%40vue/shared@3.5.0 possible", "pkg:npm/vite@7.0.0 possible"},
				"build": {
					"pkg:generic/node@24.1.0 installed", "pkg:github/astral-sh/uv@0.12.0 installed",
					"pkg:npm/%40vue/shared@3.5.0 installed", "pkg:npm/npm@11.6.0 installed",
					"pkg:npm/vite@7.0.0 installed",
				},
			} {
				if diff := cmp.Diff(want, b.softwareIn(name)); diff != "" {
					t.Errorf("build %d, %s (-want +got):\n%s", round, name, diff)
				}
			}
			documents := b.documents()
			if first == nil {
				first = documents
			}
			if diff := cmp.Diff(first, documents); diff != "" || len(first) != 12 {
				t.Errorf("build %d has %q (-want +got):\n%s", round, slices.Sorted(maps.Keys(documents)), diff)
			}
			if launch := documents["launch.sbom.spdx.json"]; !strings.Contains(launch, `"name":"shop"`) ||
				!strings.Contains(launch, `"versionInfo":"2.0"`) {
				t.Errorf("the app is not in the document: %.400s", launch)
			}
			if round == 1 {
				for name := range documents {
					b.must(os.Remove(filepath.Join(b.layers, name)))
				}
			}
		}
		b.write(map[string]string{"package-lock.json": lockOf("vite 7.0.0")})
		b.mustBuild()
		if got := b.softwareIn("launch"); !slices.Equal(got, []string{"pkg:npm/vite@7.0.0 possible"}) {
			t.Errorf("a package was removed from the lockfile, and the image has %q", got)
		}
	})

	it("source maps show which packages are in the assets", func() {
		b := benchWithLock(t, map[string]string{
			"manage.py": "", "requirements.txt": "django\n",
			"package.json": scripts(`"build": "mkdir -p dist static_root && cp map.json dist/a.js.map && echo ` +
				`>dist/a.js && cp dist/a.js static_root/a.js"`),
			"package-lock.json": lockOf("ms 2.1.3", "debug/node_modules/ms 2.0.0", "vite 7.0.0", "@vue/shared 3.5.0"),
			"map.json": `{"sources": ["../node_modules/ms/index.js", ` +
				`"../node_modules/debug/node_modules/ms/index.js", "../node_modules/@vue/shared/a.js"]}`,
		})
		for range 2 {
			b.mustBuild()
			want := []string{
				"pkg:npm/%40vue/shared@3.5.0 source-map", "pkg:npm/ms@2.0.0 source-map", "pkg:npm/ms@2.1.3 source-map",
			}
			if diff := cmp.Diff(want, b.softwareIn("launch")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if text := b.documents()["launch.sbom.cdx.json"]; !strings.Contains(text, b.app+"/dist/a.js.map") {
				t.Errorf("the place is missing: %s", text)
			}
		}
		b.write(map[string]string{"package.json": scripts(`"build": "mkdir -p dist && cp map.json dist/a.js.map && ` +
			`echo >dist/a.js && echo >dist/a.css"`)})
		b.mustBuild()
		if got := b.softwareIn("launch"); !slices.Contains(got, "pkg:npm/vite@7.0.0 possible") || len(got) != 4 {
			t.Errorf("with a style sheet that has no map: %q", got)
		}
	})

	it("packages of the image are in the document of their layer", func() {
		b := benchWithLock(t, map[string]string{
			"requirements.txt": "", "Procfile": "web: npx tool", "package.json": `{"dependencies": {"a": "1"}}`,
			"package-lock.json": lockOf("a 1.0.0"),
		})
		for range 2 {
			b.mustBuild()
			if got := b.softwareIn("app-node-modules"); !slices.Equal(got, []string{"pkg:npm/a@1.0.0 installed"}) {
				t.Errorf("got %q", got)
			}
			if got := b.softwareIn("node"); !slices.Equal(got, []string{"pkg:generic/node@24.1.0 installed"}) {
				t.Errorf("got %q", got)
			}
		}
	})

	it("a layer with a dot in its name is in the document of the image", func() {
		b := benchWithLock(t, map[string]string{
			"requirements.txt": "", "Procfile": "web: cd web.ui && npx tool",
			"web.ui/package.json":      `{"dependencies": {"a": "1"}}`,
			"web.ui/package-lock.json": lockOf("a 1.0.0"),
		})
		b.mustBuild()
		if got := b.softwareIn("launch"); !slices.Equal(got, []string{"pkg:npm/a@1.0.0 installed"}) {
			t.Errorf("got %q\n%s", got, &b.log)
		}
	})

	it("packages that a step installs are listed", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "",
			"bin/post_compile": "mkdir -p \"$VIRTUAL_ENV/lib/python3.13/site-packages/more-1.0.dist-info\"\n",
		})
		for range 2 {
			b.mustBuild()
			if got := b.softwareIn("venv"); !slices.Contains(got, "pkg:pypi/more@1.0 installed") {
				t.Errorf("got %q", got)
			}
		}
	})
}
