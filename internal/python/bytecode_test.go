package python

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The modes of bytecode.py.
const checked, unchecked = "checked", "unchecked"

// appOf writes files into a directory of its own and returns the directory.
func appOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file, []byte(text), 0o644))
	}
	return dir
}

// contents returns the mode of each file below dir, with its text or its target.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[file] = info.Mode().String()
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(file)
			all[file] += string(text)
			return err
		}
		return nil
	}))
	return all
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// systemPython is a Python that has nothing to do with this project.
const systemPython = "/usr/bin/python3"

// compiled runs the compiler of bytecode over an app.
func compiled(t *testing.T, program []byte, mode, dir string) (out string, err error) {
	t.Helper()
	if exec.Command(systemPython, "-c", "").Run() != nil {
		t.Skip("it takes the system's Python")
	}
	file := filepath.Join(t.TempDir(), "bytecode.py")
	must(t, os.WriteFile(file, program, 0o644))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	args := []string{"-S", "-s", file, mode, ".git,node_modules", dir}
	if mode == unchecked {
		args[5] = filepath.Join(t.TempDir(), "sources.json")
		list, err := json.Marshal(sources{Directories: []string{dir}})
		must(t, err, os.WriteFile(args[5], list, 0o644))
		args = append(args, t.TempDir())
	}
	cmd := exec.CommandContext(ctx, systemPython, args...)
	cmd.Env = []string{"PYTHONHASHSEED=0", "TANDEM_COMPILERS=2"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func TestByteCodeIsWrittenInTheAppAndWaitsForNothing(t *testing.T) {
	dir := appOf(t, map[string]string{
		"a/a.py": "a = 1\n", "b/b.py": "b = 1\n", "c/c.py": "c = 1\n", "d/d.py": "d = 1\n", "e/__pycache__/data": "x",
	})
	out := filepath.Join(t.TempDir(), "outside")
	must(t, os.MkdirAll(out, 0o755))
	must(t, os.WriteFile(filepath.Join(out, "victim"), []byte("precious"), 0o644))
	tag, err := exec.Command(systemPython, "-c", "import sys; print(sys.implementation.cache_tag, end='')").Output()
	if err != nil {
		t.Skip("it takes the system's Python")
	}
	cache := func(module, suffix string) string {
		return filepath.Join(dir, module, "__pycache__", module+"."+string(tag)+".pyc"+suffix)
	}
	for _, module := range []string{"b", "c", "d"} {
		must(t, os.MkdirAll(filepath.Join(dir, module, "__pycache__"), 0o755))
	}
	must(t,
		os.Symlink(out, filepath.Join(dir, "a", "__pycache__")),
		os.Symlink(filepath.Join(out, "victim"), cache("b", "")),
		os.Symlink(filepath.Join(out, "victim"), cache("c", ".part")), syscall.Mkfifo(cache("d", ".part"), 0o644),
		syscall.Mkfifo(filepath.Join(dir, "pipe.py"), 0o644),
		os.Symlink("loop.py", filepath.Join(dir, "loop.py")), os.Symlink(out, filepath.Join(dir, "away")),
	)
	before := contents(t, out)
	text, err := compiled(t, bytecodeProgram, checked, dir)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if diff := cmp.Diff(before, contents(t, out)); diff != "" {
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
			t.Errorf("%s has no bytecode: %v", module, err)
		}
		if _, err := os.Lstat(cache(module, ".part")); err == nil {
			t.Errorf("half a file of %s is left", module)
		}
	}
	must(t, os.Rename(cache("b", ""), filepath.Join(out, "b.pyc"))) // what is right is not taken from elsewhere
	must(t, os.Symlink(filepath.Join(out, "b.pyc"), cache("b", "")))
	if text, err := compiled(t, bytecodeProgram, checked, dir); err != nil {
		t.Errorf("%v: %s", err, text)
	}
	if info, err := os.Lstat(cache("b", "")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("bytecode from outside of the app is used: %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "e/__pycache__/data")); err != nil {
		t.Errorf("a file that is no bytecode: %v", err)
	}
}

// Sources that no compiler understands, or that end it, cost themselves.
func TestByteCodeOfSourcesThatCannotBeCompiled(t *testing.T) {
	dir := appOf(t, map[string]string{
		"z.py": "z = 1\n", "deep.py": "x = a" + strings.Repeat("[0]", 300_000) + "\n",
		"nested.py": "x = " + strings.Repeat("lambda:", 50_000) + "1\n",
		"nul.py":    "\x00\xff", "template.py": "class {{ name }}: pass\n", "digits.py": "x = " + strings.Repeat("9",
			100_000) + "\n", "empty.py": "",
	})
	must(t, os.Truncate(filepath.Join(dir, "empty.py"), 5<<30))
	text, err := compiled(t, bytecodeProgram, checked, dir)
	if err != nil || !strings.Contains(text, "empty.py") {
		t.Errorf("%v: %s", err, text)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "__pycache__/z.*.pyc")); len(found) != 1 {
		t.Error("the file that can be compiled is not")
	}
}

// A process of the compiler that is killed costs the file that it was at, in the app; in a layer it is an error.
func TestByteCodeWhereTheCompilerCrashes(t *testing.T) {
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
	dir := appOf(t, files)
	text, err := compiled(t, []byte(program), checked, dir)
	if err != nil || !strings.Contains(text, `"Count": 2`) || !strings.Contains(text, "sub/bad.py") {
		t.Errorf("%v: %s", err, text)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "__pycache__/*.pyc")); len(found) != 4 {
		t.Errorf("bytecode of %v", found)
	}
	if text, err := compiled(t, []byte(program), unchecked, dir); err == nil {
		t.Errorf("in a layer it is no error: %s", text)
	}
}

