package manager

import (
	"strings"
)

// preloads reports whether an option of NODE_OPTIONS names a file or a module without which Node.js does not start.
// https://nodejs.org/api/cli.html#node_optionsoptions
func preloads(option string) bool {
	switch option {
	case "--require", "-r", "--import", "--loader", "--experimental-loader", "--openssl-config":
		return true
	}
	return false
}

// WithoutPreloads returns a value of NODE_OPTIONS without the options that preload a module for which drop is true.
func WithoutPreloads(options string, drop func(module string) bool) string {
	words := nodeWords(options)
	var kept []string
	for i := 0; i < len(words); i++ {
		name, module, joined := strings.Cut(words[i], "=")
		if !preloads(name) || !joined && i+1 == len(words) {
			kept = append(kept, words[i])
			continue
		}
		all := []string{words[i]}
		if !joined {
			i++
			module, all = words[i], append(all, words[i])
		}
		if !drop(strings.TrimPrefix(unquoted(module), "file://")) {
			kept = append(kept, all...)
		}
	}
	if len(kept) == len(words) {
		return options // as it was written
	}
	return strings.Join(kept, " ")
}

// nodeWords returns the words as they are written. Spaces separate them, except in double quotes.
func nodeWords(options string) (words []string) {
	var word strings.Builder
	quoted, escaped := false, false
	for _, r := range options + " " {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			if word.Len() > 0 {
				words = append(words, word.String())
				word.Reset()
			}
			continue
		}
		word.WriteRune(r)
	}
	return words
}

// unquoted returns a word of NODE_OPTIONS as Node.js reads it: without quotes and their escapes.
func unquoted(word string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `"`, "").Replace(word)
}

// LimitsHeap reports whether a value of NODE_OPTIONS limits the memory of Node.js.
func LimitsHeap(options string) bool {
	for _, word := range nodeWords(options) {
		name, _, _ := strings.Cut(strings.ReplaceAll(word, "_", "-"), "=")
		switch name {
		case "--max-old-space-size", "--max-old-space-size-percentage", "--max-heap-size":
			return true
		}
	}
	return false
}
