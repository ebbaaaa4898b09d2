package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// commandName is the name of a management command: that of a module, in some apps with a dash.
var commandName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// commands are management commands, one a line or with ";" between. Words are split as a shell does, but nothing is
// expanded, and no shell runs: what only a shell can do is an error.
func commands(lookup func(string) (string, bool), name string) (out [][]string, err error) {
	for line := range strings.Lines(text(lookup, name)) {
		for rest := []rune(line); len(rest) > 0; {
			var parser shellwords.Parser
			words, err := parser.Parse(string(rest))
			end := parser.Position
			if end < 0 {
				end = len(rest)
			}
			if err == nil {
				err = check(words, rest[end:])
			}
			if err != nil {
				return nil, commandError(name, strings.TrimSpace(line), err)
			}
			if len(words) > 0 {
				out = append(out, words)
			}
			rest = rest[min(end+1, len(rest)):]
		}
	}
	return out, nil
}

func check(words []string, rest []rune) error {
	switch {
	case len(rest) > 0 && rest[0] != ';':
		return fmt.Errorf("no shell runs it, so %c means nothing", rest[0])
	case len(words) > 0 && (words[0] == "python" || words[0] == "python3" || words[0] == "django-admin" || !commandName.MatchString(words[0])):
		return errors.New("it does not begin with the name of a management command")
	}
	return nil
}

func commandError(name, line string, err error) error {
	return &fail.Error{
		ID: "config/value", What: fmt.Sprintf("%s has a line that is not a management command", name), Err: err,
		Why: fmt.Sprintf("    %s\n%s.", show.Line(line), show.Reason(err)),
		Fix: fail.Text("Write each command as after manage.py, one a line or with ; between:\n    " + name + "=\"compilescss; compress --force\""),
	}
}
