package pysource

import "strings"

// scanner reads the tokens of a source.
// https://docs.python.org/3/reference/lexical_analysis.html
type scanner struct {
	text      string
	pos, line int
	open      []byte // the brackets that are open
}

// logicalLine returns the tokens of the next logical line and the width of its indentation. Lines without a token are
// skipped. There are no tokens at the end of the source.
func (s *scanner) logicalLine() (tokens Tokens, indent int, ok bool) {
	for s.pos < len(s.text) {
		indent = s.indentation()
		if tokens, ok = s.restOfLine(); !ok || len(tokens) > 0 {
			return tokens, indent, ok
		}
	}
	return nil, 0, true
}

// indentation skips white space at the beginning of a line and returns its width. A tab leads to a multiple of eight.
func (s *scanner) indentation() (width int) {
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case ' ':
			width++
		case '\t':
			width += 8 - width%8
		case '\f':
			width = 0
		default:
			return width
		}
	}
	return width
}

// restOfLine returns the tokens up to the end of the logical line, which brackets and backslashes continue.
func (s *scanner) restOfLine() (tokens Tokens, ok bool) {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '\n':
			s.pos, s.line = s.pos+1, s.line+1
			if len(s.open) == 0 {
				return tokens, true
			}
		case c == ' ' || c == '\t' || c == '\f':
			s.pos++
		case c == '#':
			s.pos += lengthUntil(s.text[s.pos:], "\n")
		case strings.HasPrefix(s.text[s.pos:], "\\\n"):
			s.pos, s.line = s.pos+2, s.line+1
		default:
			token, ok := s.token()
			if !ok {
				return tokens, false
			}
			tokens = append(tokens, token)
		}
	}
	return tokens, len(s.open) == 0
}

// lengthUntil returns how much of text is before end, or before the end of text.
func lengthUntil(text, end string) int {
	before, _, _ := strings.Cut(text, end)
	return len(before)
}

// token returns the next token.
func (s *scanner) token() (token Token, ok bool) {
	rest := s.text[s.pos:]
	token.Line = s.line
	length := nameLength(rest)
	switch c := rest[0]; {
	case isQuote(c) || length < len(rest) && isQuote(rest[length]) && isPrefix(rest[:length]):
		token.Kind, length = String, stringLength(rest, 0)
	case '0' <= c && c <= '9' || c == '.' && len(rest) > 1 && '0' <= rest[1] && rest[1] <= '9':
		token.Kind, length = Number, numberLength(rest)
	case length > 0:
		token.Kind = Name
	default:
		token.Kind, length = Op, operatorLength(rest)
		if length == 1 && !s.bracket(c) {
			return token, false
		}
	}
	if length == 0 {
		return token, false
	}
	token.Text = rest[:length]
	s.pos, s.line = s.pos+length, s.line+strings.Count(token.Text, "\n")
	return token, true
}

// bracket notes a bracket that opens or closes. It reports whether a closing one matches, and is true for other
// operators.
func (s *scanner) bracket(c byte) bool {
	switch c {
	case '(', '[', '{':
		s.open = append(s.open, c)
		return len(s.open) <= maxDepth
	case ')', ']', '}':
		last := len(s.open) - 1
		// In ASCII, a closing bracket comes one or two after its opening one.
		if last < 0 || c-s.open[last] > 2 {
			return false
		}
		s.open = s.open[:last]
	}
	return true
}

// nameLength returns the length of the name at the beginning of text. All letters beyond ASCII may be in names.
func nameLength(text string) int {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

// numberLength returns the length of the number at the beginning of text, with the sign of its exponent.
func numberLength(text string) int {
	hex := len(text) > 1 && text[1]|0x20 == 'x'
	for i := range len(text) {
		c := text[i]
		// A number does not begin with a sign.
		sign := (c == '+' || c == '-') && text[i-1]|0x20 == 'e' && !hex
		if !sign && c != '.' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return i
		}
	}
	return len(text)
}

// operatorLength returns the length of the operator at the beginning of text, or 0 if there is none.
func operatorLength(text string) int {
	const three, two = "**= //= >>= <<= ...", "== != <= >= -> := += -= *= /= %= &= |= ^= @= ** // << >>"
	switch {
	case len(text) >= 3 && !strings.Contains(text[:3], " ") && strings.Contains(three, text[:3]):
		return 3
	case len(text) >= 2 && !strings.Contains(text[:2], " ") && strings.Contains(two, text[:2]):
		return 2
	case strings.Contains("+-*/%@&|^~<>()[]{},:.;=!", text[:1]):
		return 1
	}
	return 0
}
