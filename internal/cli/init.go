package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/explain"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/projecttoml"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// initOptions are the flags of tandem init.
type initOptions struct {
	set           []string
	builder       string
	check, dryRun bool
	out           io.Writer
}

// initCommand returns the command tandem init. Its flags are written into o.
func initCommand(o initOptions) *cobra.Command {
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write project.toml for the app in DIR, or add what it lacks",
		Long: `Write project.toml for the app in the directory DIR, or add what it lacks: the version of its
schema, the builder, Tandem, private files to exclude, and variables of the build (--set). DIR is
the current directory if it is missing. What the file has stays as it is, with its comments.

Exit codes: 0 the file has everything, 1 something is left to do, or with --check the file would
change, 2 the command line is wrong or the file cannot be written, 3 Tandem does not apply, 70 a
defect of Tandem.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return o.init(append(args, ".")[0]) },
	}
	flags := c.Flags()
	flags.StringArrayVar(&o.set, "set", nil, "a variable of the build, `NAME=VALUE`; may be repeated")
	flags.StringVar(&o.builder, "builder", fail.Builder, "the builder, for a file that names none")
	flags.BoolVar(&o.check, "check", false, "change nothing, and exit with 1 if the file would change")
	flags.BoolVar(&o.dryRun, "dry-run", false, "change nothing")
	return c
}

// init runs the command.
func (o initOptions) init(dir string) error {
	tandem := projecttoml.Buildpack{URI: fail.Image, ID: explain.Own().Buildpack.ID}
	want := projecttoml.Want{Builder: o.builder, Buildpack: tandem}
	vars := map[string]string{}
	for _, entry := range o.set {
		name, value, ok := strings.Cut(entry, "=")
		if name == "" || !ok {
			return fmt.Errorf("--set %s is not NAME=VALUE", show.Quoted(entry))
		}
		want.Variables, vars[name] = append(want.Variables, projecttoml.Variable{Name: name, Value: value}), value
	}
	e, err := directory(dir, vars)
	if err != nil {
		return err
	}
	if e.Verdict == explain.DoesNotApply {
		fmt.Fprintf(o.out, "Tandem does not apply to %s: %s\n", show.Path(dir), show.Clean(e.Reason))
		return exitError(explain.ExitDoesNotApply)
	}
	want.Exclude = e.Lacks().Exclude
	return o.complete(dir, want, e)
}

// complete adds what is wanted to the file, and says what is left.
func (o initOptions) complete(dir string, want projecttoml.Want, e explain.Explanation) error {
	files, err := tree.Open(dir)
	if err != nil {
		return err
	}
	defer files.Close()
	old, err := limits.Read(files.FS(), config.ProjectFile, limits.Size(config.ProjectFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be read: %s", config.ProjectFile, show.Reason(err))
	}
	change, err := projecttoml.Add(string(old), want)
	if err != nil {
		return fmt.Errorf("%s is not valid TOML: %s", config.ProjectFile, show.Reason(err))
	}
	changes := change.Text != string(old)
	if changes && !o.check && !o.dryRun {
		if err := files.Write(app.Path(config.ProjectFile), []byte(change.Text), 0o644); err != nil {
			return fmt.Errorf("%s cannot be written: %s", config.ProjectFile, show.Reason(err))
		}
	}
	o.say(string(old), change)
	o.secrets(want.Variables)
	o.next(e)
	if left := len(change.ByHand) > 0 || len(e.Lacks().Variables) > 0; left || o.check && changes {
		return exitError(explain.ExitFails)
	}
	return nil
}

// say prints the difference, and what cannot be written.
func (o initOptions) say(old string, change projecttoml.Change) {
	switch changes := change.Text != old; {
	case !changes && change.ByHand == nil:
		fmt.Fprintf(o.out, "%s has everything.\n", config.ProjectFile)
	case changes:
		fmt.Fprint(o.out, show.Clean(difference(old, change.Text)))
	}
	if change.ByHand != nil {
		const text = "Add these lines to %s yourself, because of the way in which it is written:\n"
		fmt.Fprintf(o.out, text, config.ProjectFile)
		for _, line := range change.ByHand {
			fmt.Fprintf(o.out, "    %s\n", show.Clean(line))
		}
	}
}

// difference returns a unified diff.
func difference(old, changed string) string {
	text := string(diff.Diff(config.ProjectFile, []byte(old), config.ProjectFile, []byte(changed)))
	_, text, _ = strings.Cut(text, "\n") // the command that would print it
	return text
}

// secrets warns of variables that may be secrets: the file is committed.
func (o initOptions) secrets(set []projecttoml.Variable) {
	vars := map[string]string{}
	for _, v := range set {
		vars[v.Name] = v.Value
	}
	for _, value := range secret.Variables(vars) {
		fmt.Fprintf(o.out, "Warning: %s may be a secret, and %s is part of the repository.\n"+
			"  A binding of the type tandem-build-env keeps it out.\n", show.Name(value.Name), config.ProjectFile)
	}
}

// next says what to do next.
func (o initOptions) next(e explain.Explanation) {
	needed := e.Lacks().Variables
	for _, v := range needed {
		fmt.Fprintf(o.out, "The build needs a value for %s (%s:%d):\n", show.Name(v.Name), show.Name(v.File), v.Line)
		fmt.Fprintf(o.out, "    tandem init --set %s=…\n", show.Word(v.Name))
	}
	switch {
	case o.check || len(needed) > 0:
	case e.Verdict == explain.Fails:
		fmt.Fprint(o.out, "The build would fail. To see why:\n    tandem explain\n")
	default:
		fmt.Fprintf(o.out, "Build it:\n    %s\n", fail.ProjectCommand(e.App))
	}
}
