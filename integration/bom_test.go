package integration

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/report"
)

// bundle is an app whose bundle has three npm packages: one with a scope, and one in two versions.
func bundle() map[string]string {
	return map[string]string{
		"requirements.txt": "flask==3.1.2\ngunicorn==23.0.0\n",
		"app.py":           "from flask import Flask\n\napp = Flask(__name__)\n",
		"package.json": `{"name": "bundle", "version": "1.2.3", "scripts": {
			"build": "esbuild src/main.js --bundle --minify --sourcemap --outfile=static/main.js"},
			"dependencies": {"@lukeed/uuid": "2.0.1", "ms": "2.1.3", "old-ms": "npm:ms@2.0.0"},
			"devDependencies": {"esbuild": "0.25.9", "less": "4.3.0"}}`,
		"src/main.js": "import {v4} from '@lukeed/uuid'\nimport ms from 'ms'\nimport old from 'old-ms'\n" +
			"console.log(v4(), ms('1d'), old('1d'))\n",
	}
}

// documents returns the bills of materials that the lifecycle has copied for the image and for the build, by their
// paths, and the package URLs that the validators of the formats read in them.
func documents(t *testing.T, p *devenv.Phases) (texts map[string]string, found map[string][]string) {
	t.Helper()
	dir := filepath.Join(filepath.Dir(p.Layers), "sbom")
	texts = map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, "/tandem_python-node/") {
			return err // the lifecycle has documents of its own
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, dir+"/")] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	check, err := filepath.Abs("testdata/bom/check.py")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "found.json")
	err = env.PythonTool(t.Context(), t.TempDir(), manager.UV, "uv", "run", "--quiet", "--no-project",
		"--with", "cyclonedx-python-lib[json-validation]==11.12.0", "--with", "spdx-tools==0.8.5",
		"python", check, dir, out)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		t.Fatal(err)
	}
	return texts, found
}

// without returns names without the qualifiers of package URLs.
func without(urls []string) (short []string) {
	for _, url := range urls {
		name, _, _ := strings.Cut(url, "?")
		short = append(short, name)
	}
	return short
}

// The image's document has the packages of the bundle and no others, although node_modules is not in the image. All
// documents are valid, three formats list the same, and a second build writes equal ones.
func TestBillOfMaterials(t *testing.T) {
	t.Parallel()
	p, app := warm(t), write(t, bundle())
	file, _ := timeline(t, p.Dir)
	mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{config.BuildReport: file}})
	text, err := os.ReadFile(file)
	if err == nil {
		err = valid(schemaOf(t, report.Build{}, "build-report.schema.json"), text)
	}
	if err != nil {
		t.Errorf("the report of the build: %v\n%s", err, text)
	}
	first, found := documents(t, p)
	const launch = "launch/tandem_python-node/"
	for name, want := range map[string][]string{
		launch: {"pkg:npm/%40lukeed/uuid@2.0.1", "pkg:npm/ms@2.0.0", "pkg:npm/ms@2.1.3"},
		launch + "venv/": {
			"pkg:pypi/blinker", "pkg:pypi/click", "pkg:pypi/flask", "pkg:pypi/gunicorn", "pkg:pypi/itsdangerous",
			"pkg:pypi/jinja2", "pkg:pypi/markupsafe", "pkg:pypi/packaging", "pkg:pypi/werkzeug",
		},
		launch + "python/": {"pkg:generic/python"},
	} {
		for _, format := range []string{"cdx", "spdx", "syft"} {
			got := without(found[name+"sbom."+format+".json"])
			if name != launch {
				for i, url := range got {
					got[i], _, _ = strings.Cut(url, "@")
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, format, diff)
			}
		}
	}
	for _, want := range []string{"pkg:npm/esbuild@0.25.9", "pkg:npm/less@4.3.0", "pkg:npm/npm@"} {
		built := found["build/tandem_python-node/sbom.cdx.json"]
		if !slices.ContainsFunc(built, func(url string) bool { return strings.HasPrefix(url, want) }) {
			t.Errorf("%s is not in the document of the build: %q", want, built)
		}
	}
	restore(t, p)
	mustBuild(t, p, devenv.Build{App: app})
	second, _ := documents(t, p)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the second build (-want +got):\n%s", diff)
	}
	if len(first) != 12 {
		t.Errorf("%d documents: %q", len(first), slices.Sorted(maps.Keys(first)))
	}
	changed := bundle()
	for name, text := range changed {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `"@lukeed/uuid": "2.0.1", `, ""), "v4(), ", "")
		text = strings.ReplaceAll(text, "import {v4} from '@lukeed/uuid'\n", "")
		if err := os.WriteFile(filepath.Join(app, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	restore(t, p)
	mustBuild(t, p, devenv.Build{App: app})
	third, found := documents(t, p)
	if got := found[launch+"sbom.cdx.json"]; !slices.Equal(got, []string{"pkg:npm/ms@2.0.0", "pkg:npm/ms@2.1.3"}) {
		t.Errorf("a package was removed, and the image has %q", got)
	}
	for name, text := range third {
		if strings.Contains(text, "lukeed") {
			t.Errorf("%s has a package that was removed", name)
		}
	}
}

// packagesOfPython prints what Python itself finds in the environment, as package URLs.
const packagesOfPython = "import importlib.metadata as m, re, sys; print(*sorted('pkg:pypi/' + " +
	"re.sub('[-_.]+', '-', d.metadata['Name']).lower() + '@' + d.version.replace('+', '%2B') " +
	"for d in m.distributions(path=[p for p in sys.path if p.startswith(sys.prefix)])))"

// checkSoftware downloads the bills of materials of an image as the guide says, and compares the document of the Python
// packages with what Python finds in a container. It returns the texts of Tandem's documents.
func checkSoftware(t *testing.T, image string) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../docs/guides/bill-of-materials.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "pack sbom download shop")
	line, _, _ := strings.Cut(rest, "\n")
	dir := t.TempDir()
	args := append([]string{"sbom", "download", image}, strings.Fields(strings.ReplaceAll(line, " sbom", " "+dir))...)
	if err := env.DownloadSBOM(t.Context(), args...); err != nil || !found {
		t.Fatal(err)
	}
	texts := map[string]string{}
	below := filepath.Join(dir, "layers/sbom/launch/tandem_python-node")
	err = filepath.WalkDir(below, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, below+"/")] = string(text)
		return err
	})
	var document struct{ Components []struct{ PURL string } }
	if err == nil {
		err = json.Unmarshal([]byte(texts["venv/sbom.cdx.json"]), &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, c := range document.Components {
		urls = append(urls, c.PURL)
	}
	want := strings.Fields(inside(t, image)("python", "-c", packagesOfPython))
	slices.Sort(urls)
	if diff := cmp.Diff(want, urls); diff != "" {
		t.Errorf("the Python packages of %s (-in the image +in the document):\n%s", image, diff)
	}
	return texts
}
