package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// bytecodeProgram compiles Python files, on all cores, to bytes that are a function of the sources.
//
//go:embed bytecode.py
var bytecodeProgram []byte

// bytecode writes bytecode with an interpreter.
type bytecode struct {
	In
	step plan.Step
}

// bytecode returns what writes the bytecode of a layer; of the app, if the layer's name is empty.
func (in In) bytecode(layer string) bytecode { return bytecode{in, in.Plan.Compiling(layer)} }

// Compile writes the bytecode of the app's Python files. Sources may change in a container, so it is compared with
// them at each import. A file that cannot be read, or whose directory cannot be written to, is named in the log.
func Compile(ctx context.Context, in In) error {
	c := in.bytecode("")
	if c.step.ID == "" { // no process would read the bytecode
		return nil
	}
	return c.compile(ctx)
}

// compile writes the bytecode of all Python files in a directory. Without it every start of a container would compile
// them again, python-build-standalone's standard library included. Hash-based files depend on no times. In a layer,
// what cannot be written is an error. https://docs.python.org/3/reference/import.html#pyc-invalidation
func (c bytecode) compile(ctx context.Context) error {
	text, err := c.run(ctx, "")
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

// repeat compiles the library of Python's layer again, and returns the bytecode by its names in the layer.
func (c bytecode) repeat(ctx context.Context, dir string) (again archive.Manifest, err error) {
	elsewhere := filepath.Join(c.Private, "byte-code")
	defer func() { err = errors.Join(err, tree.Remove(elsewhere)) }() // at once: what else is written may need the room
	if _, err := c.run(ctx, elsewhere); err != nil {
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

// run runs the program and returns what it prints. If elsewhere is not empty, bytecode goes below it, in directories
// like those of its sources. Python then reads no bytecode next to its library.
// https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX
func (c bytecode) run(ctx context.Context, elsewhere string) (text string, err error) {
	if err := os.WriteFile(c.step.Argv[3], bytecodeProgram, 0o644); err != nil {
		return "", err
	}
	of := filepath.Base(c.step.Argv[len(c.step.Argv)-1])
	env, name := c.Envs.For(c.step.Env, "").Filled(), "compile Python code"
	if c.step.Layer == "" {
		name = "compile the app's code"
	}
	if elsewhere != "" {
		env = env.With(map[string]string{"PYTHONPYCACHEPREFIX": elsewhere})
		name = "" // a part of saving the layers
	}
	text, err = c.Start(ctx, c.step, steps.Call{
		Env: env, Out: io.Discard, Prints: true, Name: name, Background: c.Reaper,
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
