package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// position is the place of a string in a statement of Python.
type position struct {
	tokens pysource.Tokens
	i      int
	opened string // what is before the innermost bracket that is open, otherwise the first token
}

// is reports whether the token at an offset from the string has a text.
func (p position) is(offset int, text string) bool {
	at := p.i + offset
	return at >= 0 && at < len(p.tokens) && p.tokens[at].Text == text
}

// text returns the contents of the string at an offset. It is empty for another token. What an f-string computes is
// omitted, and escape sequences are kept.
func (p position) text(offset int) string {
	at := p.i + offset
	if at < 0 || at >= len(p.tokens) || p.tokens[at].Kind != pysource.String {
		return ""
	}
	text := p.tokens[at].Text
	quote := strings.IndexAny(text, `"'`)
	prefix := text[:quote]
	text = strings.Trim(text[quote:], text[quote:quote+1])
	for computed := strings.ContainsAny(prefix, "fFtT"); computed; {
		before, rest, open := strings.Cut(text, "{")
		_, after, closed := strings.Cut(rest, "}")
		computed = open && closed
		if computed {
			text = before + after
		}
	}
	return text
}

// callsNode returns the program of Node.js that the string calls, or node_modules. It is empty if it does not. A
// command begins where the string is the first argument of a call or the first element of a list. The word node alone
// is too common: XML has nodes.
func (p position) callsNode() string {
	text := p.text(0)
	if namesDir(text, nodeModules) {
		return nodeModules
	}
	if !p.isFirst() {
		return ""
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	if words[0] != "node" {
		if slices.Contains(nodePrograms, words[0]) {
			return words[0]
		}
		return ""
	}
	script := strings.Join(words[1:], " ")
	if len(words) == 1 && p.is(1, ",") {
		script = p.text(2)
	}
	if slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(firstOf(script))) {
		return words[0]
	}
	return ""
}

// firstOf returns the first word of a text.
func firstOf(text string) string {
	if words := strings.Fields(text); len(words) > 0 {
		return words[0]
	}
	return ""
}

// isFirst reports whether the string is the first argument of a call or the first element of a list.
func (p position) isFirst() bool {
	switch {
	case p.is(-1, "["):
		return p.i < 2 || p.tokens[p.i-2].Kind == pysource.Op && !p.is(-2, ")") && !p.is(-2, "]")
	case p.is(-1, "("):
		return p.i > 1 && (p.tokens[p.i-2].Kind == pysource.Name && !isPythonKeyword(p.opened) || p.is(-2, ")"))
	}
	return false
}

// isPythonKeyword reports whether a name in front of a bracket is a keyword, and not the name of a function.
func isPythonKeyword(name string) bool {
	return slices.Contains([]string{
		"and", "assert", "await", "del", "elif", "else", "for", "if", "import", "in", "is", "lambda", "not", "or",
		"raise", "return", "while", "with", "yield",
	}, name)
}

// path returns the path that the string begins: its text, and that of strings that are joined to it. It is empty for a
// string that is joined to one before.
func (p position) path() string {
	if p.joins(-1) && p.text(-2) != "" {
		return ""
	}
	joined := p.text(0)
	for offset := 1; p.joins(offset) && p.text(offset+1) != ""; offset += 2 {
		joined += "/" + p.text(offset+1)
	}
	return joined
}

// joins reports whether the token at an offset makes one path of two strings: a slash, or a comma of os.path.join.
func (p position) joins(offset int) bool {
	return p.is(offset, "/") || p.is(offset, ",") && containsAny(strings.ToLower(p.opened), "join", "path")
}

// isPath reports whether the string is certainly a path: it has a slash, is next to one, or is where paths are
// expected. A word such as "site" alone may mean anything.
func (p position) isPath() bool {
	if strings.Contains(p.text(0), "/") || p.is(-1, "/") || p.is(1, "/") {
		return true
	}
	names := p.opened
	if p.is(-1, "=") && p.i > 1 {
		names = p.tokens[p.i-2].Text
	}
	return containsAny(strings.ToLower(names+" "+p.tokens[0].Text), "path", "join", "dir", "folder", "root")
}

// isAt reports whether a path is that of the package or of its output. Code begins at BASE_DIR, __file__ or the working
// directory, so the path is relative to the directory of the Python file, or to one around that. An output outside of
// the package may be deeper than the path.
func (n *Node) isAt(from, name string) bool {
	out := n.Output.Dir
	for ; ; from = path.Dir(from) {
		p := path.Join(from, name)
		around := out != "" && p != "." && InDir(out, p) && !InDir(n.Dir, p)
		if InDir(p, n.Dir) || out != "" && InDir(p, out) || around {
			return true
		}
		if from == "." {
			return false
		}
	}
}

// InDir reports whether a clean path is dir or lies in it.
func InDir(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// Overlap reports whether one of two directories is the other or lies in it.
func Overlap(a, b string) bool { return InDir(a, b) || InDir(b, a) }
