package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	tandem "github.com/tandem-cnb/tandem"
	"github.com/tandem-cnb/tandem/internal/explain"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// options are the flags of tandem explain.
type options struct {
	env           []string
	format, color string
	json, strict  bool
	verbose       bool
	environ       []string
	out           io.Writer
}

// formats lists the values of --format, the default one first.
const formats = "text, json, github (annotations of a workflow) or markdown"

// newCommand returns the command with its subcommands. environ is the environment, out the standard output.
func newCommand(environ []string, out io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "tandem",
		Short: "Show what a build of an app with Tandem would do",
		Long: "Tandem builds container images of Python web apps whose static files need Node.js.\n" +
			"This command shows what a build would do. It needs neither Docker nor a network.",
		Version: explain.Own().Buildpack.Version, SilenceErrors: true, SilenceUsage: true,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return fmt.Errorf("a command is missing, such as %s explain", c.Name())
		},
	}
	root.SetVersionTemplate("Tandem {{.Version}}\n")
	root.AddCommand(explainCommand(options{environ: environ, out: out}), initCommand(initOptions{out: out}),
		versionCommand())
	root.SetHelpCommand(helpCommand(root))
	return root
}

// explainCommand returns the command tandem explain. Its flags are written into o.
func explainCommand(o options) *cobra.Command {
	c := &cobra.Command{
		Use:   "explain [DIR]",
		Short: "Explain a build of the app in DIR, without running it",
		Long: `Explain what a build of the app in the directory DIR would do, and why. DIR is the current
directory if it is missing. Nothing is downloaded, and nothing of the app runs.

Variables come from project.toml, then from the environment if the name begins with BP_, then
from --env. The last one wins.

Exit codes: 0 the build can begin, 1 it would fail or the container could not start, 2 the command
line is wrong or DIR cannot be read, 3 Tandem does not apply, 70 a defect of Tandem.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return o.explain(append(args, ".")[0]) },
	}
	flags := c.Flags()
	flags.StringArrayVar(&o.env, "env", nil, "a variable of the build, `NAME[=VALUE]`; may be repeated")
	flags.StringVar(&o.format, "format", "text", formats)
	flags.BoolVar(&o.json, "json", false, "short for --format json")
	flags.StringVar(&o.color, "color", "auto", "auto, always or never")
	flags.BoolVar(&o.strict, "strict", false, "exit with 1 for a warning too")
	flags.BoolVar(&o.verbose, "verbose", false, "show all steps, and whole commands")
	return c
}

// explain runs the command.
func (o options) explain(dir string) error {
	if o.json {
		o.format = "json"
	}
	color, err := o.colored()
	if err != nil {
		return err
	}
	vars, err := variables(o.environ, o.env)
	if err != nil {
		return err
	}
	e, err := directory(dir, vars)
	if err != nil {
		return err
	}
	switch o.format {
	case "json":
		err = e.WriteJSON(o.out)
	case "github":
		e.WriteGitHub(o.out)
	case "markdown":
		e.WriteMarkdown(o.out)
	case "text":
		e.Write(o.out, explain.Look{Color: color, Verbose: o.verbose})
	default:
		return fmt.Errorf("--format %s is not %s", o.format, formats)
	}
	if code := e.Code(o.strict); err == nil && code != explain.ExitOK {
		return exitError(code)
	}
	return err
}

// colored reports whether the text has colors: in a terminal, unless the environment says that it must not.
// https://no-color.org
func (o options) colored() (bool, error) {
	switch o.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return isTerminal(o.out) && ui.Colored(o.environ) && !slices.Contains(o.environ, "TERM=dumb"), nil
	}
	return false, fmt.Errorf("--color %s is not one of auto, always, never", o.color)
}

// isTerminal reports whether out is a terminal, or another character device.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// versionCommand returns the command tandem version, which prints the version of the buildpack.
func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { c.Printf("Tandem %s\n", explain.Own().Buildpack.Version) },
	}
}

// helpCommand returns the command that explains commands and ids.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND|ID]", Short: "Explain a command, or an error or a warning by its id",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			topic := append(args, "")[0]
			if strings.Contains(topic, "/") {
				text, err := idPage(topic)
				if err == nil {
					c.Print(text)
				}
				return err
			}
			found, _, err := root.Find(args)
			if err != nil {
				return err
			}
			return found.Help()
		},
	}
}

// idPage returns what the documentation says about an error, a warning or a note.
func idPage(id string) (string, error) {
	group, name, _ := strings.Cut(id, "/")
	page, err := tandem.Pages.ReadFile("docs/errors/" + group + ".md")
	if _, text, found := strings.Cut("\n"+string(page), "\n## "+name+"\n"); err == nil && found {
		text, _, _ = strings.Cut(text, "\n## ")
		return "# " + id + "\n\n" + strings.TrimSpace(text) + "\n", nil
	}
	page, _ = tandem.Pages.ReadFile("docs/reference/notes.md") // it is a part of the program
	if _, row, found := strings.Cut(string(page), "\n| `"+id+"` | "); found {
		text, _, _ := strings.Cut(row, " |\n")
		return "# " + id + "\n\n" + text + "\n", nil
	}
	return "", fmt.Errorf("no error, warning or note has the id %s", id)
}
