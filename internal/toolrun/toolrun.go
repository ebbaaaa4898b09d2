// Package toolrun replaces uv, Poetry, Pipenv and pdm in the steps of a build: their "run" runs a command in the active
// environment. It installs nothing.
package toolrun

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// Names returns the tools.
func Names() []string { return []string{"uv", "poetry", "pipenv", "pdm"} }

// scriptsFile is next to the links, and has the scripts of the app.
const scriptsFile = "scripts.json"

// Is reports whether the program was started as one of the tools.
func Is(program string) bool { return slices.Contains(Names(), filepath.Base(program)) }

// Install creates links to program, by names, in the directory bin of dir, which must not exist. The links and the
// scripts are for app steps, which may change them: they are not in the image.
func Install(dir, program string, names []string, scripts app.Scripts) error {
	bin := filepath.Join(dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		if err := os.Symlink(program, filepath.Join(bin, name)); err != nil {
			return err
		}
	}
	text, err := json.Marshal(scripts)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, scriptsFile), text, 0o644)
}

// Main replaces the program by the command that args run, for example by gunicorn for "uv run gunicorn". For another
// command it starts the next program of that name on PATH, which the app may have among its packages. It returns an
// exit code only if there is no such program: 127, as shells do, or 126 if the program cannot be started.
func Main(args, environ []string, stderr io.Writer) int {
	env := run.ParseEnv(environ)
	tool := filepath.Base(args[0])
	own, err := run.LookPath(args[0], env["PATH"], ".")
	if err != nil {
		own = args[0]
	}
	u, ok := app.Unwrap(append([]string{tool}, args[1:]...), readScripts(filepath.Dir(own)))
	command, reason := args, ""
	switch {
	case ok && u.Reason == "":
		command = append(words(u.Insert), args[u.Skip:]...)
	case ok:
		reason = u.Reason
	default:
		reason = fmt.Sprintf("the packages are installed already; of %s only \"run\" works in steps", tool)
	}
	path := env["PATH"]
	if reason != "" { // the app may have the tool itself
		command, path = append([]string{tool}, args[1:]...), without(path, filepath.Dir(own))
	}
	program, err := run.LookPath(command[0], path, ".")
	if err != nil {
		if reason == "" {
			reason = command[0] + ": command not found"
		}
		fmt.Fprintf(stderr, "%s: %s\n", tool, reason)
		return 127
	}
	err = syscall.Exec(program, command, environ) //nolint:gosec // the command of the app's own step
	fmt.Fprintf(stderr, "%s: %s: %v\n", tool, command[0], err)
	return 126
}

// words returns the words of a command that Unwrap inserts; none if it is empty.
func words(text string) []string {
	commands, err := shell.Split(text)
	if err != nil || len(commands) == 0 {
		return nil
	}
	return commands[0]
}

// readScripts returns the scripts next to the links; none if there are none.
func readScripts(dir string) (scripts app.Scripts) {
	text, err := os.ReadFile(filepath.Join(dir, scriptsFile))
	if err == nil {
		_ = json.Unmarshal(text, &scripts) // a file that a step has changed has no scripts
	}
	return scripts
}

// without returns a PATH without a directory, so that the next program of a name is found and not this one again.
// Entries are compared as cleaned paths.
func without(path, dir string) string {
	isDir := func(entry string) bool { return filepath.Clean(entry) == dir }
	return strings.Join(slices.DeleteFunc(filepath.SplitList(path), isDir), run.ListSeparator)
}
