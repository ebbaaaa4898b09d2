package app

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// arguments are the words of a server's command line.
type arguments struct {
	options map[string]shell.Word // with their values; the value of an option without one is empty
	rest    []shell.Word
}

// argumentsOf reads words as argparse and click do: an option and its value are two words, or one with "=", or a short
// option with its value, as in -w4. An option that is not known has a value, so that no value is taken for an app;
// unless another option follows. flags are the options without a value.
func argumentsOf(words []shell.Word, flags []string) arguments {
	a := arguments{options: map[string]shell.Word{}}
	for i := 0; i < len(words); i++ {
		word := words[i]
		name, value, hasValue := strings.Cut(word.Text, "=")
		switch isLong := strings.HasPrefix(word.Text, "--"); {
		case !strings.HasPrefix(word.Text, "-"):
			a.rest = append(a.rest, word)
		case isLong && hasValue:
			a.options[name] = shell.Word{Text: value, Static: word.Static}
		case !isLong && len(word.Text) > 2: // -w4
			a.options[word.Text[:2]] = shell.Word{Text: word.Text[2:], Static: word.Static}
		case slices.Contains(flags, word.Text), i+1 < len(words) && isOption(words[i+1]):
			a.options[word.Text] = shell.Word{Static: true}
		case i+1 < len(words):
			i++
			a.options[word.Text] = words[i]
		}
	}
	return a
}

// isOption reports whether a word is an option. A hyphen alone is a value: the standard output.
func isOption(word shell.Word) bool { return len(word.Text) > 1 && strings.HasPrefix(word.Text, "-") }

// option returns the value of the first option that is set. Static is true if none is.
func (a arguments) option(names ...string) shell.Word {
	for _, name := range names {
		if word, ok := a.options[name]; ok {
			return word
		}
	}
	return shell.Word{Static: true}
}
