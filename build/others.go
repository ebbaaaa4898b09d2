package build

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// findOthers looks at what earlier buildpacks of this build have made.
func (b *builder) findOthers(ctx context.Context) (app.Others, error) {
	place := app.Place{Machine: b.Machine, Layers: filepath.Dir(b.in.Layers.Path), Root: b.Root, Env: b.platform.Vars}
	others := place.Others(b.config.NodeProjectPath)
	for _, asked := range []struct {
		runtime *app.Runtime
		argv    []string
	}{
		{others.Python, []string{"bin/python3", "-S", "-s", "-c", "import platform; print(platform.python_version())"}},
		{others.Node, []string{"bin/node", "--version"}},
	} {
		if asked.runtime == nil {
			continue
		}
		asked.argv[0] = filepath.Join(asked.runtime.Dir, asked.argv[0])
		env := b.platform.Vars.Without(func(name string) bool { return name == "NODE_OPTIONS" || name == "PYTHONHOME" })
		out, err := run.Shell{Dir: b.Private, Env: env}.Quiet().Answer(ctx, asked.argv...)
		if err != nil {
			return others, fmt.Errorf("ask the %s of %s for its version: %w", filepath.Base(asked.argv[0]), asked.runtime.Buildpack, err)
		}
		asked.runtime.Version = strings.TrimPrefix(strings.TrimSpace(out), "v")
	}
	return others, nil
}

// adoptPython uses an earlier buildpack's interpreter and reports whether its packages can be used too.
func (b *builder) adoptPython() (packages bool, err error) {
	o := b.app.Others
	b.python = layer.Adopted(run.Part{Dir: o.Python.Dir}, layer.Filled{})
	if !b.plan.Python.Provided {
		return false, nil
	}
	found, err := distributions(o.Packages.Dir)
	b.venv = layer.Adopted(run.Part{Dir: o.Packages.Dir}, layer.Filled{BOM: found})
	return true, err
}

// pythonID is what tells an interpreter from others of its version: its archive's checksum, or where another buildpack
// has put it.
func (b *builder) pythonID(python versions.Release) string {
	if other := b.app.Others.Python; other != nil {
		return other.Dir
	}
	return python.Checksum()
}
