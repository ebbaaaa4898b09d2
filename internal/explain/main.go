package explain

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/versions"
)

const usage = `usage: tandem explain [--json] [--env NAME=VALUE]... DIR

What a build of the app in the folder DIR would do, and why: nothing is downloaded, and nothing of the app is run.
Variables are those of project.toml, those of this command's environment whose names begin with BP_, and those of
--env, which win. --env NAME takes the value from the environment. The exit code is 1 where the build would fail.
`

// errUsage is the error of a call that usage does not allow.
type errUsage struct{}

func (errUsage) Error() string { return usage }

// Exit codes.
const (
	fine     = 0
	wrong    = 1 // the build would fail
	misused  = 2 // the command itself
	fallback = "amd64"
)

// Main is the command. It gives the exit code.
func Main(args, environ []string, out, errs io.Writer) int {
	return recovered(errs, func() int { return run(args, environ, out, errs) })
}

// recovered calls do and returns its exit code. A panic is a defect of the command.
func recovered(errs io.Writer, do func() int) (code int) {
	if err := fail.Recovered(func() error { code = do(); return nil }); err != nil {
		own := descriptor().Buildpack
		fmt.Fprintln(errs, fail.Internal(err, own.Name, own.Homepage+"/issues"))
		return misused
	}
	return code
}

func run(args, environ []string, out, errs io.Writer) int {
	e, asJSON, err := command(args, environ)
	if err != nil {
		fmt.Fprintln(errs, show.Clean(strings.TrimSpace(err.Error())))
		return misused
	}
	if asJSON {
		if err := e.writeJSON(out); err != nil {
			fmt.Fprintln(errs, err)
			return misused
		}
	} else {
		e.Write(out)
	}
	if !e.TakesPart || len(e.Problems) > 0 {
		return wrong
	}
	return fine
}

func command(args, environ []string) (e Explanation, asJSON bool, err error) {
	if len(args) == 0 || args[0] != "explain" {
		return e, false, errUsage{}
	}
	vars := variables{environ: map[string]string{}, given: map[string]string{}}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if vars.environ[name] = value; strings.HasPrefix(name, "BP_") {
			vars.given[name] = value
		}
	}
	flags := flag.NewFlagSet("explain", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&asJSON, "json", false, "")
	flags.Var(vars, "env", "")
	if err := flags.Parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return e, false, errUsage{}
		}
		return e, false, fmt.Errorf("%w\n%s", err, usage)
	}
	if flags.NArg() != 1 {
		return e, false, errUsage{}
	}
	e, err = folder(flags.Arg(0), vars.given)
	return e, asJSON, err
}

// folder explains the app in dir.
func folder(dir string, vars map[string]string) (e Explanation, err error) {
	source, err := tree.Open(dir)
	if err != nil {
		return e, fmt.Errorf("%s is not a folder that can be read", dir)
	}
	defer source.Close()
	archives, err := versions.Load(ownFolder(), os.ReadFile) //nolint:forbidigo // the buildpack's own directory
	if err != nil {
		return e, err
	}
	arch := runtime.GOARCH
	if arch != "arm64" {
		arch = fallback
	}
	return Of(Given{Source: source.FS(), Env: vars, Archives: archives, Arch: arch,
		Today: time.Now().UTC().Format(time.DateOnly)}), nil
}

// ownFolder is the buildpack's, when the program lies in it: an offline package has other archives than the program.
func ownFolder() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	return filepath.Dir(filepath.Dir(program))
}

// variables are those of --env.
type variables struct{ environ, given map[string]string }

func (v variables) String() string { return "" }

// Set takes NAME=VALUE, or NAME as pack does.
func (v variables) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if name == "" {
		return errors.New("a variable has a name")
	}
	if !ok {
		if value, ok = v.environ[name]; !ok {
			return nil // pack leaves it out too
		}
	}
	v.given[name] = value
	return nil
}
