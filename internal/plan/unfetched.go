package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// fetchSubmodules is the command that fetches submodules.
const fetchSubmodules = "git submodule update --init"

// unfetched warns of files and directories that the clone of the source has not fetched.
func unfetched(a app.App) (said note.List) {
	if len(a.Pointers) > 0 {
		said.Warn("app/git-lfs-pointer", "the source has only the pointers of Git LFS, and not the files: %s. Fetch "+
			"them before the build:\n    git lfs pull\n  kpack cannot do that", show.Series(a.Pointers))
	}
	if len(a.Submodules) > 0 {
		said.Warn("app/submodule-empty", "the directories of submodules are missing or empty: %s. Fetch them before "+
			"the build:\n    %s\n  kpack does it with initializeSubmodules: true in spec.source.git",
			show.Series(app.Names(a.Submodules)), fetchSubmodules)
	}
	return said
}

// submoduleError returns the error about a file or directory that the build needs of an empty submodule; nil if there
// is none.
func submoduleError(a app.App, c config.Config, p Plan) error {
	needed := slices.Concat(c.NodeProjects.Dirs, c.Requirements, []string{c.PythonProject.Path, c.ManagePath})
	if p.Python != nil {
		needed = slices.Concat(needed, p.Python.Sources.Files, p.Python.Sources.Local)
	}
	for _, n := range a.Node {
		needed = append(needed, n.Inputs...)
	}
	for _, name := range needed {
		for _, dir := range a.Submodules {
			if !app.InDir(name, string(dir)) {
				continue
			}
			return &fail.Error{
				ID: "app/submodule", What: "The build needs " + show.Name(name) + ", which is in an empty submodule",
				Why: fmt.Sprintf("The directory %s is missing or empty.", show.Name(string(dir))),
				Fix: fail.Fix{
					fail.Say{Text: "Fetch it before the build. kpack does it with initializeSubmodules: true:"},
					fail.Run{Command: fetchSubmodules + " " + show.Path(string(dir))},
				},
			}
		}
	}
	return nil
}
