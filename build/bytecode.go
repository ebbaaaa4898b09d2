package build

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// bytecodeProgram compiles Python files, on all cores, to bytes that are a function of the sources.
//
//go:embed bytecode.py
var bytecodeProgram []byte

// Checked byte code is compared with its source at each import, for sources that may change in a running container.
const (
	checked   = "checked"
	unchecked = "unchecked"
)

// compile writes the byte code of all Python files in folders. Without it every start of a container would compile them
// again, python-build-standalone's standard library included. Hash-based files depend on no times.
// https://docs.python.org/3/reference/import.html#pyc-invalidation
//
// A file of the app that cannot be read, or whose directory cannot be written to, is named. In a layer it is an error.
func (b *builder) compile(ctx context.Context, log *ui.Branch, mode string, folders ...string) error {
	text, err := b.runCompiler(ctx, log, "", append([]string{mode}, folders...))
	if err != nil || text == "" {
		return err
	}
	var missing struct {
		Count int
		First []struct{ Name, Reason string }
	}
	if err := json.Unmarshal([]byte(text), &missing); err != nil {
		return fmt.Errorf("read what the compiler of byte code prints: %w", err)
	}
	var names []string
	for _, m := range missing.First {
		names = append(names, fmt.Sprintf("%s (%s)", show.Name(m.Name), m.Reason))
	}
	if more := missing.Count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if len(names) > 0 {
		log.Warn("no byte code could be written for %s", strings.Join(names, ", "))
	}
	return nil
}

// compileAgain compiles the library of Python's layer once more, and returns the byte code by its names in the layer.
func (b *builder) compileAgain(
	ctx context.Context, log *ui.Branch, dir string,
) (again archive.Manifest, err error) {
	elsewhere := filepath.Join(b.Private, "byte-code")
	defer func() { err = errors.Join(err, tree.Remove(elsewhere)) }() // at once: what else is written may need the room
	if _, err := b.runCompiler(ctx, log, elsewhere, []string{unchecked, filepath.Join(dir, "lib")}); err != nil {
		return nil, err
	}
	again = archive.Manifest{}
	base := filepath.Join(elsewhere, dir)
	if !isDir(base) { // there was nothing to compile
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

// runCompiler runs the program with args, a mode and folders, and returns what it prints. If elsewhere is not empty,
// byte code goes below it, in directories like those of its sources. Python then reads no byte code next to its
// library.
// https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX
func (b *builder) runCompiler(
	ctx context.Context, log *ui.Branch, elsewhere string, args []string,
) (text string, err error) {
	program := filepath.Join(b.Private, "bytecode-"+args[0]+".py")
	if err := os.WriteFile(program, bytecodeProgram, 0o644); err != nil {
		return "", err
	}
	env := b.envs.For(plan.EnvOwn, "").Filled()
	of := filepath.Base(args[1])
	name := "byte code of " + of
	if elsewhere != "" {
		env = env.With(map[string]string{"PYTHONPYCACHEPREFIX": elsewhere})
		name += ", compared"
	}
	python := filepath.Join(b.python.Dir(), "bin", "python3")
	skipped := strings.Join(app.SkippedNames(app.ForByteCode), ",")
	argv := slices.Concat([]string{python, "-S", "-s", program, args[0], skipped}, args[1:])
	sh := run.Shell{Dir: b.Private, Env: env, Out: log.Output(), Background: b.reaper}
	err = log.Timed(name, func() (err error) {
		text, err = sh.Quiet().Output(ctx, argv...)
		return err
	})
	var failed *run.Error
	if errors.As(err, &failed) {
		return "", fmt.Errorf("write the byte code of %s: %w: %s", of, err, show.Line(lastLine(failed.Tail)))
	}
	return text, err
}
