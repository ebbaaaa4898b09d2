// Package cli is the command tandem, with the flags of its subcommands. It reads a directory, and changes nothing that
// no subcommand is asked to change.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/explain"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// architecture is the one of builds on machines whose own has no releases.
const architecture = "amd64"

// exitError ends the command with a code, and with nothing more to say.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Main runs the command tandem and returns its exit code. args are the arguments without the program's name.
func Main(args, environ []string, out, errs io.Writer) int {
	return recovered(errs, func() int { return run(args, environ, out, errs) })
}

// recovered calls do and returns its exit code. A panic is a defect of the command.
func recovered(errs io.Writer, do func() int) (code int) {
	if err := fail.Recovered(func() error { code = do(); return nil }); err != nil {
		own := explain.Own().Buildpack
		fmt.Fprintln(errs, fail.Internal(err, own.Name, own.Homepage+"/issues"))
		return explain.ExitDefect
	}
	return code
}

// run executes the command line and returns its exit code. An error of the command line is written to errs, with how to
// find help.
func run(args, environ []string, out, errs io.Writer) int {
	root := newCommand(environ, out)
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	root.SetOut(out)
	root.SetErr(errs)
	command, err := root.ExecuteC()
	var code exitError
	switch {
	case err == nil:
		return explain.ExitOK
	case errors.As(err, &code):
		return int(code)
	}
	help := strings.TrimSpace("tandem help " + strings.TrimPrefix(command.Name(), root.Name()))
	fmt.Fprintf(errs, "Error: %s\nRun '%s' to see how it is used.\n", show.Clean(strings.TrimSpace(err.Error())), help)
	return explain.ExitUsage
}

// directory explains the app in dir.
func directory(dir string, vars map[string]string) (e explain.Explanation, err error) {
	source, err := tree.Open(dir)
	if err != nil {
		return e, fmt.Errorf("%s is not a directory that can be read", show.Path(dir))
	}
	defer source.Close()
	archives, err := versions.Load(ownDirectory(), os.ReadFile) //nolint:forbidigo // the buildpack's own directory
	if err != nil {
		return e, err
	}
	arch := runtime.GOARCH
	if arch != "arm64" {
		arch = architecture
	}
	name := "app"
	if full, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(full)
	}
	return explain.Of(explain.Given{Name: name, Source: source.FS(), Env: vars, Archives: archives, Arch: arch,
		Today: time.Now().UTC().Format(time.DateOnly)}), nil
}

// ownDirectory returns the buildpack's directory if the program is in it: an offline package has other archives than
// the program.
func ownDirectory() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	return filepath.Dir(filepath.Dir(program))
}

// variables returns the variables of an explanation: those of the environment whose names begin with BP_, and those of
// --env, which win. As with pack, a name alone takes its value from the environment, if it has one.
func variables(environ, given []string) (map[string]string, error) {
	all, vars := map[string]string{}, map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if all[name] = value; strings.HasPrefix(name, "BP_") {
			vars[name] = value
		}
	}
	for _, entry := range given {
		name, value, ok := strings.Cut(entry, "=")
		if name == "" {
			return nil, fmt.Errorf("--env %s has no name", show.Quoted(entry))
		}
		if !ok {
			if value, ok = all[name]; !ok {
				continue // pack leaves it out too
			}
		}
		vars[name] = value
	}
	return vars, nil
}
