package app

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// pythonFiles returns the Python files that may run in a build or in the image: no tests, no migrations and no tools
// for development.
func (r *reader) pythonFiles() (files []string) {
	r.walk(limits.PythonLevels, func(p string, d fs.DirEntry) bool {
		name := d.Name()
		if d.IsDir() {
			return !Skipped(name, ForDjango) && name != "migrations" && !r.isVenv(p)
		}
		if d.Type().IsRegular() && len(files) < limits.PythonFiles && isOwnPython(name) {
			files = append(files, p)
		}
		return true
	})
	return files
}

// isOwnPython reports whether a file is a Python module of the app, by its name: no test and no tool for development.
func isOwnPython(name string) bool {
	stem, isPython := strings.CutSuffix(name, ".py")
	return isPython && !strings.HasPrefix(stem, "test_") && !strings.HasSuffix(stem, "_test") &&
		!slices.Contains([]string{"tests", "conftest", "noxfile", "tasks", "fabfile", "setup"}, stem)
}

// python returns the text of a Python file, which it does not keep: an app may have many. ok is false if the file
// cannot be read, is large, or if too much was read already.
func (s *source) python(name string) (text string, ok bool) {
	if f, done := s.files[name]; done {
		return f.text, f.err == nil
	}
	if s.bytes > limits.AllFiles/2 { // the rest of the budget is for files that matter
		return "", false
	}
	data, err := s.contents(name, limits.PythonFile)
	return string(data), err == nil
}
