package pysource

import "strings"

// isQuote reports whether c begins a string.
func isQuote(c byte) bool { return c == '"' || c == '\'' }

// isPrefix reports whether a name in front of a quote is the prefix of a string.
func isPrefix(name string) bool {
	switch strings.ToLower(name) {
	case "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt":
		return true
	}
	return false
}

// prefixOf returns the prefix of a string in lower case.
func prefixOf(text string) string { return strings.ToLower(text[:nameLength(text)]) }

// quoteOf returns the end of a string whose text follows its prefix: one quote, or three.
func quoteOf(text string) string {
	if three := strings.Repeat(text[:1], 3); strings.HasPrefix(text, three) {
		return three
	}
	return text[:1]
}

// stringLength returns the length of the string, with prefix and quotes, at the beginning of text. It is 0 if the
// string does not end. Depth is the number of f-strings around it.
func stringLength(text string, depth int) int {
	prefix := prefixOf(text)
	quote := quoteOf(text[len(prefix):])
	fields := strings.ContainsAny(prefix, "ft")
	for i := len(prefix) + len(quote); i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, quote):
			return i + len(quote)
		case rest[0] == '\n' && len(quote) == 1:
			return 0
		// A backslash keeps a quote from ending even a raw string. In an f-string it does not hide a field. The name in
		// \N{DASH} is as long as a field.
		case rest[0] == '\\' && len(rest) > 1 && !(fields && strings.ContainsAny(rest[1:2], "{}")):
			i += 2
		case fields && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}")):
			i += 2
		case fields && rest[0] == '{':
			length := fieldLength(rest, quote, depth+1)
			if length == 0 {
				return 0
			}
			i += length
		default:
			i++
		}
	}
	return 0
}

// fieldLength returns the length of the replacement field at the beginning of text, with its braces. It is 0 if the
// field does not end. Since Python 3.12 a field may have strings with the quotes of the f-string around it, and
// comments: https://peps.python.org/pep-0701/
func fieldLength(text, quote string, depth int) int {
	if depth > maxDepth {
		return 0
	}
	brackets := 0 // those that are open: a colon or a brace in them belongs to the expression
	for i := 1; i < len(text); {
		rest := text[i:]
		name := nameLength(rest)
		switch c := rest[0]; {
		case isQuote(c) || name < len(rest) && isQuote(rest[name]) && isPrefix(rest[:name]):
			length := stringLength(rest, depth)
			if length == 0 {
				return 0
			}
			i += length
		case name > 0:
			i += name
		case c == '}' && brackets == 0:
			return i + 1
		case c == ':' && brackets == 0:
			if length := specLength(rest, quote, depth); length > 0 {
				return i + length
			}
			return 0
		case c == '#':
			i += lengthUntil(rest, "\n")
		default:
			brackets += strings.Count("([{", rest[:1]) - strings.Count(")]}", rest[:1])
			i++
		}
	}
	return 0
}

// specLength returns the length of the format specification at the beginning of text, with the colon before it and the
// brace that ends its field. It is 0 if the field does not end.
func specLength(text, quote string, depth int) int {
	for i := 1; i < len(text); {
		switch rest := text[i:]; {
		case rest[0] == '}':
			return i + 1
		case rest[0] == '{':
			length := fieldLength(rest, quote, depth+1)
			if length == 0 {
				return 0
			}
			i += length
		case strings.HasPrefix(rest, quote) || rest[0] == '\n' && len(quote) == 1:
			return 0
		default:
			i++
		}
	}
	return 0
}
