package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// ServedDir is a directory that Python code names as a literal, and that a web framework serves or reads templates
// from.
type ServedDir struct {
	Call          // Text is the path
	Dirs []string // the directories of the app that it may be, the most likely one first

	Required bool // the code ends with an error if it does not exist
}

// servedHints returns words without which a file has no ServedDir.
func servedHints() []string {
	return []string{"StaticFiles", "Jinja2Templates", "static_folder", "template_folder", "send_from_directory"}
}

// servesDirs reports whether a Python package serves directories that its users name in Python.
func servesDirs(name string) bool {
	return slices.Contains([]string{"flask", "quart", "fastapi", "starlette"}, name)
}

// servedDir returns the directory that a string names. ok is false if it names none, or only under a condition: code
// may look whether it exists.
func (p position) servedDir(file string, statement pysource.Statement) (f ServedDir, ok bool) {
	name := p.path()
	conditional := slices.ContainsFunc(statement.In, func(block string) bool {
		return slices.Contains([]string{"if", "elif", "else", "try", "except"}, block)
	})
	if name == "" || conditional || strings.HasPrefix(name, "/") || strings.ContainsAny(name, "{}$%") {
		return f, false
	}
	keyword := p.keyword()
	isFirst := keyword == "" && p.i > 0 && p.tokens[p.i-1].Text == "("
	switch p.opened {
	case "StaticFiles", "Jinja2Templates", "send_from_directory":
		ok = isFirst || keyword == "directory"
	default:
		ok = keyword == "static_folder" || keyword == "template_folder"
	}
	f.Required = p.opened == "StaticFiles" && statement.Always() && !statement.Mentions("check_dir")
	f.Call = Call{file, p.tokens[p.i].Line, name}
	for from := path.Dir(file); ; from = path.Dir(from) {
		if dir, err := In(from, name); err == nil {
			f.Dirs = append(f.Dirs, string(dir))
		}
		if from == "." {
			return f, ok && len(f.Dirs) > 0
		}
	}
}

// keyword returns the name of the argument whose value the string is, or ends: BASE_DIR / "x". It is empty if there is
// none.
func (p position) keyword() string {
	for i := p.i - 1; i > 0; i-- {
		switch token := p.tokens[i]; {
		case token.Text == "=":
			return p.tokens[i-1].Text
		case token.Kind != pysource.Name && !slices.Contains([]string{"/", ".", "(", ")"}, token.Text):
			return ""
		case token.Text == "(" && !p.isClosed(i):
			return ""
		}
	}
	return ""
}

// isClosed reports whether the bracket at a token is closed before the string.
func (p position) isClosed(at int) bool {
	depth := 0
	for _, token := range p.tokens[at:p.i] {
		switch token.Text {
		case "(":
			depth++
		case ")":
			depth--
		}
	}
	return depth == 0
}
