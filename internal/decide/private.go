package decide

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// Removed are lines about what came from the machine that the source was written on, and is taken out of it.
func Removed(a app.App) (lines []string) {
	for _, path := range a.Uploaded {
		lines = append(lines, path+" came with the source: it is neither used nor shipped")
	}
	return lines
}

// Left is a warning about node_modules that steps of the app have made by themselves, of all that are there; "": there are none.
func Left(modules []string, projects []plan.Project) string {
	for _, project := range projects {
		modules = slices.DeleteFunc(modules, func(name string) bool { return slices.Contains(project.Roots, name) })
	}
	if len(modules) == 0 {
		return ""
	}
	dir := path.Dir(modules[0])
	if dir == "." {
		return modules[0] + " was made by a step of the app and is in the image. If no process needs it, let the last command remove it:\n    rm -rf node_modules"
	}
	return fmt.Sprintf("%s: made by a step of the app, and in the image. If no process needs them, let Tandem install and build that folder, which leaves them out:\n"+
		"    pack build … --env %s=%s\n  or let the script remove them at its end", strings.Join(modules, ", "), config.NodeProjectPath, dir)
}

// Private is a warning about what should not be in an image; "": there is nothing.
func Private(a app.App) string {
	if len(a.Private) == 0 {
		return ""
	}
	lines := []string{"these will be in the image, where everybody who has it can read them:"}
	for _, path := range a.Private {
		lines = append(lines, "  "+path)
	}
	lines = append(lines, "  To keep them out, list them in project.toml:", "      [_]", "      schema-version = \"0.2\"", "      [io.buildpacks]", fmt.Sprintf("      exclude = [%q]", a.Private[0]))
	return strings.Join(lines, "\n")
}
