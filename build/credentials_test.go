package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"
)

func testCredentials(t *testing.T, when spec.G, it spec.S) {
	// Registry credentials reach only what installs the packages of their language, and lie nowhere afterwards.
	it("only the installation of a language gets its credentials", func() {
		b := newBench(t, django())
		b.write(map[string]string{
			".npmrc": "//npm.example.com/:_authToken=${NPM_TOKEN}\n",
			"package.json": `{"packageManager": "pnpm@9.9.9", "scripts": {"build": "true", "heroku-prebuild": ` +
				`"true"}, "dependencies": {"a": "1"}}`,
			"pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "bin/pre_compile": record,
		})
		b.must(os.Remove(filepath.Join(b.app, "package-lock.json")))
		b.bindings = libcnb.Bindings{
			{Type: "npmrc", Secret: map[string]string{".npmrc": "secret-n", "NPM_TOKEN": "secret-t"}},
			{Type: "pip",
				Secret: map[string]string{"pip.conf": "[global]\nindex-url = " +
					"https://me:secret-p@pypi.example.com/simple\nno-such = secret-o\n"}},
			{Type: "uv", Secret: map[string]string{"UV_INDEX_X_PASSWORD": "secret-u"}},
		}
		b.says("  python | The installation gets the bindings of type pip, uv",
			"  node   | The installation gets the bindings of type npmrc")
		const npmrc, token, index, password = "npm_config_userconfig", "NPM_TOKEN", "UV_DEFAULT_INDEX",
			"UV_INDEX_X_PASSWORD"
		for prefix, want := range map[string]string{
			"pre_compile": "", "uv pip": index + password, "npm install": npmrc + token, "pnpm install": npmrc + token,
			"pnpm run heroku-prebuild": "", "pnpm run build": "", "python manage.py collectstatic": "",
			"python3 -S": "",
		} {
			env := b.seen(prefix)
			for _, name := range []string{npmrc, token, index, password} {
				if got := env[name] != ""; got != strings.Contains(want, name) {
					t.Errorf("%s sees %s=%q", prefix, name, env[name])
				}
			}
		}
		if _, set := b.seen("pnpm run build")[token]; !set {
			t.Error("a variable that .npmrc asks for is not set for the script: Yarn would end with an error")
		}
		if home := b.seen("pnpm install")["HOME"]; home == b.seen("pnpm run build")["HOME"] || isDir(home) {
			t.Errorf("the home of the installation, %s, is there", home)
		}
		b.leaves("secret-")
		b.bindings[1].Secret["pip.conf"] = "[global]\nindex-url = https://me:secret-q@other.example.com/simple\n"
		b.mustBuild()
		if strings.Contains(b.log.String(), ": rebuilt") {
			t.Errorf("other credentials rebuild layers:\n%s", &b.log)
		}
	})
}

// leaves fails the test if a text is in the app, a layer, scratch or the log.
func (b *bench) leaves(text string) {
	b.t.Helper()
	if strings.Contains(b.log.String(), text) {
		b.t.Errorf("%s is in the log:\n%s", text, &b.log)
	}
	for _, dir := range []string{b.app, b.layers, filepath.Join(b.dir, "tmp")} {
		b.must(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), text) {
				b.t.Errorf("%s is in %s (%v)", text, path, err)
			}
			return nil
		}))
	}
}
