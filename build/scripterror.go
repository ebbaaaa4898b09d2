package build

import (
	"errors"
	"path/filepath"
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
	explained := manager.ScriptFailures(b.plan.Node.Add(step.Dir)).Explain(*e, failed.Tail)
	if explained.ID == "step/command-not-found" {
		_, command, _ := strings.Cut(explained.What, ": ")
		known := b.djangoApp()
		known.Add = b.plan.Node.Add(step.Dir)
		why, fix := known.Owner(filepath.Base(command))
		explained.Why, explained.Fix = explained.Why+"\n"+why, fix
	}
	return explained
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
	e.Fix = manager.MoreHeap
	return &e
}
