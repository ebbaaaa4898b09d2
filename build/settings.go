package build

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// settingsProgram prints a plan.Settings as JSON.
//
//go:embed settings.py
var settingsProgram []byte

// importSettings learns what the build needs of Django's settings, while Node's branch still runs. What goes wrong here is
// left to collectstatic, which says it in Django's own words.
func (b *builder) importSettings(ctx context.Context, log *ui.Branch) error {
	if b.plan.Manage.Path == "" || !b.installed.Has("django") {
		return nil
	}
	program := filepath.Join(b.scratch, "settings.py")
	if err := os.WriteFile(program, settingsProgram, 0o644); err != nil {
		return err
	}
	env, err := b.pythonEnv(ctx, b.env)
	if err != nil {
		return err
	}
	out := log.Output()
	defer out.Close()
	sh := run.Shell{Dir: b.root, Env: b.withSecretKey(env), Out: out}.Quiet()
	text, err := sh.Output(ctx, "python", program, b.plan.Manage.Path)
	var failed *run.Error
	if errors.As(err, &failed) {
		log.Header("The settings cannot be imported yet: %s", lastLine(failed.Tail))
		return nil
	}
	if err != nil {
		return err
	}
	var settings plan.Settings
	if err := json.Unmarshal([]byte(lastLine(text)), &settings); err != nil {
		log.Header("The settings cannot be read: %s", err)
		return nil
	}
	b.settings = &settings
	warnings, err := plan.CheckStatic(settings, b.config, b.root)
	for _, warning := range warnings {
		log.Warn("%s", warning)
	}
	return err
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
