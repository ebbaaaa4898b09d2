package show

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// mostWord limits a word of a command: no path is longer. https://man7.org/linux/man-pages/man0/limits.h.0p.html
const mostWord = 4096

// Word returns word as one word of a shell command, as shell.Quote does.
func Word(word string) string {
	word, _ = cut(word, mostWord)
	return shell.Quote(word)
}

// QuotedWord returns word like Word, but in quotes even if a shell needs none.
func QuotedWord(word string) string {
	word, _ = cut(word, mostWord)
	return shell.QuoteAlways(word)
}

// Path returns the path of a file or a directory as one word, which no command takes for an option.
func Path(path string) string {
	path, _ = cut(path, mostWord)
	return shell.QuotePath(path)
}

// Command returns the words of a command as they are typed in a shell.
func Command(argv []string) string {
	words := make([]string, 0, len(argv))
	for _, word := range argv {
		words = append(words, Word(word))
	}
	return strings.Join(words, " ")
}
