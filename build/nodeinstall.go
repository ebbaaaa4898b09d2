package build

import (
	"context"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installNode installs the Node packages.
func (b *builder) installNode(ctx context.Context, log *ui.Branch, env run.Env) error {
	out := log.Output()
	defer out.Close()
	m, command := b.plan.Node.Manager, strings.Join(b.plan.Node.Install, " ")
	argv := slices.Concat(b.plan.Node.Install, m.Quiet)
	log.Body("Running %s", strings.Join(argv, " "))
	sh := run.Shell{Dir: b.root, Env: env, Out: out}
	return installError(sh.Run(ctx, argv...), fail.Error{
		ID: "node/install", What: "The Node packages could not be installed", Why: command, Fix: "Try the same on your machine:\n    " + command,
	}, m.Failures)
}
