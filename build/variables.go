package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// nodeOptions is what every Node.js reads.
const nodeOptions = "NODE_OPTIONS"

// sortVariables takes out of the environment of the tools what would lead them astray, and keeps it for the app's own steps. With
// what is unusable no step could run. It comes after bin/pre_compile, which sees all and may make files that a variable names.
func (b *builder) sortVariables() {
	var unusable, misleading []string
	b.appOnly = run.Env{}
	for _, entry := range b.env.List() {
		name, value, _ := strings.Cut(entry, "=")
		switch {
		case manager.Unusable(name):
			unusable = append(unusable, name)
		case manager.Misleads(name):
			if b.fromUser(name) {
				misleading = append(misleading, name)
			}
			b.appOnly[name] = value
		}
	}
	b.env = b.env.Without(func(name string) bool { return manager.Unusable(name) || manager.Misleads(name) })
	if options, set := b.env[nodeOptions]; set {
		forApp := manager.WithoutPreloads(options, func(module string) bool { return filepath.IsAbs(module) && !exists(module) })
		forTools := manager.WithoutPreloads(forApp, func(module string) bool { return !filepath.IsAbs(module) })
		if forApp != options {
			unusable = append(unusable, nodeOptions+" (a file it names does not exist)")
		}
		if forTools != forApp {
			misleading = append(misleading, nodeOptions+" (modules to load first)")
			b.appOnly[nodeOptions] = forApp
		}
		b.env = b.env.With(run.Env{nodeOptions: forTools}).Without(func(name string) bool { return name == nodeOptions && forTools == "" })
	}
	for _, said := range []struct {
		names []string
		text  string
	}{
		{unusable, "No command gets these variables, with which Python or Node.js does not start: %s"},
		{misleading, "Only the app's own steps get these variables, which would lead the package managers astray: %s"},
	} {
		if len(said.names) > 0 {
			slices.Sort(said.names)
			b.main.Header(said.text, strings.Join(said.names, ", "))
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// forApp is env with what only the app's own steps get.
func (b *builder) forApp(env run.Env) run.Env { return b.withHeap(env.With(b.appOnly)) }

// forScripts is an environment of the app for a package manager that runs a script of the app.
func forScripts(env run.Env) run.Env { return env.Without(manager.MisleadsNode) }

// withHeap tells Node.js how much memory it may use, if the container has a limit and nobody has said it.
func (b *builder) withHeap(env run.Env) run.Env {
	limit, limited := run.MemoryLimit(b.machine)
	if !limited || b.plan.Node == nil || manager.LimitsHeap(env[nodeOptions]) {
		return env
	}
	option := fmt.Sprintf("--max-old-space-size=%d", plan.NodeHeap(limit))
	return env.With(run.Env{nodeOptions: strings.TrimSpace(env[nodeOptions] + " " + option)})
}

// sayHeap names what withHeap does.
func (b *builder) sayHeap(log *ui.Branch) {
	limit, limited := run.MemoryLimit(b.machine)
	if limited && !manager.LimitsHeap(b.env[nodeOptions]) {
		log.Body("Node.js may use %d MB, of %d MB that the build has (%s)", plan.NodeHeap(limit), limit>>20, nodeOptions)
	}
}
