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
	cache, err := b.downloads[project.Manager.Name].Contents(ctx)
	if err != nil {
		return err
	}
	env = env.With(map[string]string{"npm_config_cache": cache})
	out := log.Output()
	defer out.Close()
	m, command := project.Manager, strings.Join(project.Install, " ")
	argv := slices.Concat(project.Install, m.Quiet)
	log.Body("Running %s", strings.Join(argv, " "))
	sh := run.Shell{Dir: filepath.Join(b.root, project.Package.Dir), Env: env, Out: out}
	return installError(sh.Run(ctx, argv...), fail.Error{
		ID: "node/install", What: "The Node packages could not be installed", Why: command, Fix: "Try the same on your machine:\n    " + command,
	}, m.Failures)
}
