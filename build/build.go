// Package build is libcnb's door to a build: it does what package plan decides, in the order that Build's parts show.
package build

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Build makes the layers and processes of the image. Errors are the user's (*fail.Error) or say that they are internal.
func Build(in libcnb.BuildContext) (libcnb.BuildResult, error) {
	return recovered(in, func() (libcnb.BuildResult, error) { return buildApp(in) })
}

// recovered calls do. Its error, or a panic, becomes what the user reads.
func recovered(in libcnb.BuildContext, do func() (libcnb.BuildResult, error)) (result libcnb.BuildResult, err error) {
	err = fail.Recovered(func() (err error) { result, err = do(); return err })
	if err != nil {
		return libcnb.BuildResult{}, ended(in, err)
	}
	return result, nil
}

// buildApp builds, and masks the secrets in the error.
func buildApp(in libcnb.BuildContext) (result libcnb.BuildResult, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := newBuilder(ctx, in, ui.New(os.Stdout))
	if err != nil {
		return result, err
	}
	defer b.Tree.Close()
	err = fail.Recovered(func() (err error) { result, err = b.build(ctx); return err })
	return result, b.secrets.hidden(err) // again: a panic may quote a secret
}

// ended is err as the user reads it, which the platform is told too.
func ended(in libcnb.BuildContext, err error) error {
	err = readable(in, err)
	lastWords(terminationLog, err)
	return err
}

// build runs a build and removes all temporary files.
func (b *builder) build(ctx context.Context) (result libcnb.BuildResult, err error) {
	defer func() { err = b.secrets.hidden(b.end(err)) }()
	b.main.Title("%s %s", b.in.Buildpack.Info.Name, b.in.Buildpack.Info.Version)
	if warning := b.credentials.Warning(); warning != "" {
		b.main.Warn("%s", warning)
	}
	return b.runParts(ctx)
}

// runParts runs the parts of a build in the order of ARCHITECTURE.md, "The order of a build".
func (b *builder) runParts(ctx context.Context) (result libcnb.BuildResult, err error) {
	if err := b.preCompile(ctx); err != nil {
		return result, err
	}
	if err := b.read(ctx); err != nil {
		return result, err
	}
	b.cleanSource()
	if err := b.install(ctx); err != nil {
		return result, err
	}
	if err := b.lookAfterInstall(); err != nil {
		return result, err
	}
	if err := b.steps(ctx); err != nil {
		return result, err
	}
	if err := b.putAway(ctx); err != nil {
		return result, err
	}
	if err := b.lookAtEnd(); err != nil {
		return result, err
	}
	return b.result(ctx)
}

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
	return fail.Internal(err, in.Buildpack.Info.Name, in.Buildpack.Info.Homepage+"/issues")
}
