package build

import (
	"context"

	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/python"
)

// putAway removes from the app what only the build needed, and compiles what is left. No step of the app may run any
// more.
func (h Host) putAway(ctx context.Context, d decisions, done results) error {
	if err := python.Compile(ctx, h.pythonIn(h.main(), d), done.python.Runtime, h.Root); err != nil {
		return err
	}
	if d.plan.Node != nil {
		if err := node.PutAway(ctx, h.nodeIn(h.main(), d, done.python.Runtime), done.node); err != nil {
			return err
		}
	}
	return clone{h.Dirs, h.main(), d.plan.Config.KeepGit.On}.forget()
}
