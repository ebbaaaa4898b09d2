package layer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// runtime is a sealed layer with two files. during runs when they are there, before they are packed.
func (b *build) runtime(during func(dir string) error) Tree {
	spec := b.tree(testKey{"1", "a"})
	spec.Fill, spec.Sealed = nil, &Sealed{}
	spec.Sealed.Warn = func(format string, args ...any) { fmt.Fprintf(&b.log, "Warning: "+format+"\n", args...) }
	spec.Sealed.Fill = func(_ context.Context, dir string) (Filled, archive.Manifest, error) {
		b.fills++
		listed := archive.Manifest{}
		for _, name := range []string{"file", "lib/code.py"} {
			path := filepath.Join(dir, name)
			listed.Put(name, archive.FileOf([]byte("1"), 0o644))
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
				os.WriteFile(path, []byte("1"), 0o644)); err != nil {
				return Filled{}, nil, err
			}
		}
		if during != nil && b.fills == 1 {
			return Filled{}, listed, during(dir)
		}
		return Filled{Facts: Facts{"made": "1"}}, listed, nil
	}
	return spec
}

// contents are the layer's files in the image or in a step, with their permissions.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "/env/") {
			return err
		}
		info, _ := d.Info()
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[rel] = info.Mode().String() + " " + string(data)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

var asMade = map[string]string{"file": "-rw-r--r-- 1", "lib/code.py": "-rw-r--r-- 1"}

// tampering is what code of others may do to a runtime, and what is named then.
var tampering = map[string]struct {
	do   func(dir string) error
	want string
}{
	"a new file":           {writing("lib/evil.py", ""), "lib/evil.py"},
	"a new directory":      {func(dir string) error { return os.Mkdir(dir+"/evil", 0o755) }, "evil"},
	"a changed file":       {writing("file", "2"), "file"},
	"a changed file, old":  {changeQuietly, "file"},
	"a file is gone":       {func(dir string) error { return os.Remove(dir + "/lib/code.py") }, "lib/code.py"},
	"chmod":                {func(dir string) error { return os.Chmod(dir+"/file", 0o777) }, "file"},
	"chmod of a directory": {func(dir string) error { return os.Chmod(dir+"/lib", 0o777) }, "lib"},
	"a link":               {func(dir string) error { return os.Symlink("/", dir+"/lib/evil") }, "lib/evil"},
	"many files": {func(dir string) (err error) {
		for i := range 6 {
			err = errors.Join(err, os.WriteFile(fmt.Sprintf("%s/evil%d\n::error::", dir, i), nil, 0o644))
		}
		return err
	}, `"evil0\n::error::", "evil1\n::error::", "evil2\n::error::" and 3 more`},
}

// changeQuietly keeps size and times.
func changeQuietly(dir string) error {
	info, err := os.Stat(dir + "/file")
	if err != nil {
		return err
	}
	return errors.Join(writing("file", "2")(dir), os.Chtimes(dir+"/file", info.ModTime(), info.ModTime()))
}

func writing(name, text string) func(dir string) error {
	return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) }
}

// shipped checks that the image and the next build have a runtime as it was made.
func (b *build) shipped(names string) {
	b.t.Helper()
	b.close()
	if b.exported() {
		if diff := cmp.Diff(asMade, contents(b.t, filepath.Join(b.dir, "thing"))); diff != "" {
			b.t.Errorf("in the image (-want +got):\n%s", diff)
		}
	}
	if want := "Warning: Thing: a command of this build changed " + names +
		"; "; !strings.Contains(b.log.String(), want) {
		b.t.Errorf("the log does not say %q:\n%s", want, &b.log)
	}
	if _, kept := b.layers["cache-thing"]; kept {
		b.t.Error("a copy is kept")
	}
	restore(b.t, b.dir)
	next := newBuild(b.t, b.dir)
	m := next.make(next.runtime(nil))
	next.read(m)
	if diff := cmp.Diff(asMade, contents(b.t, m.Dir())); diff != "" || next.fills != 1 {
		b.t.Errorf("the next build fills %d times (-want +got):\n%s\n%s", next.fills, diff, &next.log)
	}
	next.close()
	if _, kept := next.layers["cache-thing"]; !kept {
		b.t.Errorf("the next build does not keep it:\n%s", &next.log)
	}
}

