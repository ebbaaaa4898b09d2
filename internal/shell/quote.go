// Package shell quotes, splits and analyzes the words of shell commands with mvdan.cc/sh. It runs and expands nothing.
package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Quote returns word as one word of a shell command, in quotes if it needs any. The shell expands nothing in it.
// NUL is removed: no word of a shell can contain it.
func Quote(word string) string {
	word = strings.ReplaceAll(word, "\x00", "")
	if name, value, ok := strings.Cut(word, "="); ok && isBare(name) && (value == "" || Quote(value) == value) {
		return word // an assignment only where a command begins, so "--omit=dev" stays as it is
	}
	return quote(word)
}

// QuoteAlways returns word like Quote, but in quotes even if a shell needs none.
func QuoteAlways(word string) string {
	if quoted := Quote(word); quoted != word {
		return quoted
	}
	return "'" + word + "'"
}

// QuotePath returns the path of a file or a directory as one word, which no command takes for an option.
func QuotePath(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	return Quote(path)
}

// In returns a command prefixed so that it runs in dir, relative to the user's directory. That is "." or "".
func In(dir, command string) string {
	if dir == "." || dir == "" {
		return command
	}
	return "cd " + QuotePath(dir) + " && " + command
}

// isBare reports whether a word means itself without quotes.
func isBare(word string) bool { return word != "" && quote(word) == word }

// quote returns word in the quotes of bash, which have escapes for what cannot be printed.
func quote(word string) string {
	quoted, err := syntax.Quote(word, syntax.LangBash)
	if err != nil { // only NUL cannot be quoted
		panic(err)
	}
	return quoted
}
