package node

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// warnUnmanagedModules warns of packages that a step of the app has installed itself (cd frontend && npm install). They
// stay in the image, with devDependencies, since only the app knows what they are for. If a process needs packages,
// that may be the reason for them.
func warnUnmanagedModules(in In) {
	if in.Plan.Node.Launch.Modules {
		return
	}
	var known []app.Path
	var warnings []string
	for _, project := range in.Plan.Projects() {
		known = append(known, project.Roots...)
	}
	for _, dir := range app.Leftovers(in.Source) {
		if isRootOfPackages(dir) && !slices.Contains(known, dir) {
			warnings = append(warnings, fmt.Sprintf("%s was made by a step of the app, and is in the image. "+
				"It is not if Tandem installs and builds that folder: %s=%s",
				show.Name(string(dir)), config.NodeProjectPath, show.Word(path.Dir(string(dir)))))
		}
	}
	for _, warning := range show.Notes(warnings) {
		in.Log.Warn("%s", warning)
	}
}
