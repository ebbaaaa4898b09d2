package shell

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// errSyntax is the error of Split for a line that has a syntax error, or nested brackets.
var errSyntax = errors.New("invalid command line string")

// OperatorError is the error of Split for an operator of shells, by its first character.
type OperatorError byte

// Error names the operator.
func (e OperatorError) Error() string { return fmt.Sprintf("%c is an operator", byte(e)) }

// hash replaces "#", with which a comment would begin. Unicode reserves it for use within programs.
const hash = "\uFFFF"

// Split returns the commands of one line, separated by ";", as lists of words. Quotes and backslashes are removed.
// Nothing is expanded: "$HOME" stays as it is, and "#" begins no comment. On error, which is errSyntax or an
// OperatorError, it returns the commands before the wrong one.
func Split(line string) (commands [][]string, err error) {
	line = strings.TrimRight(string([]rune(line)), "\r\n") // the parser accepts only valid UTF-8
	if !limits.Shallow(line) {
		return nil, errSyntax
	}
	line = strings.ReplaceAll(line, "#", hash)
	for line != "" {
		words, rest, err := splitFirst(line)
		if err != nil {
			return commands, err
		}
		if len(words) > 0 {
			commands = append(commands, words)
		}
		line = rest
	}
	return commands, nil
}

// splitFirst returns the words of the first command, and what follows its ";".
func splitFirst(line string) (words []string, rest string, err error) {
	end := 0 // of the last word
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
	for word, err := range parser.WordsSeq(strings.NewReader(line)) {
		if err != nil {
			rest, err = behindOperator(line, end, err)
			return words, rest, err
		}
		text, ok := literal(word, line)
		if !ok {
			return nil, "", errSyntax
		}
		words, end = append(words, strings.ReplaceAll(text, hash, "#")), int(word.End().Offset())
	}
	return words, "", nil
}

// behindOperator returns what follows the ";" that ended a command with an error of the parser.
func behindOperator(line string, end int, err error) (rest string, _ error) {
	var at syntax.ParseError
	if !errors.As(err, &at) {
		return "", errSyntax // the syntax of another shell
	}
	stop := int(at.Pos.Offset())
	if strings.TrimLeft(line[end:stop], " \t\r") != "" {
		return "", errSyntax // the error is within a word
	}
	switch char := line[stop]; char {
	case ';':
		return line[stop+1:], nil
	case '>':
		if file := fileNumber(line[:stop]); file != "" {
			return "", OperatorError(file[len(file)-1])
		}
		return "", OperatorError(char)
	case '&', '|', '<':
		return "", OperatorError(char)
	}
	return "", errSyntax
}

// fileNumber returns the number of a file with which a text ends, as "2" in "2>". It is a part of the operator.
func fileNumber(text string) string {
	before := strings.TrimRight(text, "0123456789")
	if before == "" || strings.ContainsAny(before[len(before)-1:], " \t\r") {
		return text[len(before):]
	}
	return ""
}

// literal returns a word without its quotes. Substitutions stay as they are in line. It reports whether the word is
// complete and no brackets are within a substitution.
func literal(word *syntax.Word, line string) (text string, ok bool) {
	parts := word.Parts
	for len(parts) > 0 {
		part := parts[0]
		parts = parts[1:]
		switch p := part.(type) {
		case *syntax.Lit:
			plain, ok := unescaped(p.Value)
			if !ok {
				return "", false
			}
			text += plain
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			parts = append(p.Parts[:len(p.Parts):len(p.Parts)], parts...)
		default:
			source := line[part.Pos().Offset():part.End().Offset()]
			if source[0] == '$' && strings.LastIndexByte(source, '(') > 1 {
				return "", false
			}
			text += source
		}
	}
	return text, true
}

// unescaped returns text without the backslashes that quote a character. It reports whether each of them does.
func unescaped(text string) (plain string, ok bool) {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, `\`)
		out.WriteString(before)
		if !found || after == "" {
			return out.String(), !found
		}
		out.WriteByte(after[0])
		text = after[1:]
	}
}
