package build

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// managing is a package manager at work in the folder of its project.
type managing struct {
	project  plan.Project
	env      run.Env
	commands [][]string
	failure  fail.Error // what it means when one of them fails and the manager's own words are not understood
}

// manage runs the commands with the manager's own settings.
func (b *builder) manage(ctx context.Context, log *ui.Branch, work managing) error {
	m := work.project.Manager
	cache, err := b.downloadsFolder(ctx, work.project)
	if err != nil {
		return err
	}
	version, err := b.toolVersion(ctx, work.project)
	if err != nil {
		return err
	}
	out := log.Output()
	defer out.Close()
	own := work.project.Own
	sh := run.Shell{
		Dir: filepath.Join(b.root, work.project.Package.Dir), Out: out,
		Env: work.env.With(m.Env(manager.Use{Version: version, Cache: cache, Own: own.Own, Brought: own.Brought})),
	}
	for _, argv := range work.commands {
		argv = slices.Concat(argv, m.Quiet)
		log.Body("Running %s", strings.Join(argv, " "))
		if err := sh.Run(ctx, argv...); err != nil {
			return nodeError(err, work.project, work.failure)
		}
	}
	return nil
}
