package build

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// npm installs the Node packages.
func (b *builder) npm(ctx context.Context, log *ui.Branch, env run.Env) error {
	out := log.Output()
	defer out.Close()
	argv := append(b.plan.Node.Install[:len(b.plan.Node.Install):len(b.plan.Node.Install)], "--no-audit", "--no-fund", "--prefer-offline")
	log.Body("Running %s", strings.Join(argv, " "))
	sh := run.Shell{Dir: b.root, Env: env, Out: out}
	return npmError(sh.Run(ctx, argv...), b.plan.Node.Install)
}

// npmError explains why npm did not install the packages.
func npmError(err error, argv []string) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	command := strings.Join(argv, " ")
	e := &fail.Error{
		ID: "node/install", What: "The Node packages could not be installed", Err: err,
		Why: fmt.Sprintf("%s ended with exit code %d; what it says is above.", command, failed.Code),
		Fix: "Try the same on your machine:\n    " + command,
	}
	switch {
	case strings.Contains(failed.Tail, "are in sync"):
		e.ID, e.What = "node/lock-out-of-sync", "package-lock.json does not belong to package.json"
		e.Why = "package.json was changed after the lock was made; npm names the packages above."
		e.Fix = "Make the lock again and commit it:\n    npm install --package-lock-only"
	case strings.Contains(failed.Tail, "code E404"), strings.Contains(failed.Tail, "code ETARGET"):
		e.ID, e.What = "node/no-such-package", "A Node package that the app asks for does not exist"
		e.Why = firstLine(failed.Tail, "404  ", "notarget No matching")
		e.Fix = "Correct its name or version, make the lock again and commit both:\n    npm install --package-lock-only"
	}
	return e
}
