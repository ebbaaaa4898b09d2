package python

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The module is in a container without a compiler and a linker: PATH is empty.
func TestFindLibraryLooksInTheLayers(t *testing.T) {
	path, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Skip(err)
	}
	python := strings.TrimSpace(string(path)) // python3 itself may be a script
	venv := t.TempDir()
	site, lib := filepath.Join(venv, "lib", "python3.13", "site-packages"), filepath.Join(venv, "libraries")
	for _, dir := range []string{site, lib} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"libtandem-none.so.32.3.6", "libtandem-none.so.32", "libtandem-nonesuch.so.1"} {
		if err := os.WriteFile(filepath.Join(lib, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := addFindLibrary(venv); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", "import sys; print('ctypes.util' in sys.modules, 're' in sys.modules)\n"+
		"import site; site.addsitedir("+"'"+site+"'"+")\nimport ctypes.util\nfind = ctypes.util.find_library\n"+
		"print(find('tandem-none'), find('tandem-other'), find('c') is None)")
	cmd.Env = []string{"LD_LIBRARY_PATH=/nowhere::" + lib, "PATH="}
	out, err := cmd.CombinedOutput()
	if want := "libtandem-none.so.32 None False\n"; err != nil || !strings.HasSuffix(string(out), want) {
		t.Errorf("%v: %s", err, out)
	}
	if reason, err := unrecorded(venv); err != nil || strings.Contains(reason, findsModule) {
		t.Errorf("%v: %s", err, reason)
	}
}
