package app

import (
	"cmp"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// Celery is the interface between Celery's programs and the app's tasks.
const Celery = "Celery"

// Served is an object that a command line makes a server or a worker import, as far as the line says so.
type Served struct {
	Server    string // "gunicorn"
	Module    string // "shop.main"
	Object    string // "app", or a path of attributes; empty: the server looks for it
	Interface string // WSGI, ASGI or Celery; empty: not known
	Factory   bool   // Object is called, and its result is served
	Arguments bool   // Object is called with arguments
	Written   string // the name of the object on the command line

	Dir  string            // in which the server runs, relative to the app's root or absolute
	Path []string          // directories that the server adds to sys.path, relative to Dir or absolute
	Vars map[string]string // that the command line sets
}

// Name returns the name of the object, as servers use it.
func (s Served) Name() string {
	name := s.Module
	if s.Object != "" {
		name += ":" + s.Object
	}
	if s.Factory {
		name += "()"
	}
	return name
}

// serverFlags returns the servers whose command lines are understood, each with its options that have no value.
func serverFlags() map[string]string {
	return map[string]string{
		"celery": "",
		"daphne": "--no-server-name --proxy-headers",
		// https://github.com/emmett-framework/granian#options
		"granian": "--factory --no-factory --ws --no-ws --reload --no-reload --log --no-log --access-log " +
			"--no-access-log --respawn-failed-workers --no-respawn-failed-workers",
		// https://docs.gunicorn.org/en/stable/settings.html
		"gunicorn": "--reload --spew --check-config --print-config --preload --no-sendfile --reuse-port -D --daemon " +
			"--initgroups --no-control-socket --capture-output -R --enable-stdio-inheritance --log-syslog " +
			"--disable-redirect-access-to-syslog --suppress-ragged-eofs --do-handshake-on-connect " +
			"--strip-header-spaces --proxy-protocol",
		"hypercorn": "--reload --debug --daemon -D",
		// https://docs.pylonsproject.org/projects/waitress/en/stable/runner.html
		"waitress-serve": "--call --expose-tracebacks --no-expose-tracebacks --ipv4 --no-ipv4 --ipv6 --no-ipv6 " +
			"--clear-untrusted-proxy-headers --no-clear-untrusted-proxy-headers",
		// https://www.uvicorn.org/settings/
		"uvicorn": "--reload --factory --use-colors --no-use-colors --proxy-headers --no-proxy-headers " +
			"--server-header --no-server-header --date-header --no-date-header --access-log --no-access-log",
	}
}

// unknownDir replaces a directory that only a shell knows.
const unknownDir = "?"

// ServedBy returns the objects that the servers and workers of a command line import. It is silent rather than wrong: a
// name, a directory or an option that depends on a variable is not known before a container starts. conf is gunicorn's
// configuration file; the zero value if it has none.
func ServedBy(command string, conf GunicornConfig) (all []Served) {
	dir := "."
	for _, call := range shell.Calls(command) {
		words := programOf(call.Words)
		if words[0].Text == "cd" {
			dir = changed(dir, words[1:], command)
			continue
		}
		if s, ok := servedByCall(words, conf); ok && dir != unknownDir {
			s.Dir, s.Vars = joined(dir, s.Dir), call.Vars
			all = append(all, s)
		}
	}
	return all
}

// changed returns the directory after a command cd with these arguments. A part of a command in parentheses may have a
// directory of its own.
func changed(dir string, arguments []shell.Word, command string) string {
	if len(arguments) != 1 || !arguments[0].Static || dir == unknownDir || strings.Contains(command, "(") {
		return unknownDir
	}
	return joined(dir, arguments[0].Text)
}

// joined returns a path that is relative to dir, unless it is absolute.
func joined(dir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}

// isPython reports whether a program is an interpreter: python, python3 or python3.13.
func isPython(program string) bool {
	version, ok := strings.CutPrefix(path.Base(program), "python")
	return ok && strings.Trim(version, "0123456789.") == ""
}

// programOf returns the words of a command from its program on. For "python -m gunicorn x" that is gunicorn, and for a
// file of Python it is the interpreter.
func programOf(words []shell.Word) []shell.Word {
	if !isPython(words[0].Text) {
		return words
	}
	for i, word := range words[1:] {
		switch {
		case word.Text == "-m" && i+2 < len(words):
			return words[i+2:]
		case !strings.HasPrefix(word.Text, "-") || word.Text == "-c":
			return words
		}
	}
	return words
}

// servedByCall returns what the program of a command imports. ok is false if it is not a server, or if the command does
// not say what.
func servedByCall(words []shell.Word, conf GunicornConfig) (s Served, ok bool) {
	s.Server = path.Base(words[0].Text)
	flags, known := serverFlags()[s.Server]
	if !known {
		return s, false
	}
	a := argumentsOf(words[1:], strings.Fields(flags))
	target, dir := shell.Word{Static: true}, a.option("--chdir", "--working-dir", "--workdir")
	add := a.option("--pythonpath", "--app-dir")
	switch {
	case s.Server == "celery":
		target, s.Interface = a.option("-A", "--app"), Celery
	case len(a.rest) > 0:
		target = a.rest[0]
	}
	if !target.Static || !dir.Static || !add.Static {
		return s, false
	}
	if s.Server == "gunicorn" {
		target.Text, dir.Text, add.Text = cmp.Or(target.Text, conf.App), cmp.Or(dir.Text, conf.Dir),
			cmp.Or(add.Text, conf.Path)
	}
	s.Dir = dir.Text
	for entry := range strings.SplitSeq(add.Text, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			s.Path = append(s.Path, entry)
		}
	}
	_, s.Factory = a.options["--factory"]
	_, isCall := a.options["--call"]
	s.Factory = s.Factory || isCall
	return s, s.parse(target.Text)
}

// parse reads the name of an object: a module, an object of the module, and the arguments of its call. It returns false
// for a name that a server would not accept or find.
func (s *Served) parse(name string) bool {
	s.Written = name
	s.Module, s.Object, _ = strings.Cut(name, ":")
	if strings.HasSuffix(name, ")") {
		object, call, isCall := strings.Cut(s.Object, "(")
		s.Object, s.Factory, s.Arguments = object, isCall, call != ")"
	}
	for _, part := range []string{s.Module, s.Object} {
		for word := range strings.SplitSeq(part, ".") {
			if part != "" && !isIdentifier(word) {
				return false
			}
		}
	}
	if s.Object == "" {
		s.Object = map[string]string{"gunicorn": "application", "hypercorn": "app", "granian": "app"}[s.Server]
	}
	return s.Module != "" && (s.Object != "" || s.Server == "celery")
}
