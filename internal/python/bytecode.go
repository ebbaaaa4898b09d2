package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// bytecodeProgram compiles Python files, on all cores, to bytes that are a function of the sources.
//
//go:embed bytecode.py
var bytecodeProgram []byte

// Checked bytecode is compared with its source at each import, for sources that may change in a running container.
const (
	checked   = "checked"
	unchecked = "unchecked"
)

// bytecode writes bytecode with an interpreter.
type bytecode struct {
	In
	python string // the interpreter's directory
	mode   string
}

func (in In) bytecode(python, mode string) bytecode { return bytecode{in, python, mode} }

// Compile writes the bytecode of the Python files in dir, which is the app's. Sources may change in a container, so
// it is compared with them at each import. A file that cannot be read, or whose directory cannot be written to, is
// named in the log.
func Compile(ctx context.Context, in In, rt Runtime, dir string) error {
	return in.bytecode(rt.Dir(), checked).compile(ctx, dir)
}

// compile writes the bytecode of all Python files in dir. Without it every start of a container would compile them
// again, python-build-standalone's standard library included. Hash-based files depend on no times. In a layer, what
// cannot be written is an error. https://docs.python.org/3/reference/import.html#pyc-invalidation
func (c bytecode) compile(ctx context.Context, dir string) error {
	text, err := c.run(ctx, "", dir)
	if err != nil || text == "" {
		return err
	}
	var missing struct {
		Count int
		First []struct{ Name, Reason string }
	}
	if err := json.Unmarshal([]byte(text), &missing); err != nil {
		return fmt.Errorf("read what the compiler of bytecode prints: %w", err)
	}
	var names []string
	for _, m := range missing.First {
		names = append(names, fmt.Sprintf("%s (%s)", show.Name(m.Name), m.Reason))
	}
	if more := missing.Count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if len(names) > 0 {
		c.Log.Warn("no bytecode could be written for %s", strings.Join(names, ", "))
	}
	return nil
}

// repeat compiles the library of Python's layer once more, and returns the bytecode by its names in the layer.
func (c bytecode) repeat(ctx context.Context, dir string) (again archive.Manifest, err error) {
	elsewhere := filepath.Join(c.Private, "byte-code")
	defer func() { err = errors.Join(err, tree.Remove(elsewhere)) }() // at once: what else is written may need the room
	if _, err := c.run(ctx, elsewhere, filepath.Join(dir, "lib")); err != nil {
		return nil, err
	}
	again = archive.Manifest{}
	base := filepath.Join(elsewhere, dir)
	if !tree.IsDir(os.DirFS(base), ".") { // there was nothing to compile
		return again, nil
	}
	found, err := archive.Scan(ctx, archive.Tree{Base: base, Roots: []string{"."}})
	for name, e := range found {
		if e.Mode.IsRegular() {
			again[path.Join(path.Dir(name), "__pycache__", path.Base(name))] = e
		}
	}
	return again, err
}

// run runs the program over dir and returns what it prints. If elsewhere is not empty, bytecode goes below it, in
// directories like those of its sources. Python then reads no bytecode next to its library.
// https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX
func (c bytecode) run(ctx context.Context, elsewhere, dir string) (text string, err error) {
	file := filepath.Join(c.Private, "bytecode-"+c.mode+".py")
	if err := os.WriteFile(file, bytecodeProgram, 0o644); err != nil {
		return "", err
	}
	env := c.Envs.For(plan.EnvOwn, "").Filled()
	of := filepath.Base(dir)
	name := "bytecode of " + of
	if elsewhere != "" {
		env = env.With(map[string]string{"PYTHONPYCACHEPREFIX": elsewhere})
		name += ", compared"
	}
	skipped := strings.Join(app.SkippedNames(app.ForByteCode), ",")
	argv := []string{program(c.python), "-S", "-s", file, c.mode, skipped, dir}
	sh := run.Shell{Dir: c.Private, Env: env, Out: c.Log.Output(), Background: c.Reaper}
	err = c.Log.Timed(name, func() (err error) {
		text, err = sh.Quiet().Output(ctx, argv...)
		return err
	})
	var failed *run.Error
	if errors.As(err, &failed) {
		return "", fmt.Errorf("write the bytecode of %s: %w: %s", of, err, show.Line(lastLine(failed.Tail)))
	}
	return text, err
}

// sourceOf returns the source of a byte-code file, as bytecode.py names it. It is empty for other files.
// https://peps.python.org/pep-3147/
func sourceOf(name string) string {
	dir, file := path.Split(name)
	module, isByteCode := strings.CutSuffix(file, ".pyc")
	if path.Base(dir) != "__pycache__" || !isByteCode {
		return ""
	}
	module = strings.TrimSuffix(module, path.Ext(module)) // the tag: .cpython-313
	return path.Join(path.Dir(path.Clean(dir)), module+".py")
}