// One file that cannot be read, or one folder that cannot be written to, costs bytecode and nothing else: in the app.
// In our own layers it is an error.
func TestByteCodeOfAnAppWithOddPermissions(t *testing.T) {
	const nobody = 65534
	if os.Getuid() != 0 || exec.Command(systemPython, "-c", "").Run() != nil {
		t.Skip("it takes root, to become somebody else, and the system's Python")
	}
	dir, err := os.MkdirTemp("", "odd") // t.TempDir is root's alone
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "bytecode.py")
	for name, text := range map[string]string{"app/a.py": "a = 1\n", "app/secret.py": "b = 1\n",
		"app/closed/c.py": "c = 1\n", "app/hidden/d.py": "d = 1\n", "app/old/__pycache__/gone.cpython-311.pyc": ""} {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644))
	}
	must(t,
		os.WriteFile(program, bytecodeProgram, 0o644), os.Chmod(dir, 0o755), os.Chmod(filepath.Join(dir, "app"), 0o777),
		os.Chmod(filepath.Join(dir, "app/secret.py"), 0), os.Chmod(filepath.Join(dir, "app/closed"), 0o555),
		os.Chmod(filepath.Join(dir, "app/hidden"), 0), os.Chmod(filepath.Join(dir, "app/old/__pycache__"), 0o555),
		syscall.Mkfifo(filepath.Join(dir, "app/pipe.py"), 0o644),
	)
	list, err := json.Marshal(sources{Directories: []string{filepath.Join(dir, "app")}})
	must(t, err, os.WriteFile(filepath.Join(dir, "sources.json"), list, 0o644),
		os.Mkdir(filepath.Join(dir, "target"), 0o755), os.Chown(filepath.Join(dir, "target"), nobody, nobody))
	run := func(mode string, more ...string) (string, error) {
		cmd := exec.Command("timeout", append([]string{"20", systemPython, "-S", "-s", program, mode,
			".git,node_modules"}, more...)...)
		cmd.Env = []string{"PYTHONHASHSEED=0", "TANDEM_COMPILERS=1"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := run(checked, filepath.Join(dir, "app"))
	if err != nil || !strings.Contains(out, "secret.py") {
		t.Errorf("%v, it does not say what it could not read: %s", err, out)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "app/__pycache__/a.*.pyc")); len(found) != 1 {
		t.Error("the file that can be compiled is not")
	}
	if out, err := run(unchecked, filepath.Join(dir, "sources.json"), filepath.Join(dir, "target")); err == nil {
		t.Errorf("in a layer of ours it is no error: %s", out)
	}
}
