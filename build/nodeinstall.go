package build

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installNode installs the packages of a project.
func (b *builder) installNode(ctx context.Context, project plan.Project, log *ui.Branch, env run.Env) error {
	out := log.Output()
	defer out.Close()
	m, command := project.Manager, strings.Join(project.Install, " ")
	sh := run.Shell{
		Dir: filepath.Join(b.root, project.Package.Dir), Out: out,
		Env: env.With(map[string]string{"npm_config_cache": filepath.Join(b.scratch, "npm")}),
	}
	commands := [][]string{project.Install}
	if b.hasPackages(project) {
		commands = project.Update
	}
	for _, argv := range commands {
		argv = slices.Concat(argv, m.Quiet)
		log.Body("Running %s", strings.Join(argv, " "))
		if err := sh.Run(ctx, argv...); err != nil {
			return installError(err, fail.Error{
				ID: "node/install", What: "The Node packages could not be installed", Why: command, Fix: "Try the same on your machine:\n    " + command,
			}, m.Failures)
		}
	}
	return nil
}

// hasPackages tells whether the layer has put old packages in place, to be brought up to date.
func (b *builder) hasPackages(project plan.Project) bool {
	return isDir(filepath.Join(b.root, project.Roots[0]))
}

// startField is the field of nodeModulesKey that may change without all packages being installed anew: package.json and the lock,
// where the manager can bring old packages up to date. Not so where the installation depends on more: a script of the app may
// have done anything to them, and a changed package of the app's own has the version that it had.
func startField(project plan.Project) string {
	n := project.Package
	if project.Update == nil {
		return ""
	}
	for _, file := range project.Files {
		if file != n.Path("package.json") && file != n.Path("patches") && !slices.Contains(n.Locks, file) {
			return ""
		}
	}
	return nodeFilesField
}
