package pysource

import (
	"strconv"
	"strings"
)

// Literal returns the value of an expression that has only string literals, which Python joins. Ok is false for all
// other expressions, such as bytes and f-strings.
func (t Tokens) Literal() (value string, ok bool) {
	t = t.unwrapped()
	for _, token := range t {
		part, ok := token.literal()
		if !ok {
			return "", false
		}
		value += part
	}
	return value, len(t) > 0
}

// unwrapped returns an expression without the parentheses around it.
func (t Tokens) unwrapped() Tokens {
	for len(t) > 0 && t[0].is("(") && t[1:].closing() == len(t)-2 {
		t = t[1 : len(t)-1]
	}
	return t
}

// literal returns the value of a token that is a string without fields.
func (t Token) literal() (value string, ok bool) {
	if t.Kind != String {
		return "", false
	}
	prefix := prefixOf(t.Text)
	quoted := t.Text[len(prefix):]
	quote := len(quoteOf(quoted))
	value = quoted[quote : len(quoted)-quote]
	switch {
	case strings.ContainsAny(prefix, "bft"):
		return "", false
	case strings.Contains(prefix, "r"):
		return value, true
	}
	return unescaped(value)
}

// unescaped replaces the escape sequences of a string. Ok is false if one of them is not valid or names a character.
func unescaped(text string) (value string, ok bool) {
	var out strings.Builder
	for {
		before, after, _ := strings.Cut(text, `\`)
		out.WriteString(before)
		if after == "" { // no string ends with a backslash
			return out.String(), true
		}
		char, length, ok := escape(after)
		if !ok {
			return "", false
		}
		out.WriteString(char)
		text = after[length:]
	}
}

// escape returns the text for the escape sequence at the beginning of text, which follows a backslash, and the length
// of the sequence. Ok is false if it is not valid or names a character.
// https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences
func escape(text string) (char string, length int, ok bool) {
	switch c := text[0]; c {
	case '\n':
		return "", 1, true
	case '\\', '\'', '"':
		return text[:1], 1, true
	case 'N':
		return "", 0, false
	case 'x':
		return character(text, 1, 2, 16)
	case 'u':
		return character(text, 1, 4, 16)
	case 'U':
		return character(text, 1, 8, 16)
	default:
		if i := strings.IndexByte("abfnrtv", c); i >= 0 {
			return "\a\b\f\n\r\t\v"[i : i+1], 1, true
		}
		if '0' <= c && c <= '7' {
			octal := len(text) - len(strings.TrimLeft(text, "01234567"))
			return character(text, 0, min(octal, 3), 8)
		}
		return `\`, 0, true // Python keeps a backslash that begins no escape sequence
	}
}

// character returns the character whose number has so many digits in text, and where the digits end. Ok is false if
// text has fewer.
func character(text string, begin, digits, base int) (char string, end int, ok bool) {
	if end = begin + digits; end > len(text) {
		return "", 0, false
	}
	number, err := strconv.ParseUint(text[begin:end], base, 31)
	return string(rune(number)), end, err == nil
}

// Literals returns the strings in an expression of lists, tuples and sets, and their sums. Complete is false if it may
// have more elements, or others than strings.
func (t Tokens) Literals() (values []string, complete bool) {
	complete = true
	for _, term := range t.unwrappedList().Split("+") {
		all, ok := term.listLiterals()
		values, complete = append(values, all...), complete && ok
	}
	return values, complete
}

// unwrappedList returns an expression without parentheses that do not make a tuple.
func (t Tokens) unwrappedList() Tokens {
	if inner := t.unwrapped(); len(inner) > 0 && len(inner.Split(",")) == 1 {
		return inner
	}
	return t
}

// listLiterals returns the strings in one list, tuple or set.
func (t Tokens) listLiterals() (values []string, complete bool) {
	last := len(t) - 1
	if last < 1 || !t[0].is("[") && !t[0].is("(") && !t[0].is("{") || t[1:].closing() != last-1 {
		return nil, false
	}
	complete = true
	for _, item := range t[1:last].Split(",") {
		value, ok := item.Literal()
		switch {
		case ok:
			values = append(values, value)
		case len(item) > 0:
			complete = false
		}
	}
	return values, complete
}
