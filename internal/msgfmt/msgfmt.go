// Package msgfmt replaces GNU gettext's program of that name in the steps of a build, where Django's compilemessages
// calls it. It knows only the options that compilemessages and hooks need.
package msgfmt

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/po"
)

// Name is the name by which the program is called.
const Name = "msgfmt"

// Is reports whether the program was started as msgfmt.
func Is(program string) bool { return filepath.Base(program) == Name }

// usage ends the error about what the program does not know.
const usage = "Tandem's msgfmt knows: -o FILE, -f, --use-fuzzy, -c, --check, --check-format, -v, --statistics, " +
	"and one FILE or -. The whole program is in the Debian package gettext"

// call has the options and files of the arguments.
type call struct {
	po.Options
	in, out string
	numbers bool // are printed
}

// Main compiles a .po file, as the arguments say. It returns the exit code.
// https://www.gnu.org/software/gettext/manual/html_node/msgfmt-Invocation.html
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c, err := parse(args[1:])
	if err == nil {
		err = c.run(stdin, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", Name, err)
		return 1
	}
	return 0
}

// parse reads the arguments. Short options may be joined, as in -cv.
func parse(args []string) (c call, err error) {
	c.out = "messages.mo"
	for i := 0; i < len(args); i++ {
		arg := args[i]
		flags, isShort := strings.CutPrefix(arg, "-")
		name, value, hasValue := strings.Cut(arg, "=")
		switch {
		case arg == "-" || !isShort:
			if c.in != "" {
				return c, errors.New("more than one file. " + usage)
			}
			c.in = arg
		case name == "--output-file" && hasValue:
			c.out = value
		case arg == "-o" || arg == "--output-file":
			if i++; i == len(args) {
				return c, errors.New(arg + " needs a file")
			}
			c.out = args[i]
		case strings.HasPrefix(flags, "o"):
			c.out = flags[1:]
		case !c.option(arg, flags):
			return c, fmt.Errorf("%s is not known. %s", arg, usage)
		}
	}
	if c.in == "" {
		return c, errors.New("no file. " + usage)
	}
	return c, nil
}

// option reads an option without a value. It returns false if the option is not known.
func (c *call) option(arg, flags string) bool {
	switch arg {
	case "--use-fuzzy":
		flags = "f"
	case "--check", "--check-format":
		flags = "c"
	case "--verbose", "--statistics":
		flags = "v"
	}
	for _, flag := range flags {
		switch flag {
		case 'f':
			c.Fuzzy = true
		case 'c':
			c.Check = true
		case 'v':
			c.numbers = true
		default:
			return false
		}
	}
	return true
}

// run compiles the file.
func (c call) run(stdin io.Reader, stdout, stderr io.Writer) error {
	text, err := c.read(stdin)
	if err != nil {
		return err
	}
	compiled, err := po.Compile(text, c.Options)
	if err != nil {
		return fmt.Errorf("%s: %w", c.in, err)
	}
	if c.numbers {
		fmt.Fprintf(stderr, "%d translated messages, %d fuzzy translations, %d untranslated messages.\n",
			compiled.Translated, compiled.Fuzzy, compiled.Untranslated)
	}
	if c.out == "-" {
		_, err := stdout.Write(compiled.MO)
		return err
	}
	return os.WriteFile(c.out, compiled.MO, 0o644)
}

// read returns the text that is compiled.
func (c call) read(stdin io.Reader) ([]byte, error) {
	if c.in != "-" {
		file, err := os.Open(c.in)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		stdin = file
	}
	most := limits.Size(".po")
	text, err := io.ReadAll(io.LimitReader(stdin, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s: %w", c.in, limits.ErrLarge)
	}
	return text, err
}
