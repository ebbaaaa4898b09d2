// Package build is libcnb's door to a build: it does what package plan decides, in the order that Build's parts show.
package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Build makes the layers and processes of the image. Errors are the user's (*fail.Error) or say that they are internal.
func Build(in libcnb.BuildContext) (libcnb.BuildResult, error) {
	return recovered(in, func() (libcnb.BuildResult, error) { return buildApp(in) })
}

// recovered calls do. Its error, or a panic, becomes what the user reads.
func recovered(in libcnb.BuildContext, do func() (libcnb.BuildResult, error)) (result libcnb.BuildResult, err error) {
	begin := time.Now()
	err = fail.Recovered(func() (err error) { result, err = do(); return err })
	if err != nil {
		return libcnb.BuildResult{}, reportError(in, err, time.Since(begin))
	}
	return result, nil
}

// buildApp builds, and masks the secrets in the error.
func buildApp(in libcnb.BuildContext) (result libcnb.BuildResult, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := ui.New(os.Stdout)
	log.Color(ui.Colored(os.Environ()))
	h, err := newHost(ctx, in, log)
	if err != nil {
		return result, err
	}
	defer h.Tree.Close()
	err = fail.Recovered(func() (err error) { _, result, err = h.build(ctx); return err })
	return result, h.guard.secrets.hidden(err) // again: a panic may quote a secret
}

// reportError returns err with the text that ends the log, and writes the termination message for the platform.
func reportError(in libcnb.BuildContext, err error, took time.Duration) error {
	err = readable(in, err)
	lastWords(terminationLog, err)
	return failure{err, fmt.Sprintf("%s\nFailed after %.1f s (%s %s, %s)", reporter(in).Report(err), took.Seconds(),
		in.Buildpack.Info.Name, in.Buildpack.Info.Version, commonKey(in).Arch)}
}

// failure is the error of a build, with the text that ends the log.
type failure struct {
	error
	text string
}

func (f failure) Error() string { return f.text }
func (f failure) Unwrap() error { return f.error }

// reporter returns what writes errors with the pages of this release.
func reporter(in libcnb.BuildContext) fail.Reporter {
	info, r := in.Buildpack.Info, fail.Reporter{Platform: config.Project{Exists: hasProject(in)}.Platform()}
	if exists(terminationLog) {
		r.Platform = fail.Kubernetes // where there is no project.toml of pack
	}
	if info.Homepage != "" {
		r.Docs = fail.Pages(info.Homepage, info.Version)
	}
	return r
}

// hasProject reports whether the app has a project.toml.
func hasProject(in libcnb.BuildContext) bool {
	files, err := tree.Open(in.ApplicationPath)
	if err != nil {
		return false // what cannot be opened has no files
	}
	defer files.Close()
	return tree.IsFile(files.FS(), config.ProjectFile)
}

// build runs a build and removes all temporary files. It returns the plan too, as far as it was settled.
func (h Host) build(ctx context.Context) (p plan.Plan, result libcnb.BuildResult, err error) {
	defer func() { err = h.guard.secrets.hidden(h.end(err)) }()
	h.main().Title("Tandem %s", h.In.Buildpack.Info.Version)
	if warning := h.Access.Warning(); warning != "" {
		h.main().Warn("%s", warning)
	}
	if p, result, err = h.run(ctx); err != nil {
		h.Log.Warnings() // they may be the cause
	}
	return p, result, err
}

// run runs the parts of a build in the order of ARCHITECTURE.md, "The order of a build". After an error, the plan is as
// far as it was settled.
func (h Host) run(ctx context.Context) (p plan.Plan, result libcnb.BuildResult, err error) {
	src, err := h.preCompile(ctx) // may write any file, so it comes before all reading
	if err != nil {
		return p, result, err
	}
	d, err := h.decide(ctx, src)
	if err != nil {
		return d.plan, result, err
	}
	h.cleanSource(d)
	done, err := h.install(ctx, d) // declares both languages, then installs both in parallel
	if err != nil {
		return d.plan, result, err
	}
	d.debian = done.debian
	if err := fail.Join(h.lookAfterInstall(d), h.checkLibraries(ctx, done.debian, done.python.Libraries)); err != nil {
		return d.plan, result, err
	}
	if d.plan, err = h.steps(ctx, d, done); err != nil {
		return d.plan, result, err
	}
	if err := h.putAway(ctx, d, done); err != nil {
		return d.plan, result, err
	}
	if d.plan, done.imported, err = h.prove(ctx, d, done); err != nil {
		return d.plan, result, err
	}
	if err := fail.Join(h.lookAtEnd(d), h.openFiles(d.closed)); err != nil {
		return d.plan, result, err
	}
	result, err = h.result(ctx, d, done)
	return d.plan, result, err
}

// internal reports whether err is a defect of Tandem or of the machine, and not an error that the user can correct.
func internal(err error) bool {
	_, ok := fail.User(err)
	return !ok
}

// readable leaves a user's error as it is and says of every other that it is ours. Of a full disk it says that first.
func readable(in libcnb.BuildContext, err error) error {
	err = permissionError(in, diagnose.ExplainError(err, steps.ExitOf(err), diagnose.Facts{Free: freeSpace(in)}))
	if all := fail.Each(err); len(all) > 1 && !slices.ContainsFunc(all, internal) {
		return err
	}
	if user, ok := fail.User(err); ok {
		return user
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("the build was interrupted")
	}
	return fail.Internal(withOutput(err), in.Buildpack.Info.Name, in.Buildpack.Info.Homepage+"/issues")
}

// mostPrinted is how many lines of a command an internal error repeats. Its output is not always in the log.
const mostPrinted = 20

// withOutput returns the error of a command with the last lines that the command printed.
func withOutput(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) || strings.TrimSpace(failed.Tail) == "" {
		return err
	}
	lines := strings.Split(strings.TrimSpace(failed.Tail), "\n")
	lines = lines[max(0, len(lines)-mostPrinted):]
	return fmt.Errorf("%w\n\nIt printed:\n    %s", err, strings.Join(lines, "\n    "))
}
