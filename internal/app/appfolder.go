package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// heroku is the directory in which Heroku's classic buildpacks have the app.
const heroku = "/app"

// appPath is a path below that directory in a text.
type appPath struct {
	from, to int    // its place in the text
	name     string // in the app; "." for the directory itself
}

// appPathsIn returns the paths of a text that begin with the directory. Such a path begins with a word, or after a
// quote, "=", ":" or "(" within one: --chdir=/app, PYTHONPATH=/app:/app/src. It ends with the word, at a quote, or at
// an operator of a shell. "src/app/x" and "/application" are not such paths.
func appPathsIn(text string) (found []appPath) {
	for from := 0; ; {
		n := strings.Index(text[from:], heroku)
		if n < 0 {
			return found
		}
		from += n
		to := from + len(heroku)
		if from > 0 && !strings.ContainsRune(" \t\"'=:(,", rune(text[from-1])) {
			from = to
			continue
		}
		end := strings.IndexAny(text[to:], " \t\r\n\"'=:(),;&|<>")
		if end < 0 {
			end = len(text) - to
		}
		if rest := text[to : to+end]; rest == "" || rest[0] == '/' {
			found = append(found, appPath{from, to + end, path.Join(".", rest)})
		}
		from = to + end
	}
}

// programDirs returns directories of classic's runtimes. Their programs are on PATH in an image.
func programDirs() []string {
	return []string{".heroku/python/bin", ".heroku/node/bin", ".venv/bin", ".local/bin"}
}

// InRoot returns a command that was written for Heroku with the paths of an image whose app is in root. exists reports
// whether the app has a file. A path that the app does not have stays, and is in missing.
func InRoot(command, root string, exists func(name string) bool) (changed string, missing []string) {
	from := 0
	for _, p := range appPathsIn(command) {
		dir, base := path.Split(p.name)
		switch {
		case slices.Contains(programDirs(), path.Clean(dir)):
			changed += command[from:p.from] + base
		case p.name == "." || exists(p.name):
			changed += command[from:p.from] + path.Join(root, p.name)
		default:
			changed, missing = changed+command[from:p.to], append(missing, path.Join(heroku, p.name))
		}
		from = p.to
	}
	return changed + command[from:], missing
}

// namesAppFolder reports whether a text has a path below the directory.
func namesAppFolder(text string) bool { return len(appPathsIn(text)) > 0 }

// LineInRoot returns a line of a file with root instead of the directory.
func LineInRoot(line, root string) string {
	changed, _ := InRoot(line, root, func(string) bool { return true })
	return changed
}

// existing returns the paths of a command below the directory that the app has.
func (r *reader) existing(command string) (names []string) {
	for _, p := range appPathsIn(command) {
		if p.name != "." && !slices.Contains(names, p.name) && (r.mayBeFile(p.name) || r.isDir(p.name)) {
			names = append(names, p.name)
		}
	}
	return names
}

// namedFiles returns the lines with that directory in the files that a command of a Procfile in dir names:
// configurations of servers and scripts of a shell. Of each file it is the first line.
func (r *reader) namedFiles(dir, command string) (lines []Find) {
	var seen []string
	for _, call := range shell.Calls(command) {
		for _, word := range call.Texts() {
			_, value, isOption := strings.Cut(word, "=")
			if !isOption {
				value = word
			}
			file := inApp(dir, strings.TrimPrefix(value, "file:"))
			if file == "" || slices.Contains(seen, file) || !r.mayBeFile(file) {
				continue
			}
			seen = append(seen, file)
			text, _ := r.quiet(file)
			if !isServerFile(file) && !isShellScript(text) {
				continue
			}
			for _, find := range finds(file, text) {
				if find.Kind == AppFolder {
					lines = append(lines, find)
				}
			}
		}
	}
	return lines
}

// isServerFile reports whether a name is that of a configuration of a server. What a program in Python or JavaScript
// does with a path is not certain, so other files are not read.
func isServerFile(name string) bool {
	base := path.Base(name)
	isGunicorn := path.Ext(base) == ".py" && (strings.HasSuffix(base, "conf.py") || strings.Contains(base, "gunicorn"))
	return isGunicorn || slices.Contains([]string{".conf", ".ini", ".cfg", ".sh"}, path.Ext(base))
}

// isShellScript reports whether the first line of a script names a shell.
func isShellScript(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	program, ok := strings.CutPrefix(first, "#!")
	words := strings.Fields(program)
	if len(words) > 1 && path.Base(words[0]) == "env" {
		words = words[1:]
	}
	return ok && len(words) > 0 && slices.Contains([]string{"sh", "bash", "dash"}, path.Base(words[0]))
}
