package app

import (
	"fmt"
	"strings"
)

// Limits of workspaces: the number of patterns without braces, and the characters of a pattern, which is never longer
// than a path can be.
const (
	maxPatterns = 1000
	maxPattern  = 4096
)

// expand replaces each pattern that has braces with its alternatives: {a,b}c with ac and bc. A brace without a comma or
// without its end is literal, as in npm, and is escaped.
// https://www.gnu.org/software/bash/manual/html_node/Brace-Expansion.html
func expand(patterns []string) (all []string, err error) {
	for _, pattern := range patterns {
		if len(pattern) > maxPattern {
			return nil, fmt.Errorf("a pattern of the workspaces has more than %d letters", maxPattern)
		}
		pattern, negative := strings.CutPrefix(pattern, "!")
		some, err := expandOne(pattern, maxPatterns-len(all))
		if err != nil {
			return nil, err
		}
		for _, each := range some {
			if negative {
				each = "!" + each
			}
			all = append(all, each)
		}
	}
	return all, nil
}

// expandOne expands the first brace and goes on with its first alternative, so that no more is made than the limit
// allows.
func expandOne(pattern string, limit int) (all []string, err error) {
	for todo := []string{pattern}; len(todo) > 0; {
		last := len(todo) - 1
		before, alternatives, after := firstBrace(todo[last])
		todo = todo[:last]
		if len(alternatives) == 0 {
			all = append(all, before)
		}
		for i := len(alternatives) - 1; i >= 0; i-- {
			todo = append(todo, before+alternatives[i]+after)
		}
		if len(all)+len(todo) > limit {
			return nil, fmt.Errorf("the workspaces are more than %d patterns", maxPatterns)
		}
	}
	return all, nil
}

// firstBrace splits a pattern at its first brace with alternatives. Without one, before is the pattern, in which no
// brace means anything.
func firstBrace(pattern string) (before string, alternatives []string, after string) {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			out.WriteString(pattern[i : i+2])
			i++
		case c == '{':
			if alternatives, length := braceAt(pattern[i:]); len(alternatives) > 1 {
				return out.String(), alternatives, pattern[i+length:]
			}
			out.WriteString(`\{`)
		case c == '}':
			out.WriteString(`\}`)
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), nil, ""
}

// braceAt returns the alternatives of the brace with which text begins, and its length. It has none if it does not end.
func braceAt(text string) (alternatives []string, length int) {
	depth, begin := 0, 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '{':
			depth++
		case ',':
			if depth == 1 {
				alternatives, begin = append(alternatives, text[begin:i]), i+1
			}
		case '}':
			if depth--; depth == 0 {
				return append(alternatives, text[begin:i]), i + 1
			}
		}
	}
	return nil, 0
}
