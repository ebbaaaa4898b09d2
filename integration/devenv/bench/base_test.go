package bench

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// fakeDocker keeps images as files of a directory. Their text is what was built.
const fakeDocker = `#!/bin/sh
set -e
cd "$IMAGES"
case $1.$2 in
image.inspect) cat "$5" ;;
image.rm) for image; do :; done; rm -f "$image" ;;
save.*) (echo "$4"; cat "$4") >"$3" ;;
load.*) name=$(head -n 1 "$3") && tail -n +2 "$3" >"$name" ;;
volume.ls) ;;
*) exit 1 ;;
esac
`

// Of two versions of Tandem only the one that builds has its image in the engine, and it finds there what it built.
func TestOnlyOneVersionIsInTheEngine(t *testing.T) {
	images, program := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(program, "docker"), []byte(fakeDocker), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", program+":"+os.Getenv("PATH"))
	t.Setenv("IMAGES", images)
	t.Setenv("TANDEM_HOME", t.TempDir())
	dev, err := devenv.New(t.Context(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := &opponent{name: base, image: "theirs"}, &opponent{name: tandem, image: "ours"}
	b := &bench{Options: Options{Base: "other", Target: Engine}, dev: dev, dir: t.TempDir(),
		opponents: []*opponent{theirs, ours}}
	build := func(o *opponent, text string, before, after map[string]string) {
		t.Helper()
		if err := b.isolate(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		compareImages(t, images, before)
		if err := os.WriteFile(filepath.Join(images, o.image), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		compareImages(t, images, after)
	}
	for range 2 {
		for _, o := range b.opponents {
			if err := b.forget(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		build(theirs, "a", map[string]string{}, map[string]string{"theirs": "a"})
		build(ours, "b", map[string]string{}, map[string]string{"ours": "b"})
		build(theirs, "c", map[string]string{"theirs": "a"}, map[string]string{"theirs": "c"})
		build(ours, "d", map[string]string{"ours": "b"}, map[string]string{"ours": "d"})
	}
	b.Base = ""
	build(theirs, "e", map[string]string{"ours": "d"}, map[string]string{"ours": "d", "theirs": "e"})
}

// compareImages compares the images of the fake engine, by their names.
func compareImages(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[entry.Name()] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the engine has (-want +got):\n%s", diff)
	}
}
