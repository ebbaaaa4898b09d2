package build

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// bytecodeProgram compiles Python files, on all cores, to bytes that are a function of the sources.
//
//go:embed bytecode.py
var bytecodeProgram []byte

// Checked byte code is compared with its source at each import, for sources that somebody may change in a running container.
const (
	checked   = "checked"
	unchecked = "unchecked"
)

// compile writes the byte code of all Python files in folders. Without it every start of a container would compile them again,
// python-build-standalone's standard library included. Hash-based files depend on no times.
// https://docs.python.org/3/reference/import.html#pyc-invalidation
func (b *builder) compile(ctx context.Context, log *ui.Branch, mode string, folders ...string) error {
	program := filepath.Join(b.scratch, "bytecode-"+mode+".py")
	if err := os.WriteFile(program, bytecodeProgram, 0o644); err != nil {
		return err
	}
	python := filepath.Join(b.python.Dir(), "bin", "python3")
	env := b.env.Without(func(name string) bool { return strings.HasPrefix(name, "PYTHON") })
	sh := run.Shell{Dir: b.scratch, Env: env.With(map[string]string{"PYTHONHASHSEED": "0"}), Out: log.Output()}
	argv := append([]string{python, "-S", "-s", program, mode}, folders...)
	return log.Timed("byte code of "+filepath.Base(folders[0]), func() error { return sh.Quiet().Run(ctx, argv...) })
}
