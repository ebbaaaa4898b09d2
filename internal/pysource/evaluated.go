package pysource

import "iter"

// EvaluatedCalls yields the calls that happen whenever the statement runs, in the order of the source. It omits calls
// after and, or and if in an expression, in lambdas and in comprehensions, and targets of an assignment.
func (s Statement) EvaluatedCalls() iter.Seq[Call] {
	t := s.Tokens
	if value := s.Assignment().Value; value != nil {
		t = value
	}
	if s.isHeader() {
		t = t[1:] // the keyword would look like a condition
	}
	return func(yield func(Call) bool) { t.evaluatedCalls(yield) }
}

// isHeader reports whether the statement is the first line of a compound one.
func (s Statement) isHeader() bool { return headerKeyword(s.Tokens, s.In) != "" }

// evaluatedCalls is EvaluatedCalls for the parts of an expression between commas. It reports whether to go on.
func (t Tokens) evaluatedCalls(yield func(Call) bool) bool {
	for _, part := range t.Split(",") {
		part = part.evaluated()
		for i := range part.outside() {
			if !part[i].is("(") && !part[i].is("[") && !part[i].is("{") {
				continue
			}
			name, line := part[:i].nameAtEnd()
			inner := part[i+1:]
			call := Call{Name: name, Subscript: part[i].is("["), Line: line, after: inner}
			if name != "" && !yield(call) || !inner[:inner.closing()].evaluatedCalls(yield) {
				return false
			}
		}
	}
	return true
}

// evaluated returns the beginning of an expression that is evaluated whatever its values are.
func (t Tokens) evaluated() Tokens {
	end := len(t)
	for i := range t.outside() {
		switch {
		case t[i].is("lambda") || t[i].is("for") || t[i].is("if"):
			return nil
		case i < end && (t[i].is("and") || t[i].is("or")):
			end = i
		}
	}
	return t[:end]
}
