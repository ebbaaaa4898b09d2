package build

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// sayStrays warns of packages that a step of the app has installed itself (cd frontend && npm install): they stay in
// the image, with devDependencies and all, since nobody but the app knows what they are for. Where a process needs
// packages that may be what it is meant for.
func (b *builder) sayStrays() {
	if b.plan.Node == nil || b.plan.Node.Launch.Modules {
		return
	}
	var known []app.Path
	var warnings []string
	for _, project := range b.plan.Node.Projects {
		known = append(known, project.Roots...)
	}
	for _, folder := range app.Leftovers(b.Source) {
		if isRootOfPackages(folder) && !slices.Contains(known, folder) {
			warnings = append(warnings, fmt.Sprintf("%s was made by a step of the app, and is in the image. "+
				"It is not if Tandem installs and builds that folder: %s=%s",
				show.Name(string(folder)), config.NodeProjectPath, show.Word(path.Dir(string(folder)))))
		}
	}
	for _, warning := range show.Notes(warnings) {
		b.main.Warn("%s", warning)
	}
}
