package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Removed returns lines about local artifacts that are removed from the source.
func Removed(a app.App) (lines []string) {
	for _, path := range a.Uploaded {
		lines = append(lines, show.Name(string(path))+" came with the source: it is neither used nor shipped")
	}
	return show.Notes(lines)
}

// Private returns a warning about files that should not be in an image, or "". .git is in the image only if the user
// sets BP_KEEP_GIT. project is the app's project.toml, of which the warning repeats nothing.
func Private(a app.App, c config.Config, project config.Project) string {
	found := slices.DeleteFunc(slices.Clone(a.Private), func(name string) bool {
		return path.Base(name) == ".git" && !c.KeepGit.On
	})
	if len(found) == 0 {
		return ""
	}
	var names []string
	for _, name := range found {
		names = append(names, show.Name(name))
	}
	lines := []string{"these files will be in the image, where all who have it can read them:"}
	for line := range strings.SplitSeq(show.Below(names), "\n") {
		lines = append(lines, "  "+strings.TrimSpace(line))
	}
	lines = append(lines, "  To keep them out, exclude them in project.toml:")
	if !project.Exists {
		lines = append(lines, "      [_]", "      schema-version = \"0.2\"", "      [io.buildpacks]")
	}
	return strings.Join(append(lines, excluded(project.Exclude, found)...), "\n")
}

// excluded returns the lines of project.toml that exclude the files of before, which it excludes already, and found.
func excluded(before, found []string) []string {
	lines := []string{"      exclude = ["}
	for _, name := range slices.Concat(before, found) {
		lines = append(lines, fmt.Sprintf("        %q,", name))
	}
	return append(lines, "      ]")
}
