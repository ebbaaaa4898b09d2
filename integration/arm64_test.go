package integration

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// emulated runs a program for arm64 where the lifecycle starts one of this machine's. Which processor a build is for is
// said by the lifecycle, that of this machine.
const emulated = `#!/bin/sh
CNB_TARGET_ARCH=arm64 exec qemu-aarch64-static "$CNB_BUILDPACK_DIR/arm64/${0##*/}" "$@"
`

// The buildpack's programs for arm64 start, decide, and ask for arm64's archives. Those themselves are not run: for
// that a machine or a base image of arm64 is needed.
func TestArm64(t *testing.T) {
	t.Parallel()
	spec.Run(t, "arm64", func(t *testing.T, _ spec.G, it spec.S) {
		it("downloads the archives of its architecture", func() {
			if err := env.Need(t.Context(), "/usr/bin/qemu-aarch64-static", "qemu-user-static"); err != nil {
				skip(t, "qemu", err)
			}
			p, err := env.Phases(t.Context(), arm64Buildpack(t))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			log, err := p.Build(t.Context(), devenv.Build{
				App: write(t,
					map[string]string{"requirements.txt": "", "package.json": `{"scripts": {"build": "true"}}`}),
				Env: map[string]string{"BP_DEPENDENCY_MIRROR": "file:///nonexistent/{originalHost}"},
			})
			if err == nil {
				t.Fatalf("the build succeeds without any archive:\n%s", log)
			}
			contains(t, log, []string{"Python 3.", "Node.js 2", "[download/"}, nil)
			asked := regexp.MustCompile(`open /nonexistent/\S+`).FindAllString(log, -1)
			if len(asked) == 0 || slices.ContainsFunc(asked, func(address string) bool {
				return !strings.Contains(address, "aarch64") && !strings.Contains(address, "arm64")
			}) {
				t.Errorf("it asks for %q:\n%s", asked, log)
			}
		})
	}, spec.Parallel())
}

// arm64Buildpack is the buildpack for arm64, without archives, which this machine's lifecycle can start.
func arm64Buildpack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := env.DistFor(t.Context(), "arm64", dir, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "bin"), filepath.Join(dir, "arm64")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"detect", "build"} {
		put(t, filepath.Join(dir, "bin", name), emulated)
		if err := os.Chmod(filepath.Join(dir, "bin", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
