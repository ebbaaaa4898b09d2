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
	"github.com/tandem-cnb/tandem/internal/show"
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
	explained := manager.ScriptFailures(b.plan.Node.Add(step.Dir)).Explain(*e, failed.Tail)
	if explained.ID == "step/command-not-found" {
		_, command, _ := strings.Cut(explained.What, ": ")
		known := b.djangoApp()
		known.Add = b.plan.Node.Add(step.Dir)
		why, fix := known.Owner(filepath.Base(command))
		if other, instead := b.otherManager(step, filepath.Base(command)); other != "" {
			why, fix = other, instead
		}
		explained.Why, explained.Fix = explained.Why+"\n"+why, fail.Text(fix)
	}
	return explained
}

// otherManager explains why a script does not find a package manager: the project's is another one. "": the command is none.
func (b *builder) otherManager(step plan.Step, command string) (why, fix string) {
	for _, project := range b.projects() {
		if n := project.Package; n.Dir == step.Dir || slices.Contains(n.Workspaces, step.Dir) {
			name := project.ManagerData().Name
			why = fmt.Sprintf("%s installs the packages of %s, and so the scripts see no other package manager.", name, show.Name(n.Path("package.json")))
			fix = fmt.Sprintf("Call %s in the script (%s run …)", name, name)
			for _, m := range manager.Nodes() {
				m := m.Data()
				if slices.Contains(m.Programs, command) && m.Name != name {
					return why, fix + ", or let " + m.Name +
						" install them: commit its lock, in the place of any other\n    " + n.Command(m.Commands.Relock)
				}
			}
			if command == "bun" || command == "bunx" {
				return why, fix + ": bun is not understood yet."
			}
		}
	}
	return "", ""
}

// outOfMemory tells whether a command was killed, or Node.js ended itself, for want of memory.
func outOfMemory(failed *run.Error) bool {
	return killed(failed) || manager.HeapExhausted(failed.Tail)
}

// killed tells whether a command was ended by SIGKILL, itself or below a shell.
func killed(failed *run.Error) bool { return failed.Signal == syscall.SIGKILL || failed.Code == 137 }

// noMemory says so of a command that e says has failed.
func noMemory(e fail.Error) error {
	e.ID = "build/out-of-memory"
	e.Why = "It had too little memory: it was killed, or Node.js has ended itself at the limit of its heap."
	e.Fix = fail.Text(manager.MoreHeap)
	return &e
}
