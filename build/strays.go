package build

import (
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// sayStrays warns of packages that a step of the app has installed itself (cd frontend && npm install): they stay in the image, with
// devDependencies and all, since nobody but the app knows what they are for. Where a process needs packages that may be what it is meant for.
func (b *builder) sayStrays() {
	if b.plan.Node == nil || b.plan.Node.Launch.Modules {
		return
	}
	var known []string
	for _, project := range b.plan.Node.Projects {
		known = append(known, project.Roots...)
	}
	for _, folder := range app.Made(b.source) {
		if path.Base(folder) == "node_modules" && !slices.Contains(known, folder) {
			b.main.Warn("%s was made by a step of the app, and is in the image. It is not if Tandem installs and builds that folder: %s=%s", folder, config.NodeProjectPath, path.Dir(folder))
		}
	}
}
