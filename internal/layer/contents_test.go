package layer

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/bom"
)

// What is known of a layer is that of its own key, not of the one that the previous image has.
func TestWhatIsKnownOfALayerIsOfItsKey(t *testing.T) {
	dir := first(t)
	restore(t, dir)
	b := newBuild(t, dir)
	m := b.make(b.tree(testKey{"2", "a"}))
	if part := m.Part(); part.Dir != m.Dir() || len(part.Dirs) != 0 || part.Vars["THING"] != m.Dir() {
		t.Errorf("before it is made: %+v", part)
	}
	if known, err := m.Filled(t.Context()); err != nil || known.Facts["made"] != "2" || b.fills != 1 {
		t.Errorf("%v, %v, filled %d times", known, err, b.fills)
	}
	b.close()
	if reports := b.set.Reports(); len(reports) != 1 || reports[0].Kept == 0 || reports[0].Shipped == 0 {
		t.Errorf("reports %+v", reports)
	}
	restore(t, dir)
	again := newBuild(t, dir)
	m = again.make(again.tree(testKey{"2", "a"}))
	if known, err := m.Filled(t.Context()); err != nil || known.Facts["made"] != "2" || again.exported() {
		t.Errorf("unchanged: %v, %v, there are contents: %v", known, err, again.exported())
	}
}

func TestOnlyWhatIsCachedIsReportedAsKept(t *testing.T) {
	b := newBuild(t, t.TempDir())
	spec := b.tree(testKey{"1", "a"})
	spec.Keep = false
	b.make(spec)
	b.close()
	if reports := b.set.Reports(); len(reports) != 1 || reports[0].Kept != 0 || reports[0].Shipped == 0 {
		t.Errorf("reports %+v", reports)
	}
}

// What a later version cannot read completely it must not reuse.
func TestARecordIsReadAsAWhole(t *testing.T) {
	whole := Record{Key: map[string]string{"version": "1"}, ID: "sha256:1", Facts: Facts{},
		BOM: []bom.Component{{PURL: "a"}}}.metadata()
	for _, without := range []string{"key", "id", "facts", "dirs", "bom"} {
		var text strings.Builder
		part := maps.Clone(whole)
		delete(part, without)
		decoded := map[string]any{}
		err := toml.NewEncoder(&text).Encode(part)
		if err == nil {
			_, err = toml.Decode(text.String(), &decoded)
		}
		if got := recordOf(decoded); err != nil || got == nil || got.Key != nil || got.ID != "" {
			t.Errorf("without %s: %+v, %v", without, got, err)
		}
	}
}

