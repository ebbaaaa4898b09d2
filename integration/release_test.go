//go:build platforms

package integration

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// make release-dry makes all files, and what it pushes is what it verifies.
func TestRelease(t *testing.T) {
	t.Parallel()
	spec.Run(t, "release", func(t *testing.T, _ spec.G, it spec.S) {
		it("runs without credentials", func() {
			source := checkout(t)
			if out := typed(t, source, "make", "release-dry"); strings.Contains(out, devenv.ErrNoEngine.Error()) {
				t.Skip("the quick start needs a Docker Engine")
			}
			sums := read(t, filepath.Join(source, "dist/release/SHA256SUMS"))
			for _, target := range devenv.CommandTargets {
				if name := "tandem-" + strings.Replace(target, "/", "-", 1); !strings.Contains(sums, name) {
					t.Errorf("%s has no checksum:\n%s", name, sums)
				}
			}
			for _, name := range []string{
				"tandem-linux-amd64.cnb", "tandem-linux-arm64.cnb", "tandem-linux-arm64.cnb.cdx.json",
				"tandem-windows-amd64.exe.cdx.json",
			} {
				if !strings.Contains(sums, name) {
					t.Errorf("%s has no checksum:\n%s", name, sums)
				}
			}
			if bundle := read(t,
				filepath.Join(source, "dist/release/SHA256SUMS.sigstore.json")); !strings.Contains(bundle,
				"messageSignature") {
				t.Errorf("the checksums are not signed: %s", bundle)
			}
			if digest := read(t, filepath.Join(source, "dist/release/digest")); !strings.HasPrefix(digest, "sha256:") {
				t.Errorf("the digest is %q", digest)
			}
			if notes := read(t, filepath.Join(source, "dist/release/notes.md")); !strings.Contains(notes, "\n- ") {
				t.Errorf("the notes are %q", notes)
			}
		})
	}, spec.Parallel())
}
