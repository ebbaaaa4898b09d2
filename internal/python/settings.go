package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/static"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// settingsProgram prints a installed.Settings as JSON, or names what settings of pydantic miss.
//
//go:embed settings.py
var settingsProgram []byte

// importer imports the settings of the app.
type importer struct {
	In
	step  plan.Step
	names []string // under which the import gets a placeholder for SECRET_KEY
	parts environ.Parts
}

// newImporter returns what imports the settings with the packages of r. ok is false if nothing does.
func newImporter(in In, r Result) (im importer, ok bool) {
	im = importer{In: in, parts: r.Parts, names: r.SecretNames}
	im.Envs, im.Found = in.Envs.With(r.Parts, r.SecretNames), r.found()
	im.step, ok = in.Plan.Import(im.Found)
	return im, ok
}

// importSettings imports Django's settings while Node.js is still being installed, and returns r with the settings. A
// missing variable is an error, as is any problem that no later step can solve. All other problems are left to
// collectstatic, since a build script may create the missing files.
func importSettings(ctx context.Context, in In, r Result) (Result, error) {
	im, ok := newImporter(in, r)
	if !ok {
		return r, nil
	}
	read, err := im.read(ctx, nil)
	if names := im.keyNames(read, err); len(names) > 0 {
		im = im.withNames(names)
		read, err = im.read(ctx, nil)
	}
	r.SecretNames = im.names
	if ctx.Err() != nil { // the Node.js install has failed, and its error is the cause
		return r, context.Cause(ctx)
	}
	var failed *run.Error
	switch {
	case errors.As(err, &failed):
		return r, im.failed(ctx, read.Missing, failed)
	case err != nil:
		return r, err
	case read.Settings == nil:
		in.Log.Header("The settings cannot be read: what their import printed is not understood")
		return r, nil
	}
	r.Settings = read.Settings
	if names := diagnose.SecretKeys(r.Settings.SecretNames, "", in.Root); len(names) > 0 && in.fillsKeys() {
		r.SecretNames = im.withNames(names).names
	}
	warnings, err := static.CheckSettings(*r.Settings, in.Plan.Config, in.Root)
	steps.LogNotes(in.Log, warnings)
	return r, err
}

// Import imports the settings again, after steps of the app that may have made what they read. It returns nil if that
// still fails: the step that needs them explains why.
func Import(ctx context.Context, in In, r Result) *installed.Settings {
	im, ok := newImporter(in, r)
	if !ok {
		return nil
	}
	read, err := im.read(ctx, nil)
	if err != nil {
		return nil
	}
	return read.Settings
}

// fillsKeys reports whether a SECRET_KEY that is not set gets a placeholder.
func (in In) fillsKeys() bool { return bool(in.Plan.Config.SecretKeyPlaceholder) }

// withNames returns the importer with a placeholder under these names too. The app's own commands get it as well.
func (im importer) withNames(names []string) importer {
	im.names = append(slices.Clip(im.names), names...)
	im.Envs = im.Envs.With(im.parts, im.names)
	im.Log.Header("%s: not set, so the app's steps get a random placeholder. "+
		"It is not in the image. To disable it: %s=false", strings.Join(names, ", "), config.SecretKeyPlaceholder)
	return im
}

// answer is the output of the import: the settings, or the variables that are not set. KeyNames are the variables that
// may have been read for SECRET_KEY.
type answer struct {
	*installed.Settings
	Missing, KeyNames []string
}

// read imports the settings. given are variables that replace missing ones; what is printed then is not logged.
func (im importer) read(ctx context.Context, given run.Env) (read answer, err error) {
	if err := os.WriteFile(im.step.Argv[1], settingsProgram, 0o644); err != nil {
		return read, err
	}
	env := im.Envs.For(im.step.Env, "").Filled()
	call := steps.Call{Env: env.With(given), Out: io.Discard, Prints: true}
	if im.Plan.Config.Collectstatic.Debug.On && given == nil {
		out := im.Log.Output()
		defer out.Close()
		call.Out = out
	}
	text, err := im.Start(ctx, im.step, call)
	if errors.Is(err, run.ErrOutput) {
		err = nil // as if nothing was printed
	}
	if json.Unmarshal([]byte(lastLine(text)), &read) != nil {
		return answer{}, err // the settings have printed something else, or nothing
	}
	return read, err
}

// keyNames returns the variables under which the settings have looked for SECRET_KEY in vain, where a placeholder may
// help.
func (im importer) keyNames(read answer, err error) []string {
	var failed *run.Error
	if !errors.As(err, &failed) || !im.fillsKeys() {
		return nil
	}
	if len(read.KeyNames) > 0 {
		return diagnose.SecretKeys(read.KeyNames, "", im.Root)
	}
	return diagnose.SecretKeys(im.missing(read.Missing, failed), failed.Tail, im.Root)
}

// missing returns the variables that a failed command reports as not set. known are the certain ones.
func (im importer) missing(known []string, failed *run.Error) []string {
	if len(known) > 0 {
		return known
	}
	return diagnose.Missing(failed.Tail, im.Root, im.FactsOf(im.step).Has)
}

// failed returns an error if no later step can mend what the import failed of.
func (im importer) failed(ctx context.Context, known []string, failed *run.Error) error {
	if im.Plan.NeedsSettings(im.Found) {
		facts := im.FactsOf(im.step)
		if names := im.missing(known, failed); len(names) > 0 {
			facts.Missing, facts.Said = im.alsoMissing(ctx, names, failed.Tail)
		}
		if x := im.Explain(failed, im.step, facts); x.Final {
			return x.Error()
		}
	}
	im.Log.Header("The settings cannot be imported yet: %s", show.Printed(lastLine(failed.Tail)))
	return nil
}

// lastLine returns the last line of a text that is not blank. The import prints its result there.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
