// Package show writes names, values, lists and commands of an app into texts that people read. It removes characters
// that a terminal or a CI system would act on. It prints nothing itself.
package show

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostLetters    = 200  // of a name, a value or a line
	mostPrinted    = 1000 // of a line that a command printed: uv explains a conflict in one
	mostInSentence = 3    // names of a list
	mostBelow      = 10   // lines below each other
	mostOfAKind    = 5    // notes
)

// Name returns a name as it is if a reader can see what it is, and in quotes otherwise. Letters, marks, digits,
// punctuation, single blanks, = and + need no quotes: packages are named with a version, as in markupsafe==3.0.2.
func Name(name string) string { return quoted(name, isPlain) }

// isPlain reports whether a name needs no quotes.
func isPlain(name string) bool {
	for _, r := range name {
		if r != ' ' && r != '=' && r != '+' && !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P) {
			return false
		}
	}
	return isText(name) && !strings.Contains(name, "  ")
}

// Value returns what a file or a variable contains: a version, a range, a command line. Unlike a name it may have
// symbols.
func Value(value string) string { return quoted(value, isText) }

// isText reports whether all of value can be seen.
func isText(value string) bool {
	for _, r := range value {
		if !unicode.IsGraphic(r) {
			return false
		}
	}
	return value != "" && utf8.ValidString(value) && strings.TrimSpace(value) == value
}

// Quoted returns a value in quotes.
func Quoted(value string) string { return quoted(value, func(string) bool { return false }) }

// quoted returns the beginning of text, in quotes unless it needs none.
func quoted(text string, needsNone func(shown string) bool) string {
	shown, more := cut(text, mostLetters)
	if !needsNone(shown) {
		shown = strconv.Quote(shown)
	}
	return shown + more
}

// Line returns a line of a file for a line of its own.
func Line(line string) string {
	shown, more := cut(strings.TrimSpace(line), mostLetters)
	return Clean(strings.ReplaceAll(shown, "\n", `\n`)) + more
}

// Printed returns a line that a command printed, as an error repeats it.
func Printed(line string) string {
	shown, more := cut(strings.ReplaceAll(line, "\t", "    "), mostPrinted)
	return shown + more
}

// Reason returns the text of an error of a parser or of the system, which may repeat names and values.
func Reason(err error) string {
	text := strings.TrimSpace(err.Error())
	var of *fs.PathError
	if errors.As(err, &of) {
		text = strings.ReplaceAll(text, of.Path, Name(of.Path))
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		shown, more := cut(strings.TrimRight(line, " \r"), mostLetters)
		lines[i] = shown + more
	}
	return strings.Join(few(lines, mostBelow, "and %d lines more"), "\n")
}

// Size returns a number of bytes in the largest unit of which there is one.
func Size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	case bytes >= 1<<10:
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%d bytes", bytes)
}

// Count returns a number of things that are called by a noun: "1 package", "2 packages".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// List returns "a", "a and b" or "a, b and c". Of a long list it returns the beginning and how many names follow. If
// only one or two more names follow, it returns all names: "and 1 more" saves no space.
func List(names []string) string {
	shown, more := inSentence(names)
	if more > 0 {
		shown = append(shown, fmt.Sprintf("%d more", more))
	}
	if len(shown) < 2 {
		return strings.Join(shown, "")
	}
	last := len(shown) - 1
	return strings.Join(shown[:last], ", ") + " and " + shown[last]
}

// Series is like List, without "and" before the last name: "a, b, c".
func Series(names []string) string {
	shown, more := inSentence(names)
	if more > 0 {
		return strings.Join(shown, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(shown, ", ")
}

// inSentence returns the names that a sentence shows, and how many it excludes.
func inSentence(names []string) (shown []string, more int) {
	most := len(names)
	if most > mostInSentence+2 {
		most = mostInSentence
	}
	for _, name := range names[:most] {
		shown = append(shown, Name(name))
	}
	return shown, len(names) - most
}

// Below returns lines one below the other, indented. Of a long list it returns the beginning and how many lines follow.
func Below(lines []string) string {
	return "    " + strings.Join(few(lines, mostBelow, "and %d more"), "\n    ")
}

// Notes returns notes of one kind. Of a long list it returns the beginning and how many notes follow.
func Notes(notes []string) []string { return few(notes, mostOfAKind, "and %d more of this kind") }

// few returns the first lines, at most most, and a line that says how many follow; more is its format.
func few(lines []string, most int, more string) []string {
	if len(lines) <= most {
		return lines
	}
	return append(append([]string{}, lines[:most]...), fmt.Sprintf(more, len(lines)-most))
}

// cut returns at most the first most letters of text. more is "…" if there are more, and else empty.
func cut(text string, most int) (shown, more string) {
	letters := 0
	for i := range text {
		if letters == most {
			return text[:i], "…"
		}
		letters++
	}
	return text, ""
}
