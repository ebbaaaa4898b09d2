package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testModes(t *testing.T, _ spec.G, it spec.S) {
	it("what steps have written can be read by other users, and private files of the source stay private", func() {
		b := newBench(t, map[string]string{
			"manage.py": "", "requirements.txt": "django\n", "key.pem": "private", "data/a.txt": "",
			"bin/post_compile": "umask 077; mkdir -p out/css; echo a >out/css/a.css; echo b >out/run; chmod 700 " +
				"out/run\n" +
				"echo c >data/c.txt; echo d >unreadable; chmod 200 unreadable; echo e >>key.pem; mkfifo pipe\n",
		})
		b.must(os.Chmod(filepath.Join(b.app, "key.pem"), 0o600))
		b.must(os.Chmod(filepath.Join(b.app, "data"), 0o700))
		b.mustBuild()
		for name, want := range map[string]fs.FileMode{
			"out": 0o755, "out/css": 0o755, "out/css/a.css": 0o644, "out/run": 0o755, "data/c.txt": 0o644,
			"unreadable": 0o200, "key.pem": 0o600, "data": 0o700,
		} {
			info, err := os.Lstat(filepath.Join(b.app, name))
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v, want %v", name, err, info.Mode().Perm(), want)
			}
		}
		const said = "Made readable for the user of a container: data/c.txt (was 0600), out (was 0700), "
		if !strings.Contains(b.log.String(), said) {
			t.Errorf("the log does not say %q:\n%s", said, &b.log)
		}
	})
}
