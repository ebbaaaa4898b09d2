package show

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// mostWord limits a word of a command: no path is longer. https://man7.org/linux/man-pages/man0/limits.h.0p.html
const mostWord = 4096

// Word returns word as one word of a shell command. The shell expands nothing in it.
func Word(word string) string {
	word, _ = cut(strings.ReplaceAll(word, "\x00", ""), mostWord) // no word of a shell can contain NUL
	if name, value, ok := strings.Cut(word, "="); ok && isBare(name) && (value == "" || Word(value) == value) {
		return word // an assignment only where a command begins, so "--omit=dev" stays as it is
	}
	return quote(word)
}

// QuotedWord returns word like Word, but in quotes even if a shell needs none.
func QuotedWord(word string) string {
	if quoted := Word(word); quoted != word {
		return quoted
	}
	return "'" + word + "'"
}

func isBare(word string) bool { return word != "" && quote(word) == word }

func quote(word string) string {
	quoted, err := syntax.Quote(word, syntax.LangBash)
	if err != nil {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return quoted
}

// Path returns the path of a file or a directory as one word, which no command takes for an option.
func Path(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	return Word(path)
}

// Command returns the words of a command as they are typed in a shell.
func Command(argv []string) string {
	words := make([]string, 0, len(argv))
	for _, word := range argv {
		words = append(words, Word(word))
	}
	return strings.Join(words, " ")
}
