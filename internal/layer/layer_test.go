package layer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
)

type testKey struct {
	Version string `json:"version" say:"version"`
	Lock    string `json:"lock" say:"contents of the lock" layer:"start"`
}

// build is one build over the folder layers: what was made, what the log says, what the lifecycle would find.
type build struct {
	t      *testing.T
	dir    string
	set    *Set
	log    strings.Builder
	fills  int
	layers map[string]libcnb.Layer
}

func newBuild(t *testing.T, dir string) *build {
	return &build{t: t, dir: dir, set: NewSet(t.Context(), libcnb.Layers{Path: dir}), layers: map[string]libcnb.Layer{}}
}

// tree is a layer with one file, whose contents are its version.
func (b *build) tree(k testKey) Tree {
	return Tree{
		Meta: b.meta(k), Ship: true, Keep: true,
		Vars: func(dir string) libcnb.Environment { return libcnb.Environment{"THING": dir} },
		Fill: func(_ context.Context, dir string) (Filled, error) {
			b.fills++
			filled := Filled{Facts: Facts{"made": k.Version},
				BOM: []bom.Component{{PURL: "pkg:generic/b@" + k.Version, Evidence: bom.Installed},
					{PURL: "pkg:generic/a@1", License: "MIT", Evidence: bom.Installed}}}
			return filled, errors.Join(os.MkdirAll(filepath.Join(dir, "lib"), 0o755),
				os.WriteFile(filepath.Join(dir, "file"), []byte(k.Version), 0o644))
		},
	}
}

func (b *build) meta(k testKey) Meta {
	log := func(format string, args ...any) { fmt.Fprintf(&b.log, format+"\n", args...) }
	return Meta{Name: "thing", Title: "Thing", Key: k, Log: log}
}

// appTree is a layer with these roots in the app, which fill creates.
func (b *build) appTree(dir string, fill func() error, roots ...app.Path) AppTree {
	return AppTree{
		Meta: b.meta(testKey{"1", "a"}), App: dir, Roots: roots,
		Fill: func(context.Context, string) (Filled, error) { b.fills++; return Filled{}, fill() },
	}
}

