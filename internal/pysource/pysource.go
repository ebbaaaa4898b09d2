// Package pysource splits Python source into statements and tokens, and reads literals, calls and imports from them. It
// runs nothing, and knows no value that is computed.
//
// It is for questions that the text of a file answers: which names a module assigns, what it imports and calls, and
// whether a statement certainly runs. A caller that finds no answer must treat it as unknown, not as no:
//
//	statements, complete := pysource.Read(text)
//	for _, s := range statements {
//		if !s.Always() {
//			continue // in a branch or a function
//		}
//		if a := s.Assignment(); slices.Contains(a.Names, "app") {
//			call, _, isCall := a.Value.Leading() // Flask(__name__)
//		}
//	}
//
// Time and memory are in proportion to the size of the source, whatever it contains.
package pysource

import "strings"

// Limits of a source. CPython has 200 levels of brackets and 100 of indentation:
// https://github.com/python/cpython/blob/3.13/Parser/lexer/state.h
const (
	MaxSize   = 1 << 20 // bytes
	maxDepth  = 50      // brackets within each other; also f-strings
	maxBlocks = 100
)

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens.
const (
	Name   Kind = iota + 1 // also a keyword
	Number                 // its text is not checked
	String                 // with its prefix and quotes
	Op                     // an operator or a bracket
)

// Token is a token of a source, in the notation of the source.
type Token struct {
	Kind Kind
	Text string
	Line int // where it begins, counted from 1
}

// is reports whether t is the operator or name text. A string never is.
func (t Token) is(text string) bool { return t.Text == text }

// Tokens are consecutive tokens of a statement, such as an expression. They have no comments and no line breaks. They
// share their memory with the statement: the caller must not change them.
type Tokens []Token

// Statement is a simple statement, or the first line of a compound one, which ends with a colon.
type Statement struct {
	Tokens          // at least one
	In     []string // keywords of the blocks around it, outermost first: "class", "if". The caller must not change it
}

// Line returns the line on which the statement begins, counted from 1.
func (s Statement) Line() int { return s.Tokens[0].Line }

// Always reports whether the statement runs when its module is imported, if nothing before it fails. Such a statement
// is outside of all blocks but those of with and class, and does not continue a statement, as else does.
func (s Statement) Always() bool {
	for _, keyword := range s.In {
		if keyword != "with" && keyword != "class" {
			return false
		}
	}
	switch headerKeyword(s.Tokens, s.In) {
	case "elif", "else", "except", "finally", "case":
		return false
	}
	return true
}

// Read returns the statements of a source. It stops where the source is not valid Python or exceeds a limit. Complete
// is then false, and the result has the statements before that line.
func Read(source string) (statements []Statement, complete bool) {
	if len(source) > MaxSize {
		return nil, false
	}
	source = strings.TrimPrefix(source, "\ufeff")
	if strings.Contains(source, "\r") {
		source = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
	}
	s, b := scanner{text: source, line: 1}, newBlocks()
	for {
		tokens, indent, ok := s.logicalLine()
		if !ok {
			return b.statements, false
		}
		if len(tokens) == 0 {
			return b.statements, b.header == ""
		}
		if !b.add(tokens, indent) {
			return b.statements, false
		}
	}
}
