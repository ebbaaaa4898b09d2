package build

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

func testFull(t *testing.T, when spec.G, it spec.S) {
	it("a full disk is recognised wherever it comes from", func() {
		ended := func(tail string) error { return &run.Error{Argv: []string{"tool"}, Code: 1, Tail: tail} }
		for name, c := range map[string]struct {
			err  error
			want string // in the message; "" when it is not about the disk
		}{
			"ours": {fmt.Errorf("unpack: %w",
				&os.PathError{Op: "write", Path: "/layers/x", Err: syscall.ENOSPC}),
				"unpack: write /layers/x: no space left on device"},
			"a quota": {fmt.Errorf("write: %w", syscall.EDQUOT), "disk quota exceeded"},
			"uv": {&fail.Error{ID: "python/install", What: "No packages",
				Err: ended("error: Failed to write\n  Caused by: No space left on device (os error 28)\n")},
				"No packages:\nCaused by: No space left"},
			"npm": {&fail.Error{ID: "node/install",
				Err: ended("npm error nospc ENOSPC: no space left on device, write\nnpm error A log can be found\n")},
				"npm error nospc"},
			"Python": {&fail.Error{ID: "step/collectstatic",
				Err: ended("Traceback\nOSError: [Errno 28] No space left on device\n")}, "OSError"},
			"bytecode": {ended("[Errno 28] No space left on device\nbytecode could not be written"), "[Errno 28]"},
			"file watches": {&fail.Error{ID: "step/script",
				Err: ended("Error: ENOSPC: System limit for number of file watchers reached\n")}, ""},
			"another": {errors.New("no such thing"), ""},
		} {
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				err := readable(libcnb.BuildContext{Layers: libcnb.Layers{Path: dir}, ApplicationPath: dir}, c.err)
				user, _ := fail.User(err)
				if full := user != nil && user.ID == "build/disk-full"; full != (c.want != "") {
					t.Fatalf("got %v", err)
				}
				if !strings.Contains(err.Error(), c.want) || c.want != "" && !strings.Contains(err.Error(), dir+": ") {
					t.Errorf("got\n%v", err)
				}
			})
		}
	})
}