// makeIn declares a layer of the app, and gets its contents.
func (b *build) makeIn(t AppTree) *Made {
	b.t.Helper()
	m, err := b.set.AppTree(t)
	if err == nil {
		err = m.Get(b.t.Context())
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func (b *build) make(t Tree) *Made {
	b.t.Helper()
	m, err := b.set.Tree(t)
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func (b *build) read(m *Made) string {
	b.t.Helper()
	if err := m.Get(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(m.Dir(), "file"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// close ends the build and writes the TOML files as libcnb would.
func (b *build) close() {
	b.t.Helper()
	layers, err := b.set.Close(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, l := range layers {
		b.layers[l.Name] = l
		f, err := os.Create(filepath.Join(b.dir, l.Name+".toml"))
		if err == nil {
			err = errors.Join(toml.NewEncoder(f).Encode(l), f.Close())
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// exported reports whether the lifecycle would pack the launch layer again: whether its directory is there at all.
func (b *build) exported() bool {
	_, err := os.Stat(filepath.Join(b.dir, "thing"))
	return err == nil
}

// restore makes of the layers folder what the lifecycle gives to the next build: metadata of all layers,
// contents of cache layers alone.
func restore(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), "cache-") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func first(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	b := newBuild(t, dir)
	if got := b.read(b.make(b.tree(testKey{"1", "a"}))); got != "1" {
		t.Fatalf("got %q", got)
	}
	b.close()
	return dir
}

func TestANewThingIsMadeShippedAndKept(t *testing.T) {
	b := newBuild(t, t.TempDir())
	m := b.make(b.tree(testKey{"1", "a"}))
	b.read(m)
	b.close()
	if !b.exported() || b.fills != 1 {
		t.Errorf("exported %v, filled %d times", b.exported(), b.fills)
	}
	want := map[string]libcnb.LayerTypes{"thing": {Launch: true}, "cache-thing": {Cache: true}}
	got := map[string]libcnb.LayerTypes{}
	for name, l := range b.layers {
		got[name] = l.LayerTypes
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if id := b.layers["thing"].Metadata["id"]; id == "" || id != b.layers["cache-thing"].Metadata["id"] {
		t.Errorf("ids %v and %v", id, b.layers["cache-thing"].Metadata["id"])
	}
	if data,
		_ := os.ReadFile(filepath.Join(b.dir, "thing", "env", "THING")); string(data) != filepath.Join(b.dir, "thing") {
		t.Errorf("the variable is %q", data)
	}
}

// Rule 3 (a) of ARCHITECTURE.md, "Layers".
func TestUnchangedAndNotNeededCostsNothing(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	b := newBuild(t, dir)
	m := b.make(b.tree(testKey{"1", "a"}))
	if known, err := m.Filled(t.Context()); err != nil || known.Facts["made"] != "1" || len(known.BOM) != 2 {
		t.Errorf("%v, %v", known, err)
	}
	b.close()
	if b.fills != 0 || b.exported() || len(b.layers) != 2 {
		t.Errorf("filled %d times, exported %v, layers %v", b.fills, b.exported(), b.layers)
	}
}

// Rule 3 (b).
func TestUnchangedAndNeededIsUnpackedAndNotExportedAgain(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	b := newBuild(t, dir)
	if got := b.read(b.make(b.tree(testKey{"1", "a"}))); got != "1" {
		t.Errorf("got %q", got)
	}
	b.close()
	if b.fills != 0 || b.exported() || len(b.layers) != 2 {
		t.Errorf("filled %d times, exported %v, layers %v", b.fills, b.exported(), b.layers)
	}
}

// Rule 3 (c): what the image has cannot be had from the cache, so the image gets what the steps have seen.
func TestACopyThatIsNotTheImagesIsMadeAnew(t *testing.T) {
	archive := func(dir string) string { return filepath.Join(dir, "cache-thing", archiveName) }
	for name, spoil := range map[string]func(t *testing.T, dir string) error{
		"missing":   func(_ *testing.T, dir string) error { return os.Remove(archive(dir)) },
		"lost":      func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "cache-thing.toml")) },
		"empty":     func(_ *testing.T, dir string) error { return os.Truncate(archive(dir), 0) },
		"truncated": func(_ *testing.T, dir string) error { return os.Truncate(archive(dir), 60) },
		"garbage": func(_ *testing.T,
			dir string) error {
			return os.WriteFile(archive(dir), []byte("<html>"), 0o644)
		},
		"foreign": func(t *testing.T, dir string) error {
			other := t.TempDir()
			b := newBuild(t, other)
			b.read(b.make(b.tree(testKey{"2", "a"})))
			b.close()
			return errors.Join(os.RemoveAll(archive(dir)), os.Link(archive(other), archive(dir)))
		},
		"of another id": func(_ *testing.T, dir string) error {
			data, err := os.ReadFile(filepath.Join(dir, "cache-thing.toml"))
			data = []byte(strings.Replace(string(data), "sha256:", "sha256:f", 1))
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "cache-thing.toml"), data, 0o644))
		},
		"of an older format": func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "cache-thing.toml"), []byte("[metadata]\nsha = 1\n"), 0o644)
		},
		"metadata is no TOML": func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "cache-thing.toml"), []byte("]["), 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := first(t)
			restore(t, dir)
			if err := spoil(t, dir); err != nil {
				t.Fatal(err)
			}
			b := newBuild(t, dir)
			if got := b.read(b.make(b.tree(testKey{"1", "a"}))); got != "1" || b.fills != 1 {
				t.Errorf("got %q, filled %d times\n%s", got, b.fills, &b.log)
			}
			b.close()
			if b.exported() { // it is the same again, byte for byte
				t.Error("the same contents are exported again")
			}
			restore(t, dir)
			again := newBuild(t, dir)
			again.read(again.make(again.tree(testKey{"1", "a"})))
			if again.fills != 0 {
				t.Errorf("the new copy is not used:\n%s", &again.log)
			}
		})
	}
}

// Rule 3 (c) with contents that come out differently, as those of an unpinned requirements.txt do.
func TestWhatIsMadeAnewAndDiffersIsExported(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "cache-thing")); err != nil {
		t.Fatal(err)
	}
	b := newBuild(t, dir)
	spec := b.tree(testKey{"1", "a"})
	spec.Fill = func(_ context.Context, dir string) (Filled, error) {
		return Filled{}, os.WriteFile(filepath.Join(dir, "file"), []byte("newer"), 0o644)
	}
	b.read(b.make(spec))
	b.close()
	if !b.exported() {
		t.Error("steps have seen newer contents than the image ships")
	}
}

