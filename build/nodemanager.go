package build

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// managing is a package manager at work for a project, in a folder of the app.
type managing struct {
	project  plan.Project
	dir      string
	env      run.Env
	commands [][]string
	step     diagnose.Step // as the rules describe it; the manager adds its own
}

// manage runs the commands with the manager's own settings.
func (b *builder) manage(ctx context.Context, log *ui.Branch, work managing) error {
	version, err := b.toolVersion(ctx, work.project)
	if err != nil {
		return err
	}
	out := log.Output()
	defer out.Close()
	settings := work.project.Settings
	env := work.env.With(manager.Node(work.project.Manager).Env(manager.Use{
		Version: version, Cache: b.downloadsFolder(work.project), Settings: settings.Settings, Brought: settings.Brought,
		Proxies: proxies(work.env),
	}))
	return b.withCredentials(binding.Node, env, func(env run.Env) error {
		tool := steps.Tool{
			Shell: run.Shell{Dir: filepath.Join(b.Root, work.dir), Env: env, Out: out}, Log: log, Step: work.failed(),
			Facts: b.runner(log).Machine(),
		}
		tool.Facts.Project, tool.Facts.Manager = work.project.Package, work.project.ManagerData()
		for _, argv := range work.commands {
			if err := tool.Run(ctx, plan.Command{Argv: argv}); err != nil {
				return err
			}
		}
		return nil
	})
}

// failed returns the step with what the rules about the manager need.
func (w managing) failed() diagnose.Step {
	step, m := w.step, w.project.ManagerData()
	step.Sets, step.Words, step.Dir = []string{m.Failures}, diagnose.NodeWords(m), w.project.Package.Dir
	return step
}

// proxies are the addresses of the usual variables, in small letters or capitals, unless Yarn's own are set.
func proxies(env run.Env) map[string]string {
	found := map[string]string{}
	for _, scheme := range []string{"http", "https"} {
		address := env[scheme+"_proxy"]
		if address == "" {
			address = env[strings.ToUpper(scheme)+"_PROXY"]
		}
		if own := env["YARN_"+strings.ToUpper(scheme)+"_PROXY"]; own != "" {
			address = own
		}
		if address != "" {
			found[scheme] = address
		}
	}
	return found
}
