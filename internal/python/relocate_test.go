package python

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/archive"
)

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The lines are those of python-build-standalone's 3.13.1 (20241219) and, in single quotes, of builds of 2023.
func TestRelocatePython(t *testing.T) {
	files := []struct{ name, before, after string }{
		{"lib/python3.13/_sysconfigdata__linux_x86_64-linux-gnu.py", `build_time_vars = {
    "AR": "/tools/llvm/bin/llvm-ar",
    "CC": "clang -pthread",
    "CONFIG_ARGS": "'--prefix=/install' '--with-openssl=/tools/deps' 'CC=clang'",
    "CXX": "clang++ -pthread",
    "DESTDIRS": "/install /install/lib /install/lib/python3.13",
    "INSTALL": "/usr/bin/install -c",
    "LDFLAGS": "-L/install/lib -Wl,--exclude-libs,ALL",
    "LLVM_PROF_FILE": "LLVM_PROFILE_FILE=\"code-%p.profclangr\"",
    "PGO_PROF_USE_FLAG": "-fprofile-instr-use=\"$(shell pwd)/code.profclangd\"",
    "PY_CFLAGS_NODIST": "-flto=thin -g -fprofile-instr-use=/build/Python-3.13.1/code.profclangd -fvisibility=hidden",
    "WASM_ASSETS_DIR": "./install",
    "prefix": "/install"
}
`, `build_time_vars = {
    "AR": "ar",
    "CC": "cc -pthread",
    "CONFIG_ARGS": "'--prefix=@' '--with-openssl=/tools/deps' 'CC=cc'",
    "CXX": "c++ -pthread",
    "DESTDIRS": "@ @/lib @/lib/python3.13",
    "INSTALL": "/usr/bin/install -c",
    "LDFLAGS": "-L@/lib -Wl,--exclude-libs,ALL",
    "LLVM_PROF_FILE": "LLVM_PROFILE_FILE=\"code-%p.profclangr\"",
    "PGO_PROF_USE_FLAG": "-fprofile-instr-use=\"$(shell pwd)/code.profclangd\"",
    "PY_CFLAGS_NODIST": " -g  -fvisibility=hidden",
    "WASM_ASSETS_DIR": "./install",
    "prefix": "@"
}
`},
		{"lib/python3.10/_sysconfigdata__linux_x86_64-linux-gnu.py",
			`build_time_vars = {'AR': '/tools/clang-linux64/bin/llvm-ar',
 'CC': '/tools/clang-linux64/bin/clang -pthread',
 'CFLAGS': '-Wno-unused-result -DNDEBUG -g -fPIC '
           '-I/tools/deps/include -fdebug-default-version=4 -O3',
 'LDSHARED': 'clang -pthread -shared -L/tools/deps/lib'}
`, `build_time_vars = {'AR': 'ar',
 'CC': 'cc -pthread',
 'CFLAGS': '-Wno-unused-result -DNDEBUG -g -fPIC '
           '  -O3',
 'LDSHARED': 'cc -pthread -shared '}
`},
		{"lib/python3.13/config-3.13-x86_64-linux-gnu/Makefile",
			"CC=\t\tclang -pthread\nCXX=\t\tclang++ -pthread\nAR=\t\t/tools/llvm/bin/llvm-ar\n" +
				"prefix=\t\t/install\nINSTALL=\t/usr/bin/install -c\n" +
				"\t$(INSTALL) $(srcdir)/install-sh $(DESTDIR)$(LIBPL)/install-sh\n",
			"CC=\t\tcc -pthread\nCXX=\t\tc++ -pthread\nAR=\t\tar\n" +
				"prefix=\t\t@\nINSTALL=\t/usr/bin/install -c\n" +
				"\t$(INSTALL) $(srcdir)/install-sh $(DESTDIR)$(LIBPL)/install-sh\n"},
		{"lib/pkgconfig/python-3.13.pc", "prefix=/install\nlibdir=${prefix}/lib\nCflags: -I${includedir}/python3.13\n",
			"prefix=@\nlibdir=${prefix}/lib\nCflags: -I${includedir}/python3.13\n"},
		{"lib/python3.13/os.py", "path = '/install'\n", "path = '/install'\n"}, // not ours to change
	}
	dir := filepath.Join(t.TempDir(), "python")
	for _, file := range files {
		writeFile(t, filepath.Join(dir, file.name), file.before)
	}
	if err := os.Symlink("python-3.13.pc", filepath.Join(dir, "lib/pkgconfig/python3.pc")); err != nil {
		t.Fatal(err)
	}
	listed := scan(t, dir)
	for _, time := range []string{"first", "second"} {
		if err := relocate(dir, listed); err != nil {
			t.Fatal(err)
		}
		if names := listed.Differences(scan(t, dir)); len(names) > 0 {
			t.Errorf("%s call: the manifest was not corrected for %v", time, names)
		}
		for _, file := range files {
			data, err := os.ReadFile(filepath.Join(dir, file.name))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(file.after, "@", dir)
			if diff := cmp.Diff(want, string(data)); diff != "" {
				t.Errorf("%s call, %s (-want +got):\n%s", time, file.name, diff)
			}
		}
	}
	if target,
		err := os.Readlink(filepath.Join(dir, "lib/pkgconfig/python3.pc")); err != nil || target != "python-3.13.pc" {
		t.Errorf("the link is now %q, %v", target, err)
	}
	if err := relocate(t.TempDir(), nil); err == nil {
		t.Error("a directory without Python is no error")
	}
}

func scan(t *testing.T, dir string) archive.Manifest {
	t.Helper()
	listed, err := archive.Scan(t.Context(), archive.Tree{Base: dir, Roots: []string{"."}})
	if err != nil {
		t.Fatal(err)
	}
	return listed
}

// Relocating a file must not vouch for what somebody else has written into it since it was unpacked.
func TestRelocatingKeepsADifference(t *testing.T) {
	dir, name := t.TempDir(), "lib/python3.13/_sysconfigdata_x.py"
	writeFile(t, filepath.Join(dir, name), "prefix = '/install'\n")
	listed := scan(t, dir)
	writeFile(t, filepath.Join(dir, name), "prefix = '/install'\nevil()\n")
	if err := relocate(dir, listed); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{name}, listed.Differences(scan(t, dir))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
