package environ

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// withHeap adds the option that limits Node.js's memory, if the container has a limit and NODE_OPTIONS does not set the
// option.
func (e Envs) withHeap(env run.Env) run.Env {
	limit := e.platform.MemoryLimit
	if limit == 0 || !e.project.node || manager.LimitsHeap(env[nodeOptions]) {
		return env
	}
	option := fmt.Sprintf("--max-old-space-size=%d", nodeHeap(limit))
	return env.With(run.Env{nodeOptions: strings.TrimSpace(env[nodeOptions] + " " + option)})
}

// HeapNote returns the line of the log that says how much memory Node.js may use; "": Tandem does not limit it.
func (e Envs) HeapNote() string {
	limit := e.platform.MemoryLimit
	if limit == 0 || manager.LimitsHeap(e.tools[nodeOptions]) {
		return ""
	}
	return fmt.Sprintf("Node.js may use %d MB, of %d MB that the build has (%s)",
		nodeHeap(limit), limit>>20, nodeOptions)
}

// LoaderOptions returns the options by which Node.js finds the packages of the projects that have no node_modules.
// hasFile reports whether the app has a file, relative to root. https://yarnpkg.com/advanced/pnpapi
func LoaderOptions(root string, pl plan.Plan, hasFile func(name string) bool) (options []string) {
	if pl.Node == nil {
		return nil
	}
	for _, project := range pl.Node.Projects {
		for _, hook := range []struct{ file, option, prefix string }{
			{".pnp.loader.mjs", "--experimental-loader", "file://"},
			{".pnp.js", "--require", ""}, {".pnp.cjs", "--require", ""},
		} {
			name := project.Package.Path(hook.file)
			if !project.Settings.PnP || !hasFile(name) {
				continue
			}
			// Without quotes where they are not needed: Yarn would not find what it looks for in the options.
			file := hook.prefix + filepath.Join(root, name)
			if strings.Contains(file, " ") {
				file = strconv.Quote(file)
			}
			options = append(options, hook.option+" "+file)
		}
	}
	return options
}

// withOptions puts each of the options before those of NODE_OPTIONS, so that the last one is the first there.
func withOptions(env run.Env, options []string) run.Env {
	for _, option := range options {
		env = env.With(run.Env{nodeOptions: strings.TrimSpace(option + " " + env[nodeOptions])})
	}
	return env
}

// nodeHeap returns Node.js's limit for old objects, in MB. limit is the limit of all processes together, in bytes.
// Three quarters of limit are for old objects. The rest is for Node.js's own code and buffers, and for its parent
// processes. Without this option Node.js uses a quarter of the limit, so a bundler crashes in a small container that
// has enough memory. Node.js also uses at most 4 GB, which this keeps, since several processes may run at a time.
// https://github.com/nodejs/node/blob/main/doc/api/cli.md#--max-old-space-sizesize-in-mib
func nodeHeap(limit int64) int {
	return int(min(limit>>20*3/4, 4096))
}
