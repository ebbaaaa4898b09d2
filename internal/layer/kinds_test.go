package layer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/run"
)

// What makes no sense is a programming error, and nothing is declared.
func TestConstructorsRefuseWhatMakesNoSense(t *testing.T) {
	seal := func(context.Context, string) (Filled, archive.Manifest, error) { return Filled{}, nil, nil }
	warn := func(string, ...any) {}
	for want, change := range map[string]func(*Tree){
		"neither shipped nor kept":   func(t *Tree) { t.Ship, t.Keep = false, false },
		"kept, and made once":        func(t *Tree) { t.Once = true },
		"late, but every image":      func(t *Tree) { t.Late = true },
		"no name, no title":          func(t *Tree) { t.Name = "" },
		"either Fill or Sealed":      func(t *Tree) { t.Fill = nil },
		"have either Fill or Sealed": func(t *Tree) { t.Sealed = &Sealed{Fill: seal, Warn: warn} },
		"without Fill or Warn":       func(t *Tree) { t.Fill, t.Sealed = nil, &Sealed{Fill: seal} },
		"nothing may be updated": func(t *Tree) {
			t.Fill, t.Sealed, t.Update = nil, &Sealed{Fill: seal, Warn: warn},
				true
		},
		"no field of its key": func(t *Tree) {
			t.Update, t.Key = true, platform{"amd64"}
		},
		"the key <nil>": func(t *Tree) { t.Key = nil },
	} {
		b := newBuild(t, t.TempDir())
		tree := b.tree(testKey{"1", "a"})
		change(&tree)
		if _, err := b.set.Tree(tree); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
		b.close()
		if len(b.layers) > 0 || b.log.Len() > 0 {
			t.Errorf("%s: layers %v, the log:\n%s", want, b.layers, &b.log)
		}
	}
	b := newBuild(t, t.TempDir())
	if _, err := b.set.AppTree(b.appTree("", nil)); err == nil {
		t.Error("a layer of no app is accepted")
	}
	for _, root := range []app.Path{"a/../modules", "./modules", "/modules", ""} {
		if _, err := b.set.AppTree(b.appTree(t.TempDir(), nil, root)); err == nil {
			t.Errorf("the root %q is accepted", root)
		}
	}
	over := b.appTree(t.TempDir(), nil, "modules")
	over.Over = []app.Path{"../modules"}
	if _, err := b.set.AppTree(over); err == nil {
		t.Error("contents may be laid over a directory outside of the app")
	}
	if _, err := b.set.Cache(Meta{Name: "a"}); err == nil {
		t.Error("a cache without a title is accepted")
	}
}

// What one build alone needs is created in each, and leaves nothing.
func TestALayerOfOneBuildIsNotKept(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		b := newBuild(t, dir)
		tree := b.tree(testKey{"1", "a"})
		tree.Ship, tree.Keep, tree.Once = false, false, true
		b.read(b.make(tree))
		b.close()
		if b.fills != 1 || len(b.layers) > 0 || b.log.String() != "Thing: new\n" {
			t.Errorf("filled %d times, layers %v, the log:\n%s", b.fills, b.layers, &b.log)
		}
		restore(t, dir)
	}
}

// A step's environment is the same value, whatever is on disk.
func TestPartsAreTheSameWithAndWithoutContents(t *testing.T) {
	dir := t.TempDir()
	fill := func(_ context.Context, dir string) (Filled, error) {
		var err error
		for _, name := range []string{"bin", "lib", "include", "share"} {
			err = errors.Join(err, os.Mkdir(filepath.Join(dir, name), 0o755))
		}
		return Filled{}, err
	}
	declare := func(keep bool) *Made {
		b := newBuild(t, dir)
		tree := b.tree(testKey{"1", "a"})
		tree.Fill, tree.Ship, tree.Keep = fill, true, keep
		m := b.make(tree)
		t.Cleanup(b.set.Wait)
		return m
	}
	of := func(m *Made) run.Env { return run.Env{"PATH": "/usr/bin"}.WithPart(m.Part()) }
	thing := filepath.Join(dir, "thing")
	want := run.Env{
		"PATH": thing + "/bin:/usr/bin", "LD_LIBRARY_PATH": thing + "/lib", "LIBRARY_PATH": thing + "/lib",
		"CPATH": thing + "/include", "THING": thing,
	}
	created := newBuild(t, dir)
	tree := created.tree(testKey{"1", "a"})
	tree.Fill = fill
	m := created.make(tree)
	if err := m.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, of(m)); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	created.close()
	for _, keep := range []bool{true, false} {
		restore(t, dir)
		m := declare(keep)
		if diff := cmp.Diff(want, of(m)); diff != "" {
			t.Errorf("kept: %v, before Get (-want +got):\n%s", keep, diff)
		}
		if _, err := os.Stat(thing); err == nil {
			t.Error("the contents are on disk")
		}
		if err := m.Get(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, of(m)); diff != "" {
			t.Errorf("kept: %v, after Get (-want +got):\n%s", keep, diff)
		}
		m.Packed()
	}
}

func TestContentsOfOthersAreThere(t *testing.T) {
	part := run.Part{Dir: "/layers/other/node", Vars: map[string]string{"A.default": "1"}}
	known := Filled{Facts: Facts{"version": "1"}}
	c := Adopted(part, known)
	got, err := c.Filled(t.Context())
	if diff := cmp.Diff(known, got); diff != "" || err != nil || c.Get(t.Context()) != nil || c.Dir() != part.Dir {
		t.Errorf("%v, %s (-want +got):\n%s", err, c.Dir(), diff)
	}
	if diff := cmp.Diff(part, c.Part()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A reused layer has its bill of materials too, sorted.
func TestTheBillOfMaterialsComesBack(t *testing.T) {
	dir := first(t)
	want := []bom.Component{
		{PURL: "pkg:generic/a@1", License: "MIT", Evidence: bom.Installed},
		{PURL: "pkg:generic/b@1", Evidence: bom.Installed}}
	for _, gets := range []bool{false, true} {
		restore(t, dir)
		b := newBuild(t, dir)
		m := b.make(b.tree(testKey{"1", "a"}))
		if gets {
			b.read(m)
		}
		known, err := m.Filled(t.Context())
		if diff := cmp.Diff(want, known.BOM); diff != "" || err != nil || b.fills > 0 {
			t.Errorf("%v, filled %d times (-want +got):\n%s", err, b.fills, diff)
		}
		b.close()
	}
}

// Metadata of the previous version, with a layer that ships and a copy.
const formOfVersion5 = `[types]
launch = true
[metadata]
id = "sha256:0123456789012345678901234567890123456789012345678901234567890123"
size = "1"
[metadata.facts]
made = "1"
[metadata.key]
"form of the layers" = "5"
version = "1"
lock = "a"
`

// The first build after an upgrade makes everything again, and says so in one phrase.
func TestAnUpgradeMakesTheLayersOfForm5Again(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	for _, name := range []string{"thing.toml", "cache-thing.toml"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(formOfVersion5), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b := newBuild(t, dir)
	tree := b.tree(testKey{"1", "a"})
	tree.Update = true
	b.read(b.make(tree))
	b.close()
	const want = "Thing: rebuilt, what is kept has no record that this version can read\n"
	if b.log.String() != want || b.fills != 1 || !b.exported() {
		t.Errorf("filled %d times, exported %v, the log:\n%s", b.fills, b.exported(), &b.log)
	}
}
