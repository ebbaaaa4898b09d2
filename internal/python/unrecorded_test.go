package python

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// venvOf makes an environment with a package, as uv does, and files besides.
func venvOf(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	site := "lib/python3.13/site-packages/"
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range append([]string{
		"pyvenv.cfg", "bin/activate", "bin/activate.fish", "bin/activate_this.py", "bin/deactivate.bat",
		"bin/pydoc.bat",
		site + "_virtualenv.py", site + "_virtualenv.pth", site + "__pycache__/_virtualenv.cpython-313.pyc",
		"bin/tool", "share/doc/a b, c",
		site + "pkg/__init__.py", site + "pkg/__pycache__/__init__.cpython-313.pyc",
	}, files...) {
		write(name, "")
	}
	write(site+"pkg-1.0.dist-info/RECORD", "pkg/__init__.py,sha256=x,0\n../../../bin/tool,,\n"+
		"\"../../../share/doc/a b, c\",,\npkg-1.0.dist-info/RECORD,,\n"+filepath.Join(dir, "etc/absolute")+",,\n")
	for name, target := range map[string]string{
		"bin/python": "/usr/bin/python3", "bin/python3.13": "python", "lib64": "lib",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFilesThatNoPackageRecords(t *testing.T) {
	site := "lib/python3.13/site-packages/"
	for file, fine := range map[string]bool{
		"": true, "etc/absolute": true,
		site + "sitecustomize.py": false, site + "evil.pth": false,
		site + "pkg/__pycache__/evil.cpython-313.pyc": true, // it is removed before the update
		site + "pkg/_virtualenv.py":                   false, site + "pkg/evil\n.py": false,
		site + "pkg-1.0.dist-info/evil": false,
		"bin/evil":                      false, "bin/python-evil": false, "etc/evil": false,
	} {
		var files []string
		if file != "" {
			files = []string{file}
		}
		reason, err := unrecorded(venvOf(t, files...))
		if err != nil || (reason == "") != fine || strings.Contains(reason, "\n") {
			t.Errorf("%q: %q, %v", file, reason, err)
		}
	}
}

// A kept environment may have anything where a RECORD should be: nothing is waited for, and nothing endless is read.
func TestRecordsThatAreNoFiles(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large")
	if err := errors.Join(os.WriteFile(large, nil, 0o644), os.Truncate(large, maxRecord+1)); err != nil {
		t.Fatal(err)
	}
	for name, replace := range map[string]func(record string) error{
		"a pipe":        func(record string) error { return syscall.Mkfifo(record, 0o644) },
		"without end":   func(record string) error { return os.Symlink("/dev/zero", record) },
		"too large":     func(record string) error { return os.Symlink(large, record) },
		"a directory":   func(record string) error { return os.Mkdir(record, 0o755) },
		"a broken link": func(record string) error { return os.Symlink("gone", record) },
	} {
		venv := venvOf(t)
		record := filepath.Join(venv, "lib/python3.13/site-packages/pkg-1.0.dist-info/RECORD")
		if err := errors.Join(os.Remove(record), replace(record)); err != nil {
			t.Fatal(err)
		}
		if _, err := unrecorded(venv); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
