package steps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/static"
)

// What a bundler has written elsewhere is found, unless it may be another file of that name.
func TestManifestsInOtherPlaces(t *testing.T) {
	d := placed(t, map[string]string{
		"static/.vite/manifest.json": "", "web/webpack-stats.json": "", "node_modules/x/rev.json": "",
		"public/manifest.json": "", "deep/a/b/asset.json": "", "there.json": "",
	})
	at := func(name string) string { return filepath.Join(d.Root, name) }
	s := installed.Settings{StaticDirs: []string{at("static"), at("gone")}}
	for _, file := range []string{"dist/manifest.json", "webpack-stats.json", "rev.json", "asset.json", "there.json"} {
		s.Manifests = append(s.Manifests, installed.Manifest{File: at(file)})
	}
	s.Manifests = append(s.Manifests, installed.Manifest{File: at("build/manifest.json")})
	got := Look(d, s, static.Written{})
	missing := []string{at("gone"), at("dist/manifest.json"), at("webpack-stats.json"), at("rev.json"),
		at("asset.json"),
		at("build/manifest.json")}
	if diff := cmp.Diff(missing, got.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	elsewhere := map[string]string{
		at("dist/manifest.json"):  at("static/.vite/manifest.json"),
		at("webpack-stats.json"):  at("web/webpack-stats.json"),
		at("build/manifest.json"): at("static/.vite/manifest.json"),
	}
	if diff := cmp.Diff(elsewhere, got.Elsewhere); diff != "" {
		t.Errorf("elsewhere (-want +got):\n%s", diff)
	}
	s = installed.Settings{Manifests: []installed.Manifest{{File: at("other/manifest.json")}}}
	if got := Look(d, s, static.Written{}).Elsewhere; len(got) > 0 {
		t.Errorf("the manifest of a web app is taken: %v", got)
	}
}

// Hidden directories are not collected. They matter where files are in a directory, and if any were collected.
func TestHiddenDirectoriesThatAreNotCollected(t *testing.T) {
	d := placed(t, map[string]string{
		"src/.well-known/a": "", "src/.there/a": "", "src/deep/.assets/a": "", "src/a": "", "src/.git/a": "",
		"src/.file":         "",
		"root/pre/.there/a": "", "node/node_modules/x/a": "",
	})
	if err := os.Mkdir(filepath.Join(d.Root, "src/.empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(d.Root, name) }
	s := installed.Settings{StaticRoot: at("root"), LocalStatic: true, StaticPrefixes: []string{"pre"},
		StaticDirs: []string{at("src"), at("node/node_modules")}}
	got := Look(d, s, static.Written{})
	if diff := cmp.Diff([]string{at("src/.well-known"), at("src/deep/.assets")}, got.Hidden); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Modules.Files != 1 {
		t.Errorf("%+v", got.Modules)
	}
	service, empty := s, s
	service.LocalStatic, empty.StaticRoot = false, at("gone")
	for name, s := range map[string]installed.Settings{"a service": service, "nothing collected": empty} {
		if got := Look(d, s, static.Written{}); got.Hidden != nil || got.Modules.Files > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestModulesThatAreCollected(t *testing.T) {
	d := placed(t, map[string]string{
		"node_modules/big/a": strings.Repeat("x", 3000), "node_modules/@s/b/a": strings.Repeat("x", 2000),
		"node_modules/c/a": "xx", "node_modules/d/a": "xx", "node_modules/.bin/x": "hidden",
		"node_modules/c/.x": "hidden",
		"static/a":          "x",
	})
	got := d.modules([]string{filepath.Join(d.Root, "node_modules"), filepath.Join(d.Root, "static"),
		filepath.Join(d.Root, "gone/node_modules")})
	want := static.Modules{Files: 4, Bytes: 5004, Packages: []string{"big 2 KB", "@s/b 1 KB", "c 2 bytes"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	hidden := placed(t, map[string]string{".parts/node_modules/x/a": "x"})
	if got := hidden.modules([]string{filepath.Join(hidden.Root, ".parts/node_modules/x")}); got.Files != 1 {
		t.Errorf("below a hidden directory: %+v", got)
	}
}

// Tools trust the times of files. Those of packages stay as they are, and what has no time to set is named.
func TestTimesOfFiles(t *testing.T) {
	r, log := runner(t, map[string]string{"a": "", "web/b": "", "web/node_modules/c": ""})
	when := time.Unix(1e9, 0)
	r.Touch(".", when)
	for name, want := range map[string]bool{"a": true, "web/b": true, "web/node_modules/c": false} {
		info, err := os.Stat(filepath.Join(r.Root, name))
		if err != nil || info.ModTime().Equal(when) != want {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	r.Touch("gone", when)
	r.ageStaticRoot(nil)
	if log.Len() > 0 {
		t.Errorf("the log says:\n%s", log)
	}
	r.Touch("web", when.Add(time.Hour))
	if info, err := os.Stat(filepath.Join(r.Root, "a")); err != nil || !info.ModTime().Equal(when) {
		t.Errorf("outside of the directory: %v, %v", info, err)
	}
	r.ageStaticRoot(&installed.Settings{StaticRoot: filepath.Join(r.Root, "web")})
	if info, err := os.Stat(filepath.Join(r.Root, "web/b")); err != nil || time.Since(info.ModTime()) < time.Hour ||
		info.ModTime().Before(when.Add(2*time.Hour)) {
		t.Errorf("STATIC_ROOT: %v, %v", info, err)
	}
	closed, log := runner(t, map[string]string{"a": ""})
	if err := closed.Tree.Close(); err != nil {
		t.Fatal(err)
	}
	closed.Touch("", when)
	if !strings.Contains(log.String(), "could not set times") {
		t.Errorf("nothing is said of what cannot be read:\n%s", log)
	}
}

func TestTranslationsAreCompiled(t *testing.T) {
	const good = "msgid \"\"\nmsgstr \"\"\n\nmsgid \"a\"\nmsgstr \"b\"\n"
	r, log := runner(t, map[string]string{"a.po": good, "bad.po": "msgid", "taken.po": good, "taken.mo/x": ""})
	r.App.Translations = []string{"a.po", "bad.po", "gone.po", "taken.po"}
	step := plan.Step{ID: "translate", Kind: plan.Translate}
	if _, err := Run(t.Context(), r, []plan.Step{step}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(r.Root, "a.mo")); err != nil || !strings.Contains(string(text), "b") {
		t.Errorf("%q, %v", text, err)
	}
	for _, want := range []string{"1 of 4 .po files", "a.po", "bad.po is not compiled", "gone.po is not compiled",
		"taken.po is not compiled"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log:\n%s", want, log)
		}
	}
	if _, err := os.Stat(filepath.Join(r.Root, "bad.mo")); !os.IsNotExist(err) {
		t.Errorf("bad.mo: %v", err)
	}
}

func TestFreeSpace(t *testing.T) {
	dir := t.TempDir()
	if got := FreeSpace("/proc")(); strings.Contains(got, "inode") {
		t.Errorf("a file system that does not count inodes: %q", got)
	}
	got := FreeSpace("/no/such/directory", dir)()
	if !strings.HasPrefix(got, dir+": ") || !strings.Contains(got, " MB free of ") || strings.Contains(got, "inode") {
		t.Errorf("%q", got)
	}
}

func TestWhatAHookIsPromised(t *testing.T) {
	r, log := runner(t, map[string]string{"bin/pre_compile": ""})
	hook := &app.Hook{Path: "bin/pre_compile", SourcesUtils: true, Finds: []app.Find{{Kind: app.ProfileD}}}
	c, err := r.Contract(hook, "/cache", "/env")
	if err != nil || c.Cache != "/cache" || !r.HasDir(".profile.d") || log.Len() > 0 {
		t.Errorf("%+v, %v\n%s", c, err, log)
	}
	if text, err := os.ReadFile(filepath.Join(c.Utils, "utils")); err != nil || len(text) == 0 {
		t.Errorf("%q, %v", text, err)
	}
	for _, file := range []string{"classic/utils/x", "classic"} {
		r.Scratch = t.TempDir()
		blocked := filepath.Join(r.Scratch, file)
		if err := os.MkdirAll(filepath.Dir(blocked), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(blocked, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if c, err := r.Contract(hook, "/cache", "/env"); err == nil {
			t.Errorf("%s: %+v", file, c)
		}
	}
	taken, log := runner(t, map[string]string{".profile.d": ""})
	if _, err := taken.Contract(&app.Hook{Path: "bin/pre_compile", Finds: hook.Finds}, "", ""); err != nil ||
		!strings.Contains(log.String(), ".profile.d cannot be created") {
		t.Errorf("%v\n%s", err, log)
	}
}
