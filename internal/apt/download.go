package apt

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// download lets apt read its index, choose the packages and download them. It returns the files, sorted.
func (u unpacking) download(ctx context.Context, archives string) (files []string, err error) {
	out := u.Log.Output()
	defer out.Close()
	out.Fold(func(string) bool { return true }) // lists of packages; errors are unfolded
	more := []string{}
	if u.forImage {
		more = append(more, u.More...)
	}
	for _, step := range u.steps() {
		call := steps.Call{Env: u.env(), Out: out}
		if step.Kind == plan.DebianFiles || len(step.If) > 0 { // for each file, and after an error
			continue
		}
		if step.Kind == plan.DebianPackages {
			call.More = more
			if len(more) > 0 {
				u.Log.Body("also installed: %s", strings.Join(more, " "))
			}
		}
		if err := u.withOffered(ctx, step, u.Tool(ctx, step, call)); err != nil {
			out.Unfold()
			return nil, err
		}
		if step.Output != "" {
			printed, err := os.ReadFile(step.Output)
			if err != nil {
				return nil, err
			}
			more = append(more, debian.LibrariesOf(string(printed))...)
		}
	}
	files, err = filepath.Glob(filepath.Join(archives, "*.deb"))
	slices.Sort(files)
	return files, err
}

// withOffered returns the error of a step. If apt cannot install what the user names, it says what the sources offer.
func (u unpacking) withOffered(ctx context.Context, step plan.Step, err error) error {
	if err == nil || step.Kind != plan.DebianPackages {
		return err
	}
	facts := u.FactsOf(step)
	facts.Offers.Debian.Release = u.Common.Distro
	for _, ask := range u.steps() {
		if !slices.Contains(ask.If, installed.IfRefused) {
			continue
		}
		printed, failed := u.Start(ctx, ask, steps.Call{Env: u.env(), Out: io.Discard, Prints: true})
		if failed != nil {
			return err // which is explained already
		}
		facts.Offers.Debian.Read(printed)
	}
	if user := u.Explain(err, step, facts).Error(); user != nil {
		return user
	}
	return err
}

// steps returns the steps that fill the layer. The last one is for each file of a package.
func (u unpacking) steps() []plan.Step { return u.Plan.Filling(u.name, plan.Fresh) }

// env returns the environment of apt and dpkg, whose messages are in English.
func (u unpacking) env() run.Env {
	return u.Envs.For(plan.EnvOwn, "").Filled().With(map[string]string{"LC_ALL": "C.UTF-8"})
}

// extract unpacks a file of apt into a directory.
func (u unpacking) extract(ctx context.Context, file, dir string) error {
	out := u.Log.Output()
	defer out.Close()
	all := u.steps()
	step := all[len(all)-1]
	_, err := u.Start(ctx, step, steps.Call{Env: u.env(), Out: out, More: []string{file, dir}})
	return u.Explained(err, step)
}
