package build

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// scriptError explains what a script of package.json is known to fail with. said is the error as it is without that.
func (b *builder) scriptError(said error, step plan.Step) error {
	var failed *run.Error
	e, ok := fail.User(said)
	if !ok || step.Kind != plan.Script || !errors.As(said, &failed) {
		return said
	}
	if outOfMemory(failed) {
		return noMemory(*e)
	}
	explained := manager.ScriptFailures().Explain(*e, failed.Tail)
	if explained.ID == "step/command-not-found" {
		_, command, _ := strings.Cut(explained.What, ": ")
		explained.Why += "\n" + b.whoHas(filepath.Base(command))
	}
	return explained
}

// whoHas says which package.json of the app names a package that has the command.
func (b *builder) whoHas(command string) string {
	var lines []string
	for _, node := range b.app.Node {
		for _, list := range []struct {
			name     string
			packages []string
		}{{"dependencies", node.Dependencies}, {"devDependencies", node.DevDependencies}} {
			for _, name := range manager.Providers(command) {
				if slices.Contains(list.packages, name) {
					lines = append(lines, fmt.Sprintf("%s is in %s of %s.", name, list.name, node.Path("package.json"))+b.installedHow(node.Dir))
				}
			}
		}
	}
	if len(lines) == 0 {
		return "No package.json of the app names a package that is known to have it."
	}
	return strings.Join(lines, "\n")
}

// installedHow says why packages of a folder are not there, if they are not.
func (b *builder) installedHow(dir string) string {
	for _, project := range b.plan.Node.Projects {
		if project.Package.Dir != dir && !slices.Contains(project.Package.Workspaces, dir) {
			continue
		}
		if project.Install == nil {
			return " Nothing is installed there."
		}
		return " They were installed by: " + strings.Join(project.Install, " ")
	}
	return " That folder is not installed in this build: BP_NODE_PROJECT_PATH names folders that are."
}

// outOfMemory tells whether a command was killed, or Node.js ended itself, for want of memory.
func outOfMemory(failed *run.Error) bool {
	return killed(failed) || strings.Contains(failed.Tail, "JavaScript heap out of memory")
}

// killed tells whether a command was ended by SIGKILL, itself or below a shell.
func killed(failed *run.Error) bool { return failed.Signal == syscall.SIGKILL || failed.Code == 137 }

// noMemory says so of a command that e says has failed.
func noMemory(e fail.Error) error {
	e.ID = "build/out-of-memory"
	e.Why = "It had too little memory: it was killed, or Node.js has ended itself at the limit of its heap."
	e.Fix = "Give Docker or the build pod more. Where there is more than Node.js takes by itself, in megabytes:\n    pack build … --env NODE_OPTIONS=--max-old-space-size=4096"
	return &e
}