// Rule 3 (d).
func TestWhatTheImageLacksIsMadeEvenIfNobodyAsks(t *testing.T) {
	t.Run("another key", func(t *testing.T) {
		dir := first(t)
		restore(t, dir)
		b := newBuild(t, dir)
		b.make(b.tree(testKey{"2", "b"}))
		b.close()
		if _, cached := b.layers["cache-thing"]; b.fills != 1 || !b.exported() || !cached {
			t.Errorf("filled %d times, exported %v, cached %v", b.fills, b.exported(), cached)
		}
		if !strings.Contains(b.log.String(),
			"the contents of the lock changed from a to b; the version changed from 1 to 2") {
			t.Errorf("the log has not every reason:\n%s", &b.log)
		}
	})
	t.Run("no image", func(t *testing.T) {
		dir := first(t)
		restore(t, dir)
		if err := os.Remove(filepath.Join(dir, "thing.toml")); err != nil {
			t.Fatal(err)
		}
		b := newBuild(t, dir)
		b.make(b.tree(testKey{"1", "a"}))
		b.close()
		if b.fills != 0 || !b.exported() {
			t.Errorf("filled %d times, exported %v", b.fills, b.exported())
		}
	})
}

func TestAStepThatChangesALayerGetsItsChangeIntoTheImageEveryTime(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		b := newBuild(t, dir)
		m := b.make(b.tree(testKey{"1", "a"}))
		if got := b.read(m); got != "1" {
			t.Errorf("round %d: the step begins with %q", round, got)
		}
		m.Packed()
		if err := os.WriteFile(filepath.Join(m.Dir(), "file"), []byte("changed"), 0o644); err != nil {
			t.Fatal(err)
		}
		b.close()
		if !b.exported() {
			t.Errorf("round %d: the change is not in the image", round)
		}
		restore(t, dir)
	}
}

func TestAFailedPackerCostsItsLayerAndNotTheBuild(t *testing.T) {
	dir := t.TempDir()
	// a file where the folder should be
	if err := os.WriteFile(filepath.Join(dir, "cache-thing"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBuild(t, dir)
	b.read(b.make(b.tree(testKey{"1", "a"})))
	b.close()
	if _,
		kept := b.layers["cache-thing"]; kept || !b.exported() || !strings.Contains(b.log.String(), "not cached") {
		t.Errorf("layers %v, log:\n%s", b.layers, &b.log)
	}
}

func TestAFailedFillIsTheBuildsErrorForAllWhoAsk(t *testing.T) {
	b := newBuild(t, t.TempDir())
	spec := b.tree(testKey{"1", "a"})
	broken := errors.New("broken")
	spec.Fill = func(context.Context, string) (Filled, error) { b.fills++; return Filled{}, broken }
	m := b.make(spec)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := m.Get(t.Context()); !errors.Is(err, broken) {
				t.Errorf("got %v", err)
			}
		})
	}
	all.Wait()
	if b.fills != 1 {
		t.Errorf("filled %d times", b.fills)
	}
}

func TestRootsInTheAppAreReplacedAndNothingElse(t *testing.T) {
	dir, dirOfApp := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dirOfApp, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("source.js", "mine")
	write("modules/old", "")
	build1 := newBuild(t, dir)
	tree := func(b *build) AppTree {
		t := b.appTree(dirOfApp, func() error {
			write("modules/new", "1")
			write("modules/.cache/x", "1")
			return nil
		}, "modules", "absent")
		t.Skip = func(rel string) bool { return rel == "modules/.cache" }
		return t
	}
	build1.makeIn(tree(build1))
	build1.close()
	if err := os.RemoveAll(filepath.Join(dirOfApp, "modules")); err != nil {
		t.Fatal(err)
	}
	build2 := newBuild(t, dir)
	build2.makeIn(tree(build2))
	build2.close()
	found, _ := filepath.Glob(filepath.Join(dirOfApp, "*", "*"))
	if diff := cmp.Diff([]string{filepath.Join(dirOfApp, "modules/new")}, found); diff != "" || build2.fills != 0 {
		t.Errorf("filled %d times (-want +got):\n%s\n%s", build2.fills, diff, &build2.log)
	}
	if data, _ := os.ReadFile(filepath.Join(dirOfApp, "source.js")); string(data) != "mine" {
		t.Error("a file of the app was touched")
	}
}

