package manager

import (
	"iter"
	"strings"
)

// maxOption bounds the name of an option: no option of pip's is nearly as long.
const maxOption = 64

// cutOption returns the long name of the option that a line begins with, and its value: -r x, -rx, --requirement x and
// --requirement=x are the same. The name is empty if the line has no name of an option.
func cutOption(line string) (name, value string) {
	rest, long := strings.CutPrefix(line, "--")
	switch {
	case long:
		end := strings.IndexFunc(rest, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		})
		if end < 0 {
			end = len(rest)
		}
		if name, value = rest[:end], rest[end:]; value != "" && !strings.ContainsRune("= \t", rune(value[0])) ||
			len(name) > maxOption {
			return "", ""
		}
	case len(line) > 1 && line[0] == '-':
		name, value = longOption(line[1]), line[2:]
	}
	value = strings.TrimPrefix(strings.TrimSpace(value), "=")
	return name, strings.Trim(value, "\"' \t")
}

// longOption returns the long name of an option that a requirements file may abbreviate.
func longOption(letter byte) string {
	switch letter {
	case 'e':
		return "editable"
	case 'r':
		return "requirement"
	case 'c':
		return "constraint"
	case 'f':
		return "find-links"
	case 'i':
		return "index-url"
	}
	return ""
}

// logicalLines yields the lines of a requirements file with their numbers, without comments, surrounding space and
// empty ones. A backslash at the end of a line joins it with the next, up to a comment.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/#line-continuations
func logicalLines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		var before strings.Builder // of the line, joined so far
		number, first := 0, 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimRight(line, "\r\n")
			if before.Len() == 0 {
				first = number
			}
			rest, continued := strings.CutSuffix(line, `\`)
			if continued && !strings.HasPrefix(strings.TrimSpace(line), "#") {
				before.WriteString(rest + " ")
				continue
			}
			if before.Len() > 0 {
				before.WriteString(line)
				line = before.String()
				before.Reset()
			}
			if line = uncommented(line); line != "" && !yield(first, line) {
				return
			}
		}
		if line := uncommented(before.String()); line != "" {
			yield(first, line)
		}
	}
}

// Lines returns a text's lines without comments, surrounding space and empty ones.
func Lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = uncommented(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// uncommented returns a line without its comment and surrounding space.
func uncommented(line string) string {
	for from := 0; ; {
		i := strings.IndexByte(line[from:], '#')
		if i < 0 {
			return strings.TrimSpace(line)
		}
		if i += from; i == 0 || line[i-1] == ' ' || line[i-1] == '\t' {
			return strings.TrimSpace(line[:i])
		}
		from = i + 1
	}
}
