package build

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
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
//
// A file of the app that cannot be read, or whose directory cannot be written to, is named. In a layer it is an error.
func (b *builder) compile(ctx context.Context, log *ui.Branch, mode string, folders ...string) error {
	program := filepath.Join(b.private, "bytecode-"+mode+".py")
	if err := os.WriteFile(program, bytecodeProgram, 0o644); err != nil {
		return err
	}
	python := filepath.Join(b.python.Dir(), "bin", "python3")
	env := b.env.Without(func(name string) bool { return strings.HasPrefix(name, "PYTHON") })
	sh := run.Shell{Dir: b.private, Env: env.With(map[string]string{"PYTHONHASHSEED": "0"}), Out: log.Output(), Background: b.reaper}
	argv := append([]string{python, "-S", "-s", program, mode}, folders...)
	var text string
	err := log.Timed("byte code of "+filepath.Base(folders[0]), func() (err error) {
		text, err = sh.Quiet().Output(ctx, argv...)
		return err
	})
	var missing struct {
		Count int
		First []struct{ Name, Reason string }
	}
	var failed *run.Error
	switch {
	case errors.As(err, &failed):
		why := show.Line(lastLine(failed.Tail))
		return fmt.Errorf("write the byte code of %s: %w: %s", filepath.Base(folders[0]), err, why)
	case err != nil || text == "":
		return err
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
