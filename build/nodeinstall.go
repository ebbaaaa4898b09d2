package build

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installNode installs the packages of a project.
func (b *builder) installNode(ctx context.Context, project plan.Project, log *ui.Branch, env run.Env) error {
	command := show.Command(project.Install)
	from := plan.Fresh
	if b.hasPackages(project) {
		from = plan.Update
	}
	var commands [][]string
	for _, step := range b.plan.Installs(plan.InstallNode, project.Package.Dir, from) {
		commands = append(commands, step.Argv)
	}
	return b.manage(ctx, log, managing{project, project.Package.Dir, env, commands, fail.Error{
		ID: "node/install", What: "The Node packages could not be installed", Why: command, Fix: fail.Text("Try the same on your machine:\n    " + command),
	}})
}

// scriptsAgain runs the app's own scripts of an installation whose packages are kept, as the installation did: with what it sees.
func (b *builder) scriptsAgain(ctx context.Context, project plan.Project, log *ui.Branch) error {
	for _, step := range project.Again {
		env, err := b.managerEnv(ctx, project.Package.Dir, true)
		if err != nil || ignoresScripts(env) {
			return err
		}
		if err := b.manage(ctx, log, managing{project, step.Dir, env, [][]string{step.Argv}, fail.Error{
			ID: "node/install", What: "A script that is part of the installation of the Node packages failed", Why: step.Title, Fix: fail.Text("Try the same on your machine:\n    " + step.Try),
		}}); err != nil {
			return err
		}
	}
	return nil
}

// ignoresScripts tells whether a variable keeps the scripts of an installation from running; settings files are the plan's.
func ignoresScripts(env run.Env) bool {
	for name, value := range env {
		if manager.IgnoresScriptsBy(name, value) {
			return true
		}
	}
	return false
}

// downloadsFolder returns the download cache of a package manager, unless the app has its own. It is not kept for other
// builds: a script of this build can write to it, and Yarn 1 and pnpm install such files. npm and Yarn 4 notice, and
// fail in every later build.
func (b *builder) downloadsFolder(project plan.Project) string {
	for _, file := range project.Files {
		if folder := manager.BroughtCache(file.Lines); folder != "" && file.File == ".npmrc" && project.Manager == manager.NPM {
			if dir, err := app.In(project.Package.Dir, folder); err == nil {
				return filepath.Join(b.root, string(dir))
			}
		}
	}
	return filepath.Join(b.private, "downloads-"+string(project.Manager))
}

// hasPackages tells whether the layer has put old packages in place, to be brought up to date.
func (b *builder) hasPackages(project plan.Project) bool {
	return project.Update != nil && b.hasDir(string(project.Roots[0]))
}

// updates reports whether the manager can update the packages of other Files. It cannot if the installation depends on
// more than package.json and the lockfile: a script of the app may have done anything to old packages, and a changed
// package of the app's own has the version that it had.
func updates(project plan.Project) bool {
	n := project.Package
	if project.Update == nil {
		return false
	}
	for _, file := range project.Inputs {
		if file != n.Path("package.json") && file != n.Path("patches") && !slices.Contains(n.Locks, file) {
			return false
		}
	}
	return true
}

// inProject finds the commands of a fix that are typed where package.json is.
var inProject = regexp.MustCompile(`(?m)^    ((?:npm|yarn|pnpm|rm) .*)$`)

// typedInProject lets the fix say where its commands are typed, if that is not the app's own folder.
func typedInProject(err error, n *app.Node) error {
	found, ok := fail.User(err)
	if !ok || n.Dir == "." {
		return err
	}
	e := *found
	e.Fix = fail.Text(inProject.ReplaceAllStringFunc(e.Fix.String(), func(line string) string { return "    " + n.Command(strings.TrimSpace(line)) }))
	return &e
}

// nodeError explains why packages are not installed. Of those with an address of their own it says who asks for which.
func nodeError(err error, project plan.Project, said fail.Error) error {
	explained := typedInProject(installError(err, said, project.ManagerData().Failures), project.Package)
	var failed *run.Error
	user, ok := fail.User(explained)
	if !ok || !errors.As(err, &failed) || !slices.Contains([]string{"node/install", "node/network", "node/no-such-package"}, user.ID) {
		return explained
	}
	asking := manager.Asks(project.Package.Remote, failed.Tail)
	if len(asking) == 0 {
		return explained
	}
	slices.Sort(asking)
	e := &fail.Error{ID: "node/address", What: "A Node package cannot be had from where it should come from", Err: err}
	for _, name := range asking {
		address := secret.Public(project.Package.Remote[name])
		e.Why += fmt.Sprintf("%s is asked for as %s\n", show.Name(name), show.Value(address))
	}
	e.Why += "What " + project.ManagerData().Name + " got as an answer is above."
	e.Fix = fail.Text("Check that the build can reach the address without a password, a key or ssh. Most private repositories can be had as\n" +
		"packages of a registry instead, with a token in .npmrc:\n    //npm.example.com/:_authToken=${NPM_TOKEN}")
	return e
}
