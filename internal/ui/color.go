package ui

import (
	"slices"
	"strings"
)

// Style is a color of the log, as parameters of SGR (ECMA-48, 8.3.117).
type Style string

// The styles. Every line is understood without them.
const (
	Plain   Style = ""
	Bold    Style = "1"
	Warning Style = "1;33"
	Failed  Style = "1;31"
	dim     Style = "2"
	command Style = "36"
)

// Paint returns text in a style if color is on. A build has no terminal, so the platform removes colors where they are
// not wanted, as pack does for a file.
func Paint(color bool, s Style, text string) string {
	if !color || s == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Colored reports whether the log of a build has colors. environ is the environment, as "NAME=value".
// https://no-color.org
func Colored(environ []string) bool {
	return !slices.ContainsFunc(environ, func(entry string) bool {
		value, is := strings.CutPrefix(entry, "NO_COLOR=")
		return is && value != ""
	})
}

// Error returns the text of an error with colors for the words that begin it and its fix.
func Error(text string, color bool) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, "Error: "); ok {
			lines[i] = Paint(color, Failed, "Error:") + " " + rest
		} else if rest, ok := strings.CutPrefix(line, "  Fix: "); ok {
			lines[i] = "  " + Paint(color, Bold, "Fix:") + " " + rest
		}
	}
	return strings.Join(lines, "\n")
}