func TestWritesOfStepsAreSeen(t *testing.T) {
	dirOfApp := t.TempDir()
	file := filepath.Join(dirOfApp, "modules", "file")
	b := newBuild(t, t.TempDir())
	tree := b.appTree(dirOfApp, func() error {
		return errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("1"), 0o644))
	}, "modules")
	tree.Watch, tree.Skip = true, func(rel string) bool { return rel == "modules/.cache" }
	m := b.makeIn(tree)
	m.Packed()
	if got, err := m.Changed(); got || err != nil {
		t.Errorf("nothing was written: %v, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dirOfApp, "modules", ".cache"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Changed(); got || err != nil {
		t.Errorf("what is skipped was written: %v, %v", got, err)
	}
	time.Sleep(tick)
	if err := os.WriteFile(file, []byte("2"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Changed(); !got || err != nil {
		t.Errorf("a file of the same size was written: %v, %v", got, err)
	}
	b.close()
	if _, cached := b.layers["cache-thing"]; !cached {
		t.Error("a layer that is watched is not cached")
	}
}

// A later write must have a later time.
func TestTheLatestFileIsATickOldBeforeStepsRun(t *testing.T) {
	b := newBuild(t, t.TempDir())
	m := b.make(b.tree(testKey{"1", "a"}))
	b.read(m)
	m.Packed()
	err := errors.Join(os.WriteFile(filepath.Join(m.Dir(), "new"), nil, 0o644), m.settle())
	if age := time.Since(time.Unix(0, m.before.newest)); err != nil || age < tick || m.before.entries != 4 {
		t.Errorf("%v, %s old, %+v", err, age, m.before)
	}
}

// The time of a directory is part of its state, unless something in it is skipped.
func TestTheStateOfADirectory(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	skip := func(string) bool { return false }
	before, err := stateOf(dir, nil)
	skipped, err2 := stateOf(dir, skip)
	time.Sleep(tick)
	if err := errors.Join(err, err2, os.Chmod(empty, 0o700)); err != nil {
		t.Fatal(err)
	}
	after, err := stateOf(dir, nil)
	skippedAfter, err2 := stateOf(dir, skip)
	if after == before || skippedAfter != skipped || errors.Join(err, err2) != nil {
		t.Errorf("%v and %v, with a skip %v and %v, %v, %v", before, after, skipped, skippedAfter, err, err2)
	}
}

func TestPatternsOfWhatIsRemoved(t *testing.T) {
	files := func() string {
		dir := t.TempDir()
		for _, name := range []string{"lib/a.py", "lib/b.txt", "share/man/x"} {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for name, c := range map[string]struct {
		patterns []string
		left     string
		failed   bool
	}{
		"names and patterns": {[]string{"share", "lib/*.py", "absent"}, "lib lib/b.txt", false},
		"out of the layer":   {[]string{"../x"}, "lib lib/a.py lib/b.txt share share/man share/man/x", true},
		"not a pattern":      {[]string{"lib/[*"}, "lib lib/a.py lib/b.txt share share/man share/man/x", true},
	} {
		dir := files()
		err := RemoveMatching(dir, c.patterns...)
		var left []string
		_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
			if rel, _ := filepath.Rel(dir, path); rel != "." {
				left = append(left, rel)
			}
			return nil
		})
		if (err != nil) != c.failed || strings.Join(left, " ") != c.left {
			t.Errorf("%s: %v, left: %q", name, err, left)
		}
	}
	if err := RemoveMatching(filepath.Join(t.TempDir(), "absent"), "a"); err == nil {
		t.Error("a directory that does not exist is no error")
	}
}

func TestAFileIsWrittenWithItsDirectory(t *testing.T) {
	dir, listed := t.TempDir(), archive.Manifest{}
	if err := WriteListed(dir, listed, "conf/a", []byte("1")); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "conf/a")); string(text) != "1" {
		t.Errorf("the file is %q, %v", text, err)
	}
	found, err := archive.Scan(t.Context(), archive.Tree{Base: dir, Roots: []string{"."}})
	if names := listed.Differences(found); err != nil || len(names) > 0 {
		t.Errorf("the manifest differs in %q, %v", names, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := WriteListed(dir, archive.Manifest{}, "file/a", nil); err == nil {
		t.Error("a file is a directory")
	}
}

func TestWhatIsDoneAgainForCachedContentsMayFail(t *testing.T) {
	dir, dirOfApp := t.TempDir(), t.TempDir()
	fill := func() error { return os.MkdirAll(filepath.Join(dirOfApp, "modules", "a"), 0o755) }
	b := newBuild(t, dir)
	b.makeIn(b.appTree(dirOfApp, fill, "modules"))
	b.close()
	failed := errors.New("no")
	for name, again := range map[string]error{"it works": nil, "it fails": failed} {
		next := newBuild(t, dir)
		tree := next.appTree(dirOfApp, fill, "modules")
		tree.Again = func(context.Context) error { return again }
		m, err := next.set.AppTree(tree)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Get(t.Context()); !errors.Is(err, again) || next.fills != 0 {
			t.Errorf("%s: %v, filled %d times", name, err, next.fills)
		}
	}
}
