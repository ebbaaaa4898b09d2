package manager

import (
	"strings"
)

// Options of Node.js in NODE_OPTIONS that name a file or a module without which it does not start.
// https://nodejs.org/api/cli.html#node_optionsoptions
var preloading = []string{"--require", "-r", "--import", "--loader", "--experimental-loader", "--openssl-config"}

// WithoutPreloads is a value of NODE_OPTIONS without what names such a module, where drop says so.
func WithoutPreloads(options string, drop func(module string) bool) string {
	words := nodeWords(options)
	var kept []string
	for i := 0; i < len(words); i++ {
		name, module, joined := strings.Cut(words[i], "=")
		if !among(name, preloading) || !joined && i+1 == len(words) {
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

// nodeWords are the words as they are written: spaces part them, but for those in double quotes.
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

func unquoted(word string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `"`, "").Replace(word)
}

// LimitsHeap tells whether a value of NODE_OPTIONS says how much memory Node.js may use.
func LimitsHeap(options string) bool {
	for _, word := range nodeWords(options) {
		name, _, _ := strings.Cut(strings.ReplaceAll(word, "_", "-"), "=")
		if among(name, []string{"--max-old-space-size", "--max-old-space-size-percentage", "--max-heap-size"}) {
			return true
		}
	}
	return false
}