func TestWhatWasChangedBeforeItWasPacked(t *testing.T) {
	for name, c := range tampering {
		t.Run(name, func(t *testing.T) {
			b := newBuild(t, t.TempDir())
			b.read(b.make(b.runtime(c.do)))
			b.shipped(c.want)
		})
	}
}

// tamperings also has the layer's own directory.
func tamperings() map[string]func(dir string) (names string, err error) {
	all := map[string]func(dir string) (string, error){
		"chmod of the layer": func(dir string) (string, error) { return ".", os.Chmod(dir, 0o777) },
	}
	for name, c := range tampering {
		all[name] = func(dir string) (string, error) { return c.want, c.do(dir) }
	}
	return all
}

func TestWhatWasChangedAfterItWasPacked(t *testing.T) {
	for name, tamper := range tamperings() {
		t.Run(name, func(t *testing.T) {
			b := newBuild(t, t.TempDir())
			m := b.make(b.runtime(nil))
			b.read(m)
			m.Packed()
			names, err := tamper(m.Dir())
			if err != nil {
				t.Fatal(err)
			}
			b.shipped(names)
			if b.fills != 1 {
				t.Errorf("filled %d times; the copy was as it should be", b.fills)
			}
		})
	}
}

func TestWhatWasChangedAfterItWasUnpacked(t *testing.T) {
	for name, tamper := range tamperings() {
		for _, copies := range []bool{true, false} { // false: whoever changes the contents spoils the copy too
			t.Run(fmt.Sprintf("%s, the copy stays: %v", name, copies), func(t *testing.T) {
				dir := t.TempDir()
				first := newBuild(t, dir)
				first.read(first.make(first.runtime(nil)))
				first.close()
				restore(t, dir)
				b := newBuild(t, dir)
				m := b.make(b.runtime(nil))
				b.read(m)
				// a tick of the kernel's clock: there is a warning only for what comes after
				time.Sleep(20 * time.Millisecond)
				names, err := tamper(m.Dir())
				if !copies {
					names, err = "the cached archive: ", errors.Join(err, os.Truncate(m.archivePath(), 100))
				}
				if err != nil {
					t.Fatal(err)
				}
				if b.fills != 0 {
					t.Fatalf("the copy is not used:\n%s", &b.log)
				}
				if copies {
					b.shipped(names)
					return
				}
				b.close()
				if got := b.log.String(); !strings.Contains(got, names) || b.exported() {
					t.Errorf("exported: %v, the log:\n%s", b.exported(), got)
				}
				if _, kept := b.layers["cache-thing"]; kept {
					t.Error("the spoilt copy is kept")
				}
			})
		}
	}
}

// A copy that the previous image does not have is shipped, so its contents are compared, whatever the clock says.
func TestWhatWasChangedAtOnceAfterItWasUnpacked(t *testing.T) {
	for name, tamper := range tamperings() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := newBuild(t, dir)
			first.read(first.make(first.runtime(nil)))
			first.close()
			restore(t, dir)
			if err := os.Remove(filepath.Join(dir, "thing.toml")); err != nil {
				t.Fatal(err)
			}
			b := newBuild(t, dir)
			m := b.make(b.runtime(nil))
			b.read(m)
			names, err := tamper(m.Dir())
			if err != nil || b.fills != 0 {
				t.Fatalf("%v, filled %d times", err, b.fills)
			}
			b.shipped(names)
		})
	}
}

// What the image gets was listed when it was unpacked: whoever spoils the copy too hides nothing.
func TestWhatWasChangedWithTheCopyIsNamed(t *testing.T) {
	dir := t.TempDir()
	first := newBuild(t, dir)
	first.read(first.make(first.runtime(nil)))
	first.close()
	restore(t, dir)
	if err := os.Remove(filepath.Join(dir, "thing.toml")); err != nil {
		t.Fatal(err)
	}
	b := newBuild(t, dir)
	m := b.make(b.runtime(nil))
	b.read(m)
	if err := errors.Join(writing("file", "2")(m.Dir()), os.Truncate(m.archivePath(), 100)); err != nil {
		t.Fatal(err)
	}
	b.shipped("file")
}

func TestAnotherKeyIsAReasonForAChangedLayerToo(t *testing.T) {
	dir := t.TempDir()
	b := newBuild(t, dir)
	b.read(b.make(b.runtime(tampering["a new file"].do)))
	b.close()
	restore(t, dir)
	next := newBuild(t, dir)
	spec := next.runtime(nil)
	spec.Key = testKey{"2", "a"}
	next.make(spec)
	next.close()
	if want := "Thing: rebuilt, the version changed from 1 to 2\n"; !strings.Contains(next.log.String(), want) {
		t.Errorf("the log:\n%s", &next.log)
	}
}

