package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/recipe"
	"github.com/tandem-cnb/tandem/internal/show"
)

// pythonLock returns the lockfile of the package manager that pyproject.toml or a Pipfile is for, and that file.
// Otherwise it is the one whose manager installs in a Dockerfile or a pipeline. Both are empty if there is none or
// several.
func pythonLock(py *app.Python, recipes []recipe.Command) (lock, source string) {
	lock, source = ofOne(lockNames(py), func(lock string) string {
		switch name := path.Base(lock); {
		case py.HasPipfile && name == manager.Python(manager.Pipenv).Data().Lock:
			return "Pipfile"
		case py.Project == "[tool.poetry]" && name == manager.Python(manager.Poetry).Data().Lock:
			return "pyproject.toml"
		}
		return ""
	})
	if lock != "" {
		return lock, source
	}
	return ofOne(lockNames(py), func(lock string) string {
		for _, m := range manager.Pythons() {
			if data := m.Data(); data.Lock == path.Base(lock) {
				return installedBy(recipes, strings.ToLower(data.Name))
			}
		}
		return ""
	})
}

// installedBy returns the first command that installs all packages by a manager, and where it is; empty if there is
// none.
func installedBy(recipes []recipe.Command, program string) string {
	for _, c := range recipes {
		names := slices.DeleteFunc(slices.Clone(c.Words[1:]),
			func(word string) bool { return strings.HasPrefix(word, "-") })
		installs := len(names) == 1 && slices.Contains([]string{"ci", "install", "i", "sync"}, names[0]) ||
			len(names) == 0 && program == "yarn"
		if path.Base(c.Words[0]) == program && installs {
			return fmt.Sprintf("%s, line %d (%s),", show.Name(c.File), c.Line,
				show.Command(append([]string{program}, names...)))
		}
	}
	return ""
}

// nodeLock returns the lockfile of the package manager that package.json names, or that has a settings file of its own,
// and that source. Otherwise it is the one whose manager installs in a Dockerfile or a pipeline. Both are empty if
// there is none or several.
func nodeLock(n *app.Node, recipes []recipe.Command) (lock, source string) {
	lock, source = ofOne(n.Locks, func(lock string) string {
		for _, m := range manager.Nodes() {
			data := m.Data()
			if !slices.Contains(data.Locks, path.Base(lock)) {
				continue
			}
			for _, named := range n.Managers {
				if named.Only && named.Name == data.Name {
					return named.Version.Source
				}
			}
			own := n.Path(data.Files[len(data.Files)-1])
			isOwn := func(f app.SettingsFile) bool { return f.File == own && path.Base(own) != ".npmrc" }
			if slices.ContainsFunc(n.SettingsFiles, isOwn) {
				return show.Name(own)
			}
		}
		return ""
	})
	if lock != "" {
		return lock, source
	}
	return ofOne(n.Locks, func(lock string) string {
		for _, m := range manager.Nodes() {
			if data := m.Data(); slices.Contains(append(data.Locks, data.Binary), path.Base(lock)) {
				return installedBy(recipes, data.Name)
			}
		}
		return ""
	})
}

// ofOne returns the only lockfile that has a source, and the source. Both are empty if none or several have.
func ofOne(locks []string, sourceOf func(lock string) string) (lock, source string) {
	for _, name := range locks {
		if found := sourceOf(name); found != "" && lock != "" {
			return "", ""
		} else if found != "" {
			lock, source = name, found
		}
	}
	return lock, source
}

// binaryLock returns the error for a lockfile that only its package manager reads.
func binaryLock(n *app.Node) error {
	file := path.Base(n.Locks[0])
	m, _ := manager.BinaryLock(file)
	text := m.Locks[0]
	return &fail.Error{
		ID: "node/lock-binary", What: "Tandem does not read the binary lockfile " + show.Name(n.Locks[0]),
		Why: fmt.Sprintf("%s writes a lockfile as text, %s, which Tandem reads.", m.Name, text),
		Fix: fail.Fix{
			fail.Say{Text: "Convert it, and commit the result. The versions stay the same:"},
			fail.Run{Command: m.Name + " install --save-text-lockfile --frozen-lockfile --lockfile-only && git rm " +
				file + " && git add " + text, In: n.Dir},
		},
	}
}
