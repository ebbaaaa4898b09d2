package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// commandName is the name of a management command: that of a module, in some apps with a dash.
var commandName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// commands returns management commands, one on a line or with ";" between them. No shell runs them, so what only a
// shell can do is an error.
func commands(lookup func(string) (string, bool), name string) (all [][]string, err error) {
	for line := range strings.Lines(text(lookup, name)) {
		split, err := shell.Split(line)
		var operator shell.OperatorError
		if errors.As(err, &operator) {
			err = fmt.Errorf("no shell runs it, so %c is not valid", byte(operator))
		}
		for _, words := range split {
			if !isManagement(words[0]) { // of two mistakes the first one is told
				err = errors.New("it does not begin with the name of a management command")
				break
			}
		}
		if err != nil {
			return nil, commandError(name, strings.TrimSpace(line), err)
		}
		all = append(all, split...)
	}
	return all, nil
}

// arguments returns the arguments of one command, split as those of management commands.
func arguments(lookup func(string) (string, bool), name string) ([]string, error) {
	value := text(lookup, name)
	all, err := shell.Split(value)
	switch {
	case err != nil:
	case len(all) > 1:
		err = errors.New("it has more than one command")
	case len(all) == 1:
		return all[0], nil
	default:
		return nil, nil
	}
	invalid := valueError(name+" does not have the options of collectstatic",
		fmt.Sprintf("    %s\n%s.", show.Line(value), show.Reason(err)),
		fail.Say{Text: "Write only the options, as after collectstatic:"},
		fail.Set{Name: name, Value: "--clear --ignore *.scss"})
	invalid.Err = err
	return nil, invalid
}

// isManagement reports whether a word may be the name of a management command. Words before one, such as python, are a
// mistake that is explained.
func isManagement(word string) bool {
	return commandName.MatchString(word) && !slices.Contains([]string{"python", "python3", "django-admin"}, word)
}

// commandError returns the error for a line of management commands.
func commandError(name, line string, err error) error {
	invalid := valueError(name+" has a line that is not a management command",
		fmt.Sprintf("    %s\n%s.", show.Line(line), show.Reason(err)),
		fail.Say{Text: "Write each command as after manage.py, one a line or with ; between:"},
		fail.Edit{Lines: []string{name + `="compilescss; compress --force"`}})
	invalid.Err = err
	return invalid
}
