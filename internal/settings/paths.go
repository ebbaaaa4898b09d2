package settings

import (
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// evalPath evaluates a directory as settings usually write it, relative to the app's root.
func (s *reader) evalPath(ns *namespace, value pysource.Tokens) (dir string, ok bool) {
	if parts := value.Split("/"); len(parts) > 1 { // BASE_DIR / "staticfiles"
		if dir, ok = s.evalPath(ns, parts[0]); !ok {
			return "", false
		}
		return joined(dir, parts[1:])
	}
	if len(value) == 1 && value[0].Kind == pysource.Name {
		if value[0].Text == "__file__" {
			return ns.file, true
		}
		dir, ok = ns.paths[value[0].Text]
		return dir, ok
	}
	call, rest, ok := value.Leading()
	if !ok || call.Subscript {
		return "", false
	}
	if dir, ok = s.evalCall(ns, call); !ok {
		return "", false
	}
	return parents(dir, rest)
}

// evalCall evaluates a call of a function that makes a directory of another one.
func (s *reader) evalCall(ns *namespace, call pysource.Call) (dir string, ok bool) {
	var arguments []pysource.Tokens
	for _, argument := range call.Arguments() {
		arguments = append(arguments, argument.Value)
	}
	if len(arguments) == 0 {
		return "", false
	}
	if dir, ok = s.evalPath(ns, arguments[0]); !ok {
		return "", false
	}
	switch call.Name[strings.LastIndex(call.Name, ".")+1:] {
	case "Path", "str", "fspath", "abspath", "realpath", "normpath", "resolve":
		return dir, true
	case "dirname":
		return path.Dir(dir), true
	case "join":
		return joined(dir, arguments[1:])
	}
	return "", false
}

// joined returns a directory with more parts of a path, each of which must be a text.
func joined(dir string, parts []pysource.Tokens) (string, bool) {
	for _, part := range parts {
		text, ok := part.Literal()
		if !ok || path.IsAbs(text) {
			return "", false
		}
		dir = path.Join(dir, text)
	}
	return dir, true
}

// parents follows what a path is asked for: .resolve().parent.parent.
func parents(dir string, rest pysource.Tokens) (string, bool) {
	for i := 0; i < len(rest); i++ {
		switch rest[i].Text {
		case ".", "resolve", "absolute", "(", ")", "strict", "=", "True":
		case "parent":
			dir = path.Dir(dir)
		default:
			return "", false
		}
	}
	return dir, true
}
