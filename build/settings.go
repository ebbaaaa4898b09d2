package build

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// settingsProgram prints a plan.Settings as JSON, or names what settings of pydantic miss.
//
//go:embed settings.py
var settingsProgram []byte

// importSettings learns what the build needs of Django's settings, while Node's branch still runs. A variable that is
// missing ends the build here, as does what no later step can mend; all else is left to collectstatic, since a build
// script may make what is missing.
func (b *builder) importSettings(ctx context.Context, log *ui.Branch) error {
	if b.plan.Manage.Path == "" || !b.installed.Has("django") {
		return nil
	}
	read, err := b.readSettings(ctx, log, nil)
	if names := b.keyNames(read, err); len(names) > 0 {
		b.takeKeyNames(names, log)
		read, err = b.readSettings(ctx, log, nil)
	}
	var failed *run.Error
	switch {
	case errors.As(err, &failed):
		return b.settingsFailed(ctx, read.Missing, failed, log)
	case err != nil:
		return err
	case read.Settings == nil:
		log.Header("The settings cannot be read: what their import printed is not understood")
		return nil
	}
	b.settings = read.Settings
	if names := diagnose.SecretKeys(b.settings.SecretNames, "", b.Root); len(names) > 0 && b.config.SecretKeyPlaceholder {
		b.takeKeyNames(names, log)
	}
	warnings, err := plan.CheckStatic(*b.settings, b.config, b.Root)
	for _, warning := range warnings {
		log.Warn("%s", warning)
	}
	return err
}

// takeKeyNames gives the app's own commands a placeholder under these names too.
func (b *builder) takeKeyNames(names []string, log *ui.Branch) {
	b.secretNames = append(b.secretNames, names...)
	log.Header("%s: not set, so the app's own steps get a random one as a placeholder. "+
		"It is in no image. %s=false leaves it out", strings.Join(names, ", "), config.SecretKeyPlaceholder)
}

// settingsRead is what the import has shown: the settings, or variables that are not set, or those that SECRET_KEY may
// have been looked for in.
type settingsRead struct {
	*plan.Settings
	Missing, KeyNames []string
}

// readSettings imports them. given are variables that stand for missing ones; what is printed then is nobody's to read.
func (b *builder) readSettings(ctx context.Context, log *ui.Branch, given run.Env) (read settingsRead, err error) {
	program := filepath.Join(b.Private, "settings.py")
	if err := os.WriteFile(program, settingsProgram, 0o644); err != nil {
		return read, err
	}
	env, err := b.settingsEnv(ctx)
	if err != nil {
		return read, err
	}
	out := log.Output()
	defer out.Close()
	sh := run.Shell{Dir: b.Root, Env: env.With(given), Out: out}
	if !b.config.DebugCollectstatic.On || given != nil {
		sh = sh.Quiet()
	}
	text, err := sh.Output(ctx, "python", program, b.plan.Manage.Path)
	if errors.Is(err, run.ErrOutput) {
		err = nil // as if nothing was printed
	}
	if json.Unmarshal([]byte(lastLine(text)), &read) != nil {
		return settingsRead{}, err // not ours: the settings have printed something else, or nothing
	}
	return read, err
}

// keyNames are the variables under which the settings have looked for SECRET_KEY in vain, where a placeholder may help.
func (b *builder) keyNames(read settingsRead, err error) []string {
	var failed *run.Error
	if !errors.As(err, &failed) || !b.config.SecretKeyPlaceholder {
		return nil
	}
	if len(read.KeyNames) > 0 {
		return diagnose.SecretKeys(read.KeyNames, "", b.Root)
	}
	return diagnose.SecretKeys(b.missing(read.Missing, failed), failed.Tail, b.Root)
}

// missing are the variables that a failed command says are not set; known are those that are certain.
func (b *builder) missing(known []string, failed *run.Error) []string {
	if len(known) > 0 {
		return known
	}
	return diagnose.Missing(failed.Tail, b.Root, b.runner(b.main).Facts.Has)
}

// settingsFailed ends the build if no later step can mend it.
func (b *builder) settingsFailed(ctx context.Context, known []string, failed *run.Error, log *ui.Branch) error {
	if b.plan.NeedsSettings(b.installed) {
		facts := b.runner(log).Facts
		if names := b.missing(known, failed); len(names) > 0 {
			facts.Missing, facts.Said = b.alsoMissing(ctx, names, failed.Tail, log)
		}
		step := diagnose.Step{Sets: []string{"django", "machine"}, Words: diagnose.Words{"add": b.plan.Node.Add(".")}}
		if x := diagnose.Explain(step, steps.ExitOf(failed), facts); x.Final {
			return x.Error()
		}
	}
	log.Header("The settings cannot be imported yet: %s", show.Printed(lastLine(failed.Tail)))
	return nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