// A package in the app's own folder, into which its install script writes: the script is there when it runs, and what
// it has written comes back.
// A build without steps is over before its packages are packed. Without the wait this copy is torn, and never kept.
func TestContentsMayBeTakenAwayOnceTheyArePacked(t *testing.T) {
	app := t.TempDir()
	b := newBuild(t, t.TempDir())
	m := b.makeIn(b.appTree(app, func() error {
		for i := range 3000 {
			name := filepath.Join(app, "node_modules", fmt.Sprint(i), "index.js")
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755),
				os.WriteFile(name, []byte("1"), 0o644)); err != nil {
				return err
			}
		}
		return nil
	}, "node_modules"))
	m.Packed()
	if err := os.RemoveAll(filepath.Join(app, "node_modules")); err != nil {
		t.Fatal(err)
	}
	b.close()
	if _, kept := b.layers["cache-thing"]; !kept {
		t.Errorf("it is not kept:\n%s", &b.log)
	}
}

func TestContentsAreLaidOverAFolderOfTheApp(t *testing.T) {
	dir, dirOfApp := t.TempDir(), t.TempDir()
	own, over := filepath.Join(dirOfApp, "own"), []app.Path{"own"}
	fresh := func() {
		t.Helper()
		if err := errors.Join(os.RemoveAll(own), os.Mkdir(own, 0o755),
			os.WriteFile(filepath.Join(own, "source"), []byte("1"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 2 {
		fresh()
		b := newBuild(t, dir)
		tree := b.appTree(dirOfApp, func() error {
			data, err := os.ReadFile(filepath.Join(own, "source"))
			return errors.Join(err, os.WriteFile(filepath.Join(own, "made"), data, 0o644))
		}, "modules")
		tree.Over = over
		b.makeIn(tree)
		b.close()
		for _, name := range []string{"source", "made"} {
			if data, err := os.ReadFile(filepath.Join(own, name)); string(data) != "1" || b.fills != 1-round {
				t.Errorf("round %d, filled %d times: %s is %q, %v", round, b.fills, name, data, err)
			}
		}
	}
}

// Bundlers write their caches into node_modules while it is packed.
func TestWritingWhatIsLeftOutDoesNotTearAPackedCopy(t *testing.T) {
	dir, app := t.TempDir(), t.TempDir()
	b := newBuild(t, dir)
	modules := filepath.Join(app, "modules")
	tree := b.appTree(app, func() error {
		return errors.Join(os.Mkdir(modules, 0o755), os.WriteFile(filepath.Join(modules, "a"), nil, 0o644))
	}, "modules")
	written := false
	tree.Skip = func(rel string) bool {
		if rel == "modules/a" && !written { // while it is packed
			written = true
			if err := os.Mkdir(filepath.Join(modules, ".cache"), 0o755); err != nil {
				t.Error(err)
			}
		}
		return rel == "modules/.cache"
	}
	b.makeIn(tree)
	b.close()
	if _, kept := b.layers["cache-thing"]; !kept || !written {
		t.Errorf("written %v, log:\n%s", written, &b.log)
	}
}

func TestAGrowingCacheIsPackedAgainAfterUse(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		b := newBuild(t, dir)
		m, err := b.set.Cache(b.meta(testKey{"1", "a"}))
		if err == nil {
			err = m.Get(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		cache := m.Dir()
		found, _ := filepath.Glob(filepath.Join(cache, "download*"))
		if len(found) != round {
			t.Errorf("round %d: found %v\n%s", round, found, &b.log)
		}
		if err := os.WriteFile(filepath.Join(cache, fmt.Sprint("download", round)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		b.close()
		restore(t, dir)
	}
}

func TestFillMayBeginWithOldContentsWhereOnlyTheMarkedFieldDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		update bool
		next   testKey
		spoil  bool
		want   string
	}{
		"the marked field":         {true, testKey{"1", "b"}, false, "1+1"},
		"another field":            {true, testKey{"2", "a"}, false, "2"},
		"both":                     {true, testKey{"2", "b"}, false, "2"},
		"no update":                {false, testKey{"1", "b"}, false, "1"},
		"the old copy is no use":   {true, testKey{"1", "b"}, true, "1"},
		"nothing has been changed": {true, testKey{"1", "a"}, false, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := first(t)
			restore(t, dir)
			if c.spoil {
				if err := os.Truncate(filepath.Join(dir, "cache-thing", archiveName), 50); err != nil {
					t.Fatal(err)
				}
			}
			b := newBuild(t, dir)
			spec := b.tree(c.next)
			spec.Update = c.update
			spec.Fill = func(_ context.Context, dir string) (Filled, error) {
				file := filepath.Join(dir, "file")
				old, err := os.ReadFile(file)
				if err == nil {
					old = append(old, '+')
				}
				return Filled{}, os.WriteFile(file, append(old, c.next.Version...), 0o644)
			}
			if got := b.read(b.make(spec)); got != c.want {
				t.Errorf("got %q, want %q\n%s", got, c.want, &b.log)
			}
			b.close()
		})
	}
}

func TestRecordsSurviveTheWayThroughTOML(t *testing.T) {
	want := Record{Key: map[string]string{"Node.js version": "22"}, ID: "sha256:1", Size: "5",
		Dirs: []string{"bin", "lib"}, Facts: Facts{"django": "5.2", "zope.interface": "7"},
		BOM: []bom.Component{{PURL: "pkg:pypi/a@1", License: "a b", Evidence: bom.Possible,
			Places: []string{"x", "y"}}}}
	var text strings.Builder
	if err := toml.NewEncoder(&text).Encode(want.metadata()); err != nil {
		t.Fatal(err)
	}
	metadata := map[string]any{}
	if _, err := toml.Decode(text.String(), &metadata); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, recordOf(metadata)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Metadata comes back whatever version of ours has written it.
func TestARecordOfAnotherVersionIsAReasonAndNotKept(t *testing.T) {
	for name, text := range map[string]string{
		"without facts": "[metadata]\nid = \"sha256:1\"\n[metadata.key]\nversion = \"1\"\nlock = \"a\"\n",
		"another form":  "[metadata]\nnode_version = \"22\"\n",
		"no TOML":       "[metadata\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := newBuild(t, dir)
			first.read(first.make(first.tree(testKey{Version: "1", Lock: "a"})))
			first.close()
			for _, file := range []string{"thing.toml", "cache-thing.toml", "cache-unused.toml"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			second := newBuild(t, dir)
			spec := second.tree(testKey{Version: "1", Lock: "a"})
			spec.Update = true
			second.read(second.make(spec))
			unused := Meta{Name: "unused", Title: "Unused", Key: testKey{Version: "1"}, Log: func(string, ...any) {}}
			if _, err := second.set.Cache(unused); err != nil {
				t.Fatal(err)
			}
			second.close()
			if want := "rebuilt, what is kept has no record that this version can read"; second.fills != 1 ||
				!strings.Contains(second.log.String(), want) {
				t.Errorf("%d fills\n%s", second.fills, &second.log)
			}
			if got := second.layers["cache-thing"].Metadata["id"]; got == nil || got == "sha256:1" {
				t.Errorf("the copy's id is %v", got)
			}
			if _, kept := second.layers["cache-unused"]; kept {
				t.Error("what nobody asked for and nobody can read is kept")
			}
		})
	}
}

func TestALateThingIsAnnouncedWhenSomebodyAsks(t *testing.T) {
	for _, asks := range []bool{false, true} {
		b := newBuild(t, t.TempDir())
		spec := b.tree(testKey{"1", "a"})
		spec.Ship, spec.Late = false, true
		made := b.make(spec)
		if asks {
			b.read(made)
		}
		b.close()
		if got := strings.Contains(b.log.String(), spec.Title+": new"); got != asks {
			t.Errorf("asked for: %v, announced: %v\n%s", asks, got, &b.log)
		}
	}
}

// The contents of one layer, here the interpreter, may be what another one is made with: they must not be removed
// before, though no command of the build has needed them.
func TestALayerIsMadeFromOthersWhenTheseAreSettled(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	b := newBuild(t, dir)
	unchanged := b.make(b.tree(testKey{"1", "a"}))
	if err := b.set.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	later := b.tree(testKey{"2", "a"})
	later.Name = "bytecode"
	later.Fill = func(ctx context.Context, to string) (Filled, error) {
		if err := unchanged.Get(ctx); err != nil {
			return Filled{}, err
		}
		text, err := os.ReadFile(filepath.Join(unchanged.Dir(), "file"))
		return Filled{}, errors.Join(err, os.WriteFile(filepath.Join(to, "file"), text, 0o644))
	}
	b.make(later)
	b.close()
	if text, err := os.ReadFile(filepath.Join(dir, "bytecode", "file")); string(text) != "1" {
		t.Errorf("got %q, %v", text, err)
	}
	if b.exported() {
		t.Error("the unchanged thing would be exported again")
	}
}
