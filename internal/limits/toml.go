package limits

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

const (
	// Depth is how many brackets, or dots of one name, may be within each other.
	Depth = 100

	// maxKeys bounds the keys of a text, each as often as it is deep: the parser keeps the whole path of every key.
	maxKeys = 1_000_000

	// maxWhole is the size up to which a lockfile is parsed as a whole. Hardly any lockfile is larger.
	maxWhole = 2 << 20

	maxParts = 4 << 20 // of a larger one, what is parsed
)

// DecodeTOML is like toml.Decode, for a text of bounded depth. The parser calls itself for each level, and its memory
// grows with the square of the depth.
func DecodeTOML(text string, into any) (toml.MetaData, error) {
	if err := checkDepth(text, maxKeys); err != nil {
		return toml.MetaData{}, err
	}
	return toml.Decode(text, into)
}

// DecodeLock is like DecodeTOML, for a lockfile of which only some tables and keys matter. It ignores all other
// statements of a large lockfile, including syntax errors, which the package manager itself reports.
func DecodeLock(text string, into any, tables, keys []string) error {
	if len(text) > maxWhole {
		if err := checkDepth(text, len(text)*Depth); err != nil {
			return err
		}
		if text = selectStatements(text, tables, keys); len(text) > maxParts {
			return fmt.Errorf("it has too many packages: their names and sources alone have more than %d MB",
				maxParts>>20)
		}
	}
	_, err := DecodeTOML(text, into)
	return err
}

// checkDepth returns an error with the line in which a text becomes too deep, or has one key too many.
func checkDepth(text string, maxKeys int) error {
	s := scan(text)
	for s.pos < len(text) {
		if s.next(); s.depth+s.dots > Depth {
			return fmt.Errorf("line %d is nested more than %d levels deep", s.line, Depth)
		}
		if s.keys > maxKeys {
			return fmt.Errorf("up to line %d there are more keys than are read, or they are too deep", s.line)
		}
	}
	return nil
}

// selectStatements returns the statements of a text that are the header of one of the tables or set one of the keys.
func selectStatements(text string, tables, keys []string) string {
	var out strings.Builder
	s := scan(text)
	for start := 0; start < len(text); start = s.pos {
		s.statement()
		statement := text[start:s.pos]
		name, _, isValue := strings.Cut(statement, "=")
		name = strings.TrimSpace(name)
		if isValue && slices.Contains(keys, strings.Trim(name, `"'`)) || !isValue && slices.Contains(tables, name) {
			out.WriteString(statement)
		}
	}
	return out.String()
}

// scanner reads TOML from left to right and knows only its strings, comments and brackets. Where it takes a text for
// something else than the parser does, the parser has found an error before. https://toml.io/en/v1.0.0
type scanner struct {
	text      string
	pos, line int
	depth     int  // of brackets
	dots      int  // of the name at pos
	header    int  // dots of the table's name
	inHeader  bool // pos is in the name of a table
	fresh     bool // only blanks are before pos in its line
	keys      int  // see maxKeys
}

// scan returns a scanner at the beginning of a text.
func scan(text string) scanner { return scanner{text: text, line: 1, fresh: true} }

// statement reads to the end of a line that is not within brackets or a string.
func (s *scanner) statement() {
	for s.pos < len(s.text) {
		if c := s.text[s.pos]; s.next() && c == '\n' && s.depth == 0 {
			return
		}
	}
}

// next reads one character, or a whole string or comment. It reports whether it was a character.
func (s *scanner) next() bool {
	c := s.text[s.pos]
	switch c {
	case '"', '\'':
		end, lines := behindString(s.text, s.pos)
		s.pos, s.line, s.fresh = end, s.line+lines, false
		return false
	case '#':
		if end := strings.IndexByte(s.text[s.pos:], '\n'); end >= 0 {
			s.pos += end
		} else {
			s.pos = len(s.text)
		}
		return false
	}
	s.pos++
	s.char(c)
	s.fresh = c == '\n' || s.fresh && (c == ' ' || c == '\t')
	return true
}

// char handles a character outside of strings and comments: a bracket or a separator.
func (s *scanner) char(c byte) {
	switch c {
	case '\n':
		if s.inHeader {
			s.header = s.dots
		}
		s.line++
		s.dots, s.inHeader = 0, false
	case '=':
		// The parser keeps the whole path of a key: the table's name, its own, and the tables in it.
		s.keys += s.header + s.dots + s.depth + 1
		s.dots = 0
	case ',':
		s.dots = 0
	case '[', '{':
		s.inHeader = s.inHeader || s.depth == 0 && s.fresh
		s.depth, s.dots = s.depth+1, 0
	case ']', '}':
		s.depth = max(0, s.depth-1)
		if !s.inHeader {
			s.dots = 0
		}
	case '.':
		s.dots++
	}
}

// behindString returns where the string that begins at i ends, and how many lines it has.
func behindString(text string, i int) (end, lines int) {
	quote := text[i]
	long := i+2 < len(text) && text[i+1] == quote && text[i+2] == quote
	if long {
		i += 2
	}
	for i++; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote == '"':
			if i++; i < len(text) && text[i] == '\n' {
				lines++
			}
		case c == '\n' && !long:
			return i, lines // not closed: an error to the parser
		case c == '\n':
			lines++
		case c == quote && !long:
			return i + 1, lines
		case c == quote && i+2 < len(text) && text[i+1] == quote && text[i+2] == quote:
			return i + 3, lines
		}
	}
	return len(text), lines
}
