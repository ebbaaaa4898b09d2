package software

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// filesOf returns a file system with files.
func filesOf(files map[string]string) fs.FS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// lines returns components as bom.Merge sorts them, as text.
func lines(found []bom.Component) (all []string) {
	for _, c := range bom.Merge(found) {
		all = append(all, c.Text())
	}
	return all
}

func TestDistributionsOfPython(t *testing.T) {
	found, err := Python(filesOf(map[string]string{
		"site/Foo_Bar.baz-1.0.dist-info/METADATA": "Name: x\nLicense-Expression: MIT OR Apache-2.0\n\nLicense: no\n",
		"site/old-2-py3.13.egg-info/PKG-INFO": "License: GPL\n  v2 or later\nClassifier: License :: OSI " +
			"Approved\n",
		"site/with-dash-1.0.egg-info/x": "",
		"site/unknown-1.dist-info/METADATA": "License: UNKNOWN\r\nClassifier: License :: OSI Approved :: " +
			"BSD License\r\n",
		"site/description-1.dist-info/METADATA":    "Name: x\n\nLicense: MIT\n",
		"site/nothing-1.dist-info/RECORD":          "",
		"site/dir-1.dist-info/METADATA/is-no-file": "",
		"site/odd-1.dist-info/METADATA":            "License: \xff\x00\x1b[31m " + strings.Repeat("é", 300) + "\n",
		"site/long-1.dist-info/METADATA":           "X: " + strings.Repeat("a", maxHeader) + "\nLicense: MIT\n",
		"site/broken-info/x":                       "",
		"site/pkg/x":                               "",
		"elsewhere/site/other-1.dist-info/x":       "",
		"site/a b@c-1+local%.dist-info/METADATA":   "License:MIT\n",
		"site/noversion.dist-info/METADATA":        "License: MIT\n",
		"site/v-1.dist-info/licenses/LICENSE":      "MIT",
		"site/classifier-1.dist-info/METADATA":     "Classifier: License :: OSI Approved :: MIT License\n",
		"site/first-1.dist-info/METADATA": "Classifier: License :: A\nClassifier: License :: B\n" +
			"Classifier: Other\n",
		"site/both-1.dist-info/METADATA":              "License: A\nLicense-Expression: ISC\n",
		"site/\xff-1.dist-info/METADATA":              "",
		"site/x.y.z-2.dist-info/METADATA":             "License: a\tb\n",
		"site/x.y.z-2.dist-info/../../../etc/passwd":  "",
		"site/zip-1.dist-info/METADATA.gz":            "",
		"site/evil-1.dist-info/METADATA":              "License: pkg:npm/x@1 license=y\n",
		"site/empty-1.dist-info/METADATA":             "",
		"site/blank-1.dist-info/METADATA":             "License:    \n",
		"site/colonless-1.dist-info/METADATA":         "License MIT\nLicense: MIT\n",
		"site/upper-1.dist-info/METADATA":             "LICENSE: MIT\n",
		"site/folded-1.dist-info/METADATA":            "License: MIT License\n\tCopyright\n        more\nX: y\n",
		"site/expression-1.dist-info/METADATA":        "License-Expression: LicenseRef-own\n",
		"site/newline-1.dist-info/METADATA":           "License: a\u2028b\n",
		"site/dotted.name-1.0.post1.dist-info/RECORD": "",
	}), "site")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"pkg:pypi/%EF%BF%BD@1",
		"pkg:pypi/a%20b%40c@1%2Blocal%25 license=MIT",
		"pkg:pypi/blank@1",
		"pkg:pypi/both@1 license=ISC",
		"pkg:pypi/classifier@1 license=MIT+License",
		"pkg:pypi/colonless@1 license=MIT",
		"pkg:pypi/description@1",
		"pkg:pypi/dir@1",
		"pkg:pypi/dotted-name@1.0.post1",
		"pkg:pypi/empty@1",
		"pkg:pypi/evil@1 license=pkg%3Anpm%2Fx%401+license%3Dy",
		"pkg:pypi/expression@1 license=LicenseRef-own",
		"pkg:pypi/first@1 license=A",
		"pkg:pypi/folded@1 license=MIT+License",
		"pkg:pypi/foo-bar-baz@1.0 license=MIT+OR+Apache-2.0",
		"pkg:pypi/long@1",
		"pkg:pypi/newline@1 license=a+b",
		"pkg:pypi/nothing@1",
		"pkg:pypi/odd@1 license=" + "%EF%BF%BD%5B31m+" + strings.Repeat("%C3%A9", 96) + "%E2%80%A6",
		"pkg:pypi/old@2 license=GPL",
		"pkg:pypi/unknown@1 license=BSD+License",
		"pkg:pypi/upper@1 license=MIT",
		"pkg:pypi/v@1",
		"pkg:pypi/with-dash@1.0",
		"pkg:pypi/x-y-z@2 license=a+b",
		"pkg:pypi/zip@1",
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A link must not show what is outside, and a pipe must not be waited for.
func TestLinksAreNotFollowed(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "METADATA")
	info := filepath.Join(dir, "a-1.dist-info")
	for _, err := range []error{
		os.MkdirAll(info, 0o755), os.WriteFile(outside, []byte("License: outside\n"), 0o644),
		os.Symlink(outside, filepath.Join(info, "METADATA")),
		os.MkdirAll(filepath.Join(dir, "node_modules"), 0o755),
		os.Symlink(filepath.Dir(outside), filepath.Join(dir, "node_modules", "linked")),
		os.WriteFile(filepath.Join(filepath.Dir(outside), "package.json"), []byte(`{"name":"l","version":"1"}`), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := Python(os.DirFS(dir), ".")
	if diff := cmp.Diff([]string{"pkg:pypi/a@1"}, lines(found)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if found := Node(os.DirFS(dir), []string{"node_modules"}); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestPackagesOfNPM(t *testing.T) {
	found := Node(filesOf(map[string]string{
		"web/node_modules/.package-lock.json": `{"packages": {
			"node_modules/vite": {"version": "7.0.0", "license": "MIT", "dev": true},
			"node_modules/@vue/shared": {"version": "3.5.0", "license": {"type": "ISC"}},
			"node_modules/ms": {"version": "2.1.3", "licenses": [{"type": "MIT"}, "Apache-2.0"]},
			"node_modules/debug/node_modules/ms": {"version": "2.0.0"},
			"node_modules/alias": {"name": "real", "version": "1.0.0", "license": 5},
			"node_modules/own": {"resolved": "packages/own", "link": true},
			"packages/own": {"version": "9"},
			"packages/own/node_modules/deep": {"version": "1"},
			"node_modules/../../x/node_modules/outside": {"version": "1"},
			"node_modules/without-version": {}
		}}`,
		"web/node_modules/not-listed/package.json": `{"name": "not-listed", "version": "1"}`,
	}), []string{"web/node_modules", "absent/node_modules"})
	want := []string{
		"pkg:npm/%40vue/shared@3.5.0 license=ISC&place=web%2Fnode_modules%2F%40vue%2Fshared",
		"pkg:npm/deep@1 place=web%2Fpackages%2Fown%2Fnode_modules%2Fdeep",
		"pkg:npm/ms@2.0.0 place=web%2Fnode_modules%2Fdebug%2Fnode_modules%2Fms",
		"pkg:npm/ms@2.1.3 license=MIT+OR+Apache-2.0&place=web%2Fnode_modules%2Fms",
		"pkg:npm/real@1.0.0 place=web%2Fnode_modules%2Falias",
		"pkg:npm/vite@7.0.0 license=MIT&place=web%2Fnode_modules%2Fvite",
	}
	if diff := cmp.Diff(want, lines(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Other package managers write no such file, and a damaged one is not used.
func TestPackagesAreReadOneByOne(t *testing.T) {
	pkg := func(name, version string) string { return `{"name": "` + name + `", "version": "` + version + `"}` }
	found := Node(filesOf(map[string]string{
		"node_modules/.package-lock.json":                          `{"packages": [`,
		"node_modules/a/package.json":                              pkg("a", "1"),
		"node_modules/a/lib/package.json":                          pkg("not-installed", "1"),
		"node_modules/a/node_modules/b/package.json":               pkg("b", "1"),
		"node_modules/b/package.json":                              pkg("b", "2"),
		"node_modules/@s/c/package.json":                           pkg("@s/c", "1"),
		"node_modules/@s/file":                                     "",
		"node_modules/.bin/d/package.json":                         pkg("d", "1"),
		"node_modules/.pnpm/e@1/node_modules/e/package.json":       pkg("e", "1"),
		"node_modules/.pnpm/@s+f@1/node_modules/@s/f/package.json": pkg("@s/f", "1"),
		"node_modules/broken/package.json":                         "{",
		"node_modules/number/package.json":                         `{"name": "number", "version": 1}`,
		"node_modules/large/package.json": pkg("large",
			strings.Repeat("1", 5<<20)),
		"node_modules/no-version/package.json":                                     `{"name": "no-version"}`,
		"node_modules/" + strings.Repeat("x/node_modules/", 80) + "y/package.json": pkg("too-deep", "1"),
	}), []string{"node_modules"})
	var names []string
	for _, c := range bom.Merge(found) {
		names = append(names, c.PURL)
	}
	want := []string{
		"pkg:npm/%40s/c@1", "pkg:npm/%40s/f@1", "pkg:npm/a@1", "pkg:npm/b@1", "pkg:npm/b@2", "pkg:npm/e@1",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
