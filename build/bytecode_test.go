package build

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

// systemPython is a Python that has nothing to do with this project.
const systemPython = "/usr/bin/python3"

// compiled runs the compiler of byte code over an app.
func compiled(t *testing.T, program []byte, mode, dir string) (out string, err error) {
	t.Helper()
	if exec.Command(systemPython, "-c", "").Run() != nil {
		t.Skip("it takes the system's Python")
	}
	file := filepath.Join(t.TempDir(), "bytecode.py")
	if err := os.WriteFile(file, program, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, systemPython, "-S", "-s", file, mode, ".git,node_modules", dir)
	cmd.Env = []string{"PYTHONHASHSEED=0", "TANDEM_COMPILERS=2"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func testByteCode(t *testing.T, when spec.G, it spec.S) {
	it("byte code is written in the app and waits for nothing", func() {
		b := newBench(t, map[string]string{
			"a/a.py": "a = 1\n", "b/b.py": "b = 1\n", "c/c.py": "c = 1\n", "d/d.py": "d = 1\n", "e/__pycache__/data": "x",
		})
		out := filepath.Join(b.dir, "outside")
		b.must(os.MkdirAll(out, 0o755))
		b.must(os.WriteFile(filepath.Join(out, "victim"), []byte("precious"), 0o644))
		tag, err := exec.Command(systemPython, "-c", "import sys; print(sys.implementation.cache_tag, end='')").Output()
		if err != nil {
			t.Skip("it takes the system's Python")
		}
		cache := func(module, suffix string) string {
			return filepath.Join(b.app, module, "__pycache__", module+"."+string(tag)+".pyc"+suffix)
		}
		for _, module := range []string{"b", "c", "d"} {
			b.must(os.MkdirAll(filepath.Join(b.app, module, "__pycache__"), 0o755))
		}
		for _, err := range []error{
			os.Symlink(out, filepath.Join(b.app, "a", "__pycache__")), os.Symlink(filepath.Join(out, "victim"), cache("b", "")),
			os.Symlink(filepath.Join(out, "victim"), cache("c", ".part")), syscall.Mkfifo(cache("d", ".part"), 0o644),
			syscall.Mkfifo(filepath.Join(b.app, "pipe.py"), 0o644),
			os.Symlink("loop.py", filepath.Join(b.app, "loop.py")), os.Symlink(out, filepath.Join(b.app, "away")),
		} {
			b.must(err)
		}
		before := state(t, out, func(string) bool { return false })
		text, err := compiled(t, bytecodeProgram, checked, b.app)
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if diff := cmp.Diff(before, state(t, out, func(string) bool { return false })); diff != "" {
			t.Errorf("outside of the app: %s", diff)
		}
		var missing struct {
			Count int
			First []struct{ Name, Reason string }
		}
		if err := json.Unmarshal([]byte(text), &missing); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if missing.Count != 2 || missing.First[0].Name != "pipe.py" || missing.First[1].Name != "a/a.py" {
			t.Errorf("it could not do %+v", missing)
		}
		for _, module := range []string{"b", "c", "d"} {
			if info, err := os.Lstat(cache(module, "")); err != nil || !info.Mode().IsRegular() {
				t.Errorf("%s has no byte code: %v", module, err)
			}
			if _, err := os.Lstat(cache(module, ".part")); err == nil {
				t.Errorf("half a file of %s is left", module)
			}
		}
		b.must(os.Rename(cache("b", ""), filepath.Join(out, "b.pyc"))) // what is right is not taken from elsewhere
		b.must(os.Symlink(filepath.Join(out, "b.pyc"), cache("b", "")))
		if text, err := compiled(t, bytecodeProgram, checked, b.app); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		if info, err := os.Lstat(cache("b", "")); err != nil || !info.Mode().IsRegular() {
			t.Errorf("byte code from outside of the app is used: %v, %v", info, err)
		}
		if _, err := os.Stat(filepath.Join(b.app, "e/__pycache__/data")); err != nil {
			t.Errorf("a file that is no byte code: %v", err)
		}
	})

	// Sources that no compiler understands, or that end it, cost themselves.
	it("byte code of sources that cannot be compiled", func() {
		b := newBench(t, map[string]string{
			"z.py": "z = 1\n", "deep.py": "x = a" + strings.Repeat("[0]", 300_000) + "\n",
			"nested.py": "x = " + strings.Repeat("lambda:", 50_000) + "1\n",
			"nul.py":    "\x00\xff", "template.py": "class {{ name }}: pass\n", "digits.py": "x = " + strings.Repeat("9",
				100_000) + "\n", "empty.py": "",
		})
		b.must(os.Truncate(filepath.Join(b.app, "empty.py"), 5<<30))
		text, err := compiled(t, bytecodeProgram, checked, b.app)
		if err != nil || !strings.Contains(text, "empty.py") {
			t.Errorf("%v: %s", err, text)
		}
		if found, _ := filepath.Glob(filepath.Join(b.app, "__pycache__/z.*.pyc")); len(found) != 1 {
			t.Error("the file that can be compiled is not")
		}
	})

	// A process of the compiler that is killed costs the file that it was at, in the app; in a layer it is an error.
	it("byte code where the compiler crashes", func() {
		const line = "        code = canonical("
		crash := "        os.path.basename(path) == 'bad.py' and os.kill(os.getpid(), 11)\n"
		program := strings.Replace(string(bytecodeProgram), line, crash+line, 1)
		if program == string(bytecodeProgram) {
			t.Fatal("the program is another")
		}
		files := map[string]string{"bad.py": "# the largest, so the first\n", "sub/bad.py": "# the second\n"}
		for _, name := range []string{"a", "b", "c", "d"} {
			files[name+".py"] = ""
		}
		b := newBench(t, files)
		text, err := compiled(t, []byte(program), checked, b.app)
		if err != nil || !strings.Contains(text, `"Count": 2`) || !strings.Contains(text, "sub/bad.py") {
			t.Errorf("%v: %s", err, text)
		}
		if found, _ := filepath.Glob(filepath.Join(b.app, "__pycache__/*.pyc")); len(found) != 4 {
			t.Errorf("byte code of %v", found)
		}
		if text, err := compiled(t, []byte(program), unchecked, b.app); err == nil {
			t.Errorf("in a layer it is no error: %s", text)
		}
	})
}