// A command that writes the same, or only touches the files, has changed nothing.
func TestTimesAreNoDifference(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		b := newBuild(t, dir)
		m := b.make(b.runtime(nil))
		b.read(m)
		m.Packed()
		file := filepath.Join(m.Dir(), "file")
		if err := errors.Join(os.WriteFile(file, []byte("1"), 0o644),
			os.Chtimes(file, time.Now(), time.Now())); err != nil {
			t.Fatal(err)
		}
		b.close()
		_, kept := b.layers["cache-thing"]
		if !kept || b.fills != 1-round || strings.Contains(b.log.String(), "Warning") {
			t.Errorf("round %d: kept %v, filled %d times\n%s", round, kept, b.fills, &b.log)
		}
		restore(t, dir)
	}
}

func TestTheImageHasWhatStepsMayWriteAndTheCopyNever(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		early bool
	}{
		"a new file while it is made": {"tool", true}, "a new file later": {"tool", false},
		"a changed file later": {"file", false},
	} {
		t.Run(name, func(t *testing.T) {
			early, dir := c.early, t.TempDir()
			write := writing(c.file, "x")
			var during func(string) error
			if early {
				during = write
			}
			b := newBuild(t, dir)
			spec := b.runtime(during)
			spec.Sealed.StepsWrite = true
			m := b.make(spec)
			b.read(m)
			m.Packed()
			if !early {
				if err := write(m.Dir()); err != nil {
					t.Fatal(err)
				}
			}
			b.close()
			if data, err := os.ReadFile(filepath.Join(dir, "thing", c.file)); string(data) != "x" {
				t.Errorf("the image has %q, %v", data, err)
			}
			_, kept := b.layers["cache-thing"]
			if said := strings.Contains(b.log.String(), "the image gets it as it is now"); kept == early || !said {
				t.Errorf("kept: %v, the log:\n%s", kept, &b.log)
			}
			restore(t, dir)
			next := newBuild(t, dir)
			spec = next.runtime(nil)
			spec.Sealed.StepsWrite = true
			m = next.make(spec)
			next.read(m)
			m.Packed()
			if diff := cmp.Diff(asMade, contents(t, m.Dir())); diff != "" {
				t.Errorf("the next build (-want +got):\n%s", diff)
			}
			next.close()
			if !next.exported() {
				t.Error("the image keeps what nobody wrote in this build")
			}
		})
	}
}

// Metadata alone would keep a layer that nobody asks for.
func TestAChangedLayerIsNotReusedThoughNobodyAsks(t *testing.T) {
	dir := t.TempDir()
	b := newBuild(t, dir)
	b.read(b.make(b.runtime(tampering["a new file"].do)))
	b.close()
	restore(t, dir)
	next := newBuild(t, dir)
	next.make(next.runtime(nil))
	next.close()
	if next.fills != 1 ||
		!strings.Contains(next.log.String(), "rebuilt, a command of an earlier build had changed it") {
		t.Errorf("filled %d times\n%s", next.fills, &next.log)
	}
}

// What cannot be taken back must not be shipped.
func TestARuntimeThatIsChangedAgainEndsTheBuild(t *testing.T) {
	b := newBuild(t, t.TempDir())
	spec := b.runtime(nil)
	fill := spec.Sealed.Fill
	spec.Sealed.Fill = func(ctx context.Context, dir string) (Filled, archive.Manifest, error) {
		known, listed, err := fill(ctx, dir)
		return known, listed, errors.Join(err, os.WriteFile(filepath.Join(dir, "evil"), nil, 0o644))
	}
	b.read(b.make(spec))
	if _, err := b.set.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "evil") {
		t.Errorf("got %v", err)
	}
}

func TestASealedLayerThatIsNotShippedIsNotKeptAfterAChange(t *testing.T) {
	for name, c := range tampering {
		b := newBuild(t, t.TempDir())
		spec := b.runtime(c.do)
		spec.Ship = false
		b.read(b.make(spec))
		b.close()
		if _,
			kept := b.layers["cache-thing"]; kept || !strings.Contains(b.log.String(), "changed "+c.want) ||
			b.fills != 1 {
			t.Errorf("%s: kept %v, filled %d times, the log:\n%s", name, kept, b.fills, &b.log)
		}
	}
}
