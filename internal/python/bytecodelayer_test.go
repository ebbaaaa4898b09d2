package python

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
)

// layersOf writes files into a directory of layers and returns it.
func layersOf(t *testing.T, files map[string]string) string {
	t.Helper()
	if exec.Command(systemPython, "-c", "").Run() != nil {
		t.Skip("it takes the system's Python")
	}
	return appOf(t, files)
}

// compileInto runs the program for the layer bytecode.
func compileInto(t *testing.T, target string, from sources) {
	t.Helper()
	dir := t.TempDir()
	list, err := json.Marshal(from)
	program, file := filepath.Join(dir, "bytecode.py"), filepath.Join(dir, "sources.json")
	must(t, err, os.WriteFile(program, bytecodeProgram, 0o644), os.WriteFile(file, list, 0o644),
		os.MkdirAll(target, 0o755))
	cmd := exec.Command(systemPython, "-S", "-s", program, unchecked, ".git,node_modules", file, target)
	cmd.Env = []string{"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// imports runs a line of Python with modules of a directory, and returns what it prints.
func imports(t *testing.T, dir, line string, env ...string) string {
	t.Helper()
	cmd := exec.Command(systemPython, "-S", "-s", "-c", "import sys; sys.path.insert(0, sys.argv[1]); "+line, dir)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func scanned(t *testing.T, dir string) archive.Manifest {
	t.Helper()
	found, err := archive.Scan(t.Context(), archive.Tree{Base: dir, Roots: []string{"."}})
	must(t, err)
	return found
}

// Python finds the bytecode in the other layer: it does not read the source, which is another one here.
func TestPythonFindsTheByteCodeOfALayer(t *testing.T) {
	layers := layersOf(t, map[string]string{
		"venv/lib/python3/site/pkg/__init__.py": "", "venv/lib/python3/site/pkg/one.py": "word = 'compiled'\n",
		"venv/lib/python3/site/pkg/two.py": "word = 'compiled'\n", "venv/lib/python3/site/data/file.txt": "",
		"venv/lib/python3/site/pkg/__pycache__/old.cpython-311.pyc": "", "venv/lib/python3/site/other.py": "",
	})
	venv, site := filepath.Join(layers, "venv"), filepath.Join(layers, "venv/lib/python3/site")
	for range 2 { // of an environment that is updated too
		removed, err := removeBytecode(venv)
		must(t, err)
		links, err := linkBytecode(venv)
		must(t, err)
		if len(removed) == 0 || len(links) != 2 {
			t.Errorf("removed %q, links %q", removed, links)
		}
	}
	must(t, makeTargets([]layer.Contents{layer.Adopted(run.Part{Dir: venv}, layer.Filled{})}))
	must(t, exec.Command("cp", "-rL", venv, t.TempDir()).Run()) // what copies a package follows links
	one := filepath.Join(site, "pkg/one.py")
	compileInto(t, filepath.Join(layers, "bytecode"), sources{Files: []string{one}})
	for _, name := range []string{"one", "two"} {
		must(t, os.WriteFile(filepath.Join(site, "pkg", name+".py"), []byte("word = 'source'\n"), 0o644))
	}
	// An environment of no variables, as of a process that is started without the launcher.
	if got := imports(t, site, "from pkg import one, two; print(one.word, two.word)"); got != "compiled source" {
		t.Errorf("got %s", got)
	}
	if _, err := os.Lstat(filepath.Join(site, "pkg", app.ByteCodeDir)); err != nil {
		t.Errorf("the link is gone: %v", err)
	}
}

// What an update leaves equals, byte for byte, what a new build creates.
func TestByteCodeThatIsUpdatedIsThatOfANewLayer(t *testing.T) {
	layers := layersOf(t, map[string]string{
		"python/lib/a.py": "a = {1, 2}\ndef f(x=('y', 'y')): return x\n", "python/lib/sub/b.py": "b = 1\n",
		"python/lib/sub/deep/c.py": "c = 1\n", "python/lib/template.py": "{{ no Python }}", "venv/lib/d.py": "d = 1\n",
	})
	file := func(name string) string { return filepath.Join(layers, name) }
	old, fresh := filepath.Join(t.TempDir(), "bytecode"), filepath.Join(t.TempDir(), "bytecode")
	all := sources{Directories: []string{file("python/lib"), file("venv/lib")}}
	compileInto(t, old, all)
	if found := scanned(t, old); len(found) < 8 {
		t.Fatalf("not all is compiled: %v", found)
	}
	must(t, os.WriteFile(file("python/lib/a.py"), []byte("a = 2\n"), 0o644))
	must(t, os.WriteFile(filepath.Join(old, "python-left.pyc"), nil, 0o644))
	some := sources{Files: []string{file("python/lib/a.py"), file("venv/lib/d.py"), file("python/lib/template.py")}}
	compileInto(t, old, some)
	compileInto(t, fresh, some)
	if names := scanned(t, fresh).Differences(scanned(t, old)); len(names) > 0 {
		t.Errorf("they differ in %q", names)
	}
	compileInto(t, old, all)
	compileInto(t, fresh, all)
	if names := scanned(t, fresh).Differences(scanned(t, old)); len(names) > 0 {
		t.Errorf("with all files they differ in %q", names)
	}
}

// A process of the app says which files it imports, and may say anything.
func TestOnlyFilesOfLayersAreCompiled(t *testing.T) {
	layers := appOf(t, map[string]string{
		"venv/lib/site/a.py": "", "venv/lib/site/b.so": "", "venv/bin/tool.py": "", "app/lib/x.py": "",
	})
	venv := filepath.Join(layers, "venv")
	must(t,
		os.Symlink("a.py", filepath.Join(venv, "lib/site/link.py")),
		os.Symlink(filepath.Join(layers, "app"), filepath.Join(venv, "lib/away")),
		os.Mkdir(filepath.Join(venv, "lib/dir.py"), 0o755))
	names := []string{
		venv + "/lib/site/a.py", venv + "/lib/site/a.py", venv + "/lib/site/b.so", venv + "/bin/tool.py",
		venv + "/lib/site/../site/a.py", venv + "/lib/../../app/lib/x.py", venv + "/lib/away/lib/x.py",
		venv + "/lib/site/link.py", venv + "/lib/dir.py", venv + "/lib/gone.py", venv, "", "/etc/passwd",
		"lib/site/a.py",
		venv + "/lib/site/a.py\x00.py", "/etc/passwd.py", venv + "x/lib/site/a.py",
	}
	for range 200_000 {
		names = append(names, venv+"/lib/no.py")
	}
	got, err := filesIn(venv, names)
	must(t, err)
	if want := []string{venv + "/lib/site/a.py"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// Steps compare bytecode of an earlier build with the sources, which may have changed.
func TestByteCodeThatIsLentIsCompared(t *testing.T) {
	layers := layersOf(t,
		map[string]string{"venv/lib/same.py": "word = 'same'\n", "venv/lib/other.py": "word = 'old'\n"})
	lib, lent := filepath.Join(layers, "venv/lib"), filepath.Join(t.TempDir(), "lent")
	compileInto(t, lent, sources{Directories: []string{lib}})
	must(t, os.WriteFile(filepath.Join(lib, "other.py"), []byte("word = 'new'\n"), 0o644))
	must(t, compareWithSources(lent))
	const line = "import same, other; print(same.word, other.word)"
	if got := imports(t, lib, line, "PYTHONPYCACHEPREFIX="+lent); got != "same new" {
		t.Errorf("got %s", got)
	}
}
