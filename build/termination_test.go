package build

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func testTermination(t *testing.T, when spec.G, it spec.S) {
	it("last words say what happened", func() {
		one := &fail.Error{ID: "a/b", What: "The app has two locks", Why: "evidence",
			Fix: fail.Fix{fail.Say{Text: "Delete one."}}}
		two := &fail.Error{ID: "c/d", What: "Python 2 does not exist"}
		file := filepath.Join(t.TempDir(), "log")
		for name, c := range map[string]struct {
			err  error
			want string
		}{
			"the user's":  {one, "The app has two locks [a/b].\n"},
			"two of them": {fail.Join(one, two), "The app has two locks [a/b]. Python 2 does not exist [c/d].\n"},
			"a temporary": {&fail.Error{ID: "e/f", What: "x", Temporary: true}, "x [e/f] (temporary).\n"},
			"ours":        {errors.New("internal error: x\n\nThis is a defect"), "internal error: x.\n"},
		} {
			if err := os.WriteFile(file, []byte("something longer that stood there before, from another attempt"),
				0o644); err != nil {
				t.Fatal(err)
			}
			lastWords(file, c.err)
			if got, err := os.ReadFile(file); err != nil || string(got) != c.want {
				t.Errorf("%s: got %q, %v", name, got, err)
			}
		}
	})

	it("last words are not written where nobody asks", func() {
		file := filepath.Join(t.TempDir(), "log")
		lastWords(file, errors.New("x"))
		if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("there is a file: %v", err)
		}
	})
}
