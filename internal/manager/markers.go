package manager

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// marker reports whether an environment marker applies to the machine. Without a text it does. A marker that is not
// understood, or that depends on more than the machine, applies and is not known.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func (m Machine) marker(text string) (applies, known bool) {
	if strings.TrimSpace(text) == "" {
		return true, true
	}
	words := markerWords(text)
	if len(words) > maxMarker {
		return true, false
	}
	r := markerReader{m, words}
	applies, known = r.any(0)
	if len(r.words) > 0 {
		known = false
	}
	return applies || !known, known
}

// maxMarker is how many words of a marker are read.
const maxMarker = 2000

// markerWords splits a marker into names, operators, brackets, and texts with their quotes.
func markerWords(text string) (words []string) {
	const operators = "<>=!~"
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		length := 1
		switch c := text[0]; {
		case c == '"' || c == '\'':
			if end := strings.IndexByte(text[1:], c); end >= 0 {
				length = end + 2
			}
		case strings.IndexByte(operators, c) >= 0:
			length = len(text) - len(strings.TrimLeft(text, operators))
		case c != '(' && c != ')':
			if length = strings.IndexAny(text, " \t\n()'\""+operators); length < 0 {
				length = len(text)
			}
		}
		words, text = append(words, text[:length]), text[length:]
	}
	return words
}

// markerReader evaluates a marker from left to right. Results are as those of marker, with three values: a term that is
// not known leaves a marker unknown, unless another term decides alone. That is one which does not apply between "and",
// or one which applies between "or".
type markerReader struct {
	Machine
	words []string
}

// next returns the next word, and removes it. It is empty at the end.
func (r *markerReader) next() (word string) {
	if len(r.words) > 0 {
		word, r.words = r.words[0], r.words[1:]
	}
	return word
}

// is reports whether a word is next, and removes it.
func (r *markerReader) is(word string) bool {
	if len(r.words) == 0 || r.words[0] != word {
		return false
	}
	r.words = r.words[1:]
	return true
}

// any reads terms between which is "or".
func (r *markerReader) any(depth int) (applies, known bool) {
	known = true
	certainly := false
	for first := true; first || r.is("or"); first = false {
		a, k := r.all(depth)
		certainly = certainly || a && k
		applies, known = applies || a, known && k
	}
	return applies, known || certainly
}

// all reads terms between which is "and".
func (r *markerReader) all(depth int) (applies, known bool) {
	applies, known = true, true
	certainlyNot := false
	for first := true; first || r.is("and"); first = false {
		a, k := r.term(depth)
		certainlyNot = certainlyNot || k && !a
		applies, known = applies && a, known && k
	}
	return applies && !certainlyNot, known || certainlyNot
}

// term reads a comparison, or terms in parentheses.
func (r *markerReader) term(depth int) (applies, known bool) {
	if r.is("(") {
		if depth > limits.Depth {
			return true, false
		}
		applies, known = r.any(depth + 1)
		return applies, known && r.is(")")
	}
	left, operator, right := r.next(), r.next(), r.next()
	if operator == "not" { // not in
		operator, right = "not "+right, r.next()
	}
	return r.compare(left, operator, right)
}

// compare evaluates one comparison, in which either side may be the name.
func (m Machine) compare(left, operator, right string) (applies, known bool) {
	name := left
	if strings.HasPrefix(left, "'") || strings.HasPrefix(left, `"`) {
		name = right
	}
	l, ok := m.value(left)
	r, also := m.value(right)
	if !ok || !also {
		return true, false
	}
	isVersion := strings.HasSuffix(name, "_version") && name != "platform_version"
	switch {
	case operator == "in":
		return strings.Contains(r, l), true
	case operator == "not in":
		return !strings.Contains(r, l), true
	case isVersion && name == left:
		return versions.Satisfies(l, operator+r), true
	case isVersion: // '3.9' < python_version
		mirrored := strings.NewReplacer("<", ">", ">", "<").Replace(operator)
		return versions.Satisfies(r, mirrored+l), true
	case operator == "==":
		return l == r, true
	case operator == "!=":
		return l != r, true
	}
	return true, false
}

// value returns the value of a word in a marker: a text in quotes, or a name. Ok is false for a name that is not known.
func (m Machine) value(word string) (value string, ok bool) {
	if len(word) >= 2 && (word[0] == '\'' || word[0] == '"') && word[len(word)-1] == word[0] {
		return word[1 : len(word)-1], true
	}
	switch word {
	case "python_version":
		numbers := strings.SplitN(m.Python, ".", 3)
		return strings.Join(numbers[:min(2, len(numbers))], "."), true
	case "python_full_version", "implementation_version":
		return m.Python, true
	case "sys_platform":
		return "linux", true
	case "platform_system":
		return "Linux", true
	case "os_name":
		return "posix", true
	case "implementation_name":
		return "cpython", true
	case "platform_python_implementation":
		return "CPython", true
	case "platform_machine":
		return m.machine(), true
	}
	return "", false
}

// machine returns the name of the architecture in tags of wheels and in markers.
func (m Machine) machine() string {
	if m.Arch == "arm64" {
		return "aarch64"
	}
	return "x86_64"
}
