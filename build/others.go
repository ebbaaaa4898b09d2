package build

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// production reports whether the user has set NODE_ENV to production for the build. Package managers of earlier
// buildpacks then exclude devDependencies.
func (h Host) production() bool {
	return h.In.Platform.Environment["NODE_ENV"] == environ.Production
}

// findOthers looks at what earlier buildpacks of this build have made.
func (h Host) findOthers(ctx context.Context) (app.Others, error) {
	place := app.Place{Machine: h.Machine, Layers: filepath.Dir(h.In.Layers.Path), Root: h.Root, Env: h.Platform.Vars}
	others := place.Others(h.Config.NodeProjects.Dirs)
	const version = "import platform; print(platform.python_version())"
	for _, asked := range []struct {
		runtime *app.Runtime
		argv    []string
	}{
		{others.Python, []string{plan.PythonProgram, "-S", "-s", "-c", version}},
		{others.Node, []string{"bin/node", "--version"}},
	} {
		if asked.runtime == nil {
			continue
		}
		asked.argv[0] = filepath.Join(asked.runtime.Dir, asked.argv[0])
		env := h.Platform.Vars.Without(func(name string) bool { return name == "NODE_OPTIONS" || name == "PYTHONHOME" })
		out, err := run.Shell{Dir: h.Private, Env: env}.Quiet().Answer(ctx, asked.argv...)
		if err != nil {
			program := filepath.Base(asked.argv[0])
			return others, fmt.Errorf("ask the %s of %s for its version: %w", program, asked.runtime.Buildpack, err)
		}
		asked.runtime.Version = strings.TrimPrefix(strings.TrimSpace(out), "v")
	}
	return others, nil
}
