package integration

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// What make package OFFLINE=… makes builds with pack where there is no network at all.
func TestPackBuildsWithoutAnyNetwork(t *testing.T) {
	t.Parallel()
	spec.Run(t, "pack", func(t *testing.T, _ spec.G, it spec.S) {
		it("builds without any network", func() {
			needEngine(t)
			source := checkout(t)
			typed(t, source, "make", "package", "OFFLINE=python@3.13,node@24")
			const image = "tandem-test-offline"
			buildpack := filepath.Join(source, "dist", "tandem-meta-linux-"+runtime.GOARCH+".cnb")
			log := packBuild(t,
				devenv.Build{App: complete[0].app(t), Image: image, ClearCache: true,
					Env: map[string]string{"BP_LOG_LEVEL": "debug"},
					Flags: []string{"--network", "none", "--buildpack", buildpack, "--lifecycle-image",
						lifecycleImage(t)}})
			contains(t, log, []string{"Python 3.13.", "Node.js 24.", "six==1.17.0"}, nil)
			if got := inside(t, image)("cat", "out.js"); !strings.Contains(got, "number") {
				t.Errorf("the built script is %.200q", got)
			}
		})
	}, spec.Parallel())
}

// lifecycleImage is one for the phases that pack keeps apart from a builder that it does not trust, or to which it adds
// a buildpack. The public one is in a registry; what it has of use is in the builder too.
func lifecycleImage(t *testing.T) string {
	t.Helper()
	builder, err := env.Builder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return builder.Image
}

// typed runs a command in dir, with this machine's environment, and gives what it prints.
func typed(t *testing.T, dir string, argv ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", argv, err, out)
	}
	return string(out)
}

// checkout is a copy of the repository's files, in which commands leave what they make.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name := range strings.Lines(typed(t, env.Root, "git", "ls-files", "--cached", "--others",
		"--exclude-standard")) {
		name = strings.TrimSpace(name)
		data, err := os.ReadFile(filepath.Join(env.Root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it is removed, and not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(env.Root, name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), string(data))
		if err := os.Chmod(filepath.Join(dir, name), info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
