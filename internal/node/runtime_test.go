package node

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// Half of the files of Node.js are OpenSSL's headers for machines of other kinds.
func TestOnlyTheHeadersOfThisArchitectureStay(t *testing.T) {
	for arch, want := range map[string][]string{
		"amd64": {"linux-x86_64"}, "arm64": {"linux-aarch64"}, "riscv64": {"VC-WIN32", "linux-aarch64", "linux-x86_64"},
	} {
		dir := t.TempDir()
		archs := filepath.Join(dir, "include/node/openssl/archs")
		for _, name := range []string{"VC-WIN32", "linux-aarch64", "linux-x86_64"} {
			if err := os.MkdirAll(filepath.Join(archs, name, "asm"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		listed, err := archive.Scan(t.Context(), archive.Tree{Base: dir, Roots: []string{"."}})
		if err != nil {
			t.Fatal(err)
		}
		if err := removeOtherHeaders(dir, arch, listed); err != nil {
			t.Fatal(err)
		}
		left, err := archive.Scan(t.Context(), archive.Tree{Base: dir, Roots: []string{"."}})
		if names := listed.Differences(left); err != nil || len(names) > 0 {
			t.Errorf("%s: the manifest differs in %v, %v", arch, names, err)
		}
		var got []string
		entries, err := os.ReadDir(archs)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			got = append(got, e.Name())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arch, diff)
		}
	}
}
