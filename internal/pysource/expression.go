package pysource

import (
	"iter"
	"strings"
)

// outside yields the indexes of the tokens that are not inside brackets. The brackets themselves are not either.
//
// All that looks at the structure of an expression uses it. It ends before a closing bracket that has no opening one,
// so that a caller can begin after an opening bracket.
func (t Tokens) outside() iter.Seq[int] {
	return func(yield func(int) bool) {
		depth := 0
		for i, token := range t {
			change := strings.Count("([{", token.Text) - strings.Count(")]}", token.Text) // only brackets are in these
			depth += min(change, 0)
			if depth < 0 || depth == 0 && !yield(i) {
				return
			}
			depth += max(change, 0)
		}
	}
}

// Split splits an expression at an operator outside of brackets. A part may be empty.
func (t Tokens) Split(operator string) (parts []Tokens) {
	begin := 0
	for i := range t.outside() {
		if t[i].is(operator) {
			parts, begin = append(parts, t[begin:i]), i+1
		}
	}
	return append(parts, t[begin:])
}

// Call is a call or a subscription: name(arguments) or name[arguments].
type Call struct {
	Name      string // "os.environ.get". It begins with a dot if it is called on something that is not a name
	Subscript bool
	Line      int
	after     Tokens // what follows the opening bracket
}

// Calls yields the calls in an expression or statement, also those in the arguments of others, in the order of the
// source. It omits definitions, and calls of something without a name.
func (t Tokens) Calls() iter.Seq[Call] {
	return func(yield func(Call) bool) {
		for i, token := range t {
			if i == 0 || !token.is("(") && !token.is("[") {
				continue
			}
			name, line := t[:i].nameAtEnd()
			call := Call{Name: name, Subscript: token.is("["), Line: line, after: t[i+1:]}
			if name != "" && !yield(call) {
				return
			}
		}
	}
}

// nameAtEnd returns the dotted name that t ends with, and its line. It is empty if there is none, or if it is defined
// there.
func (t Tokens) nameAtEnd() (name string, line int) {
	begin := len(t)
	for wantName := true; begin > 0; wantName = !wantName {
		token := t[begin-1]
		if wantName && (token.Kind != Name || isKeyword(token.Text)) || !wantName && !token.is(".") {
			break
		}
		begin--
	}
	if begin == len(t) || begin > 0 && (t[begin-1].is("def") || t[begin-1].is("class")) {
		return "", 0
	}
	var text strings.Builder
	for _, token := range t[begin:] {
		text.WriteString(token.Text)
	}
	return text.String(), t[begin].Line
}

// isKeyword reports whether a name is a keyword that may be in front of a bracket.
func isKeyword(name string) bool {
	switch name {
	case "and", "as", "assert", "async", "await", "case", "del", "elif", "else", "except", "for", "from", "if",
		"import", "in", "is", "lambda", "not", "or", "raise", "return", "while", "with", "yield":
		return true
	}
	return false
}

// Argument is an argument of a call. Name is empty if it is given by its position, and "*" or "**" if it is unpacked.
type Argument struct {
	Name  string
	Value Tokens
}

// Arguments returns the arguments of a call.
func (c Call) Arguments() (arguments []Argument) {
	for _, part := range c.after[:c.after.closing()].Split(",") {
		switch {
		case len(part) == 0:
		case part[0].is("*") || part[0].is("**"):
			arguments = append(arguments, Argument{part[0].Text, part[1:]})
		case len(part) > 2 && part[0].Kind == Name && part[1].is("="):
			arguments = append(arguments, Argument{part[0].Text, part[2:]})
		default:
			arguments = append(arguments, Argument{"", part})
		}
	}
	return arguments
}

// closing returns the index of the bracket that closes the one in front of t.
func (t Tokens) closing() int {
	end := 0
	for i := range t.outside() {
		end = i + 1
	}
	return end
}

// Argument returns the argument with one of the names, or the one at a position if it has no name. A negative position
// matches none. It is nil if there is no such argument.
func (c Call) Argument(position int, names ...string) Tokens {
	for i, argument := range c.Arguments() {
		if argument.Name == "" && i == position {
			return argument.Value
		}
		for _, name := range names {
			if argument.Name == name {
				return argument.Value
			}
		}
	}
	return nil
}

// Leading returns the call that an expression begins with, and what follows its closing bracket: for Path(a).parent the
// call Path(a), and .parent. Ok is false if the expression does not begin with a name that is called.
func (t Tokens) Leading() (call Call, rest Tokens, ok bool) {
	for i := range t.outside() {
		switch {
		case t[i].is("(") || t[i].is("["):
			name, line := t[:i].nameAtEnd()
			if name == "" || name != t[:i].join() {
				return Call{}, nil, false
			}
			call = Call{Name: name, Subscript: t[i].is("["), Line: line, after: t[i+1:]}
			return call, t[i+1+call.after.closing()+1:], true
		case t[i].Kind != Name && !t[i].is("."):
			return Call{}, nil, false
		}
	}
	return Call{}, nil, false
}
