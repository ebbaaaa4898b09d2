package explain

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
)

// Lacks has the entries that project.toml could have and lacks.
type Lacks struct {
	Exclude   []string         // patterns of files that are private, or that a build removes
	Variables []diagnose.Unset // that the settings read in a build, and that it does not get
}

// Lacks returns what the app's project.toml lacks.
func (e Explanation) Lacks() Lacks { return e.lacks }

// lacks returns what project.toml lacks. A name that would be a pattern of several
// files is excluded: if it is private, a warning has it.
func (x explanation) lacks() Lacks {
	names := slices.DeleteFunc(slices.Clone(x.App.Private), func(name string) bool { return path.Base(name) == ".git" })
	names = append(names, app.Names(x.App.Uploaded)...)
	plain := func(name string) bool { return !strings.ContainsAny(name, "*?[]!#\\ \t\r\n") }
	return Lacks{slices.DeleteFunc(names, func(name string) bool { return !plain(name) }), x.unset()}
}
