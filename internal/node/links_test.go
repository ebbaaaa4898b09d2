package node

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// A package of a workspace is a link out of node_modules. From the layer it must lead into the app too.
func TestLinksOutOfThePackagesLeadIntoTheApp(t *testing.T) {
	app, layer := t.TempDir(), t.TempDir()
	write(t, app, map[string]string{
		"node_modules/b/x.js": "", "parts/one/x.js": "", "parts/one/node_modules/c/x.js": "",
	})
	links := map[string]string{
		"node_modules/one": "../parts/one", "node_modules/b2": "b", "node_modules/abs": "/usr",
		"parts/one/node_modules/b": "../../../node_modules/b",
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(app, name)); err != nil {
			t.Fatal(err)
		}
	}
	from := archive.Tree{Base: app, Roots: []string{"node_modules", "parts/one/node_modules"}}
	if err := archive.Copy(t.Context(), from, layer); err != nil {
		t.Fatal(err)
	}
	if err := relink(layer, from); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range links {
		target, err := os.Readlink(filepath.Join(layer, name))
		if err != nil {
			t.Fatal(err)
		}
		got[name] = replaced(target, app)
	}
	links["node_modules/one"] = "DIR/parts/one"
	if diff := cmp.Diff(links, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheAppIsLinkedToItsPackages(t *testing.T) {
	dir := t.TempDir()
	within, err := tree.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer within.Close()
	links := []link{{"node_modules", "/layer/node_modules"}, {"ui/parts/node_modules", "/layer/ui/parts/node_modules"}}
	if err := linkPackages(within, links); err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if target, err := os.Readlink(filepath.Join(dir, l.name)); err != nil || target != l.target {
			t.Errorf("%s leads to %q, %v", l.name, target, err)
		}
	}
	if err := linkPackages(within, []link{{"../node_modules", "/layer"}}); err == nil {
		t.Error("a link outside of the app is created")
	}
}

// node-gyp leaves its settings next to what it has compiled.
func TestCompiledPackages(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{
		"ui[1]/node_modules/a/build/config.gypi", "ui[1]/node_modules/@s/b/node_modules/c/build/config.gypi",
		"ui[1]/node_modules/d/build/index.js", "node_modules/e/build/config.gypi",
	} {
		fsys[name] = &fstest.MapFile{}
	}
	got, err := compiledByGyp(fsys, "ui[1]")
	if diff := cmp.Diff([]string{"a", "@s/b/node_modules/c"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
