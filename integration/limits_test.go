package integration

import (
	"maps"
	"slices"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// hungry asks for more memory than any container here has.
const hungry = `{"scripts": {"build": "node -e \"for (const all = [];;) all.push(new Array(1e6).fill(0.5))\""}}`

// A container's limit of memory is Node's too, so that a bundler neither ends at a quarter of it nor is killed beyond
// it. Who needs more is told so, and how to get it.
func TestTheMemoryOfAContainerIsNodes(t *testing.T) {
	t.Parallel()
	needEngine(t)
	cases := map[string]struct {
		script string
		log    []string
		fails  bool
	}{
		"three quarters": {script: `{"scripts": {"build": "node -p '\"heap of \" + ` +
			`Math.round(v8.getHeapStatistics().heap_size_limit / 2 ** 20 / 100) + \"00 MB\"'"}}`,
			log: []string{"Node.js may use 768 MB, of 1024 MB", "heap of 800 MB"}},
		"too little": {script: hungry, log: []string{"[build/out-of-memory]", "ran out of memory"}, fails: true},
	}
	spec.Run(t, "container", func(t *testing.T, _ spec.G, it spec.S) {
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			c := cases[name]
			it(name, func() {
				log,
					err := buildIn(t, write(t, map[string]string{"requirements.txt": "", "package.json": c.script}),
					"--memory", "1g", "--memory-swap", "1g")
				if (err != nil) != c.fails {
					t.Fatalf("the build ends with %v:\n%s", err, log)
				}
				contains(t, log, c.log, nil)
			})
		}
	}, spec.Parallel())
}

// buildIn runs detector and builder in a container of the builder that is started with these flags, as a platform's
// task would.
func buildIn(t *testing.T, app string, flags ...string) (log string, err error) {
	t.Helper()
	builder, err := env.Builder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := env.Run(t.Context(), builder.Image, devenv.Start{
		Env:     map[string]string{"CNB_PLATFORM_API": "0.14", "CNB_NO_COLOR": "true"},
		Flags:   append(flags, "--volume", app+":/source:ro", "--entrypoint", "sleep"),
		Command: []string{"600"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	return c.Exec(t.Context(), "sh", "-c",
		"exec 2>&1; cp -r /source/. /workspace && touch /layers/analyzed.toml && /cnb/lifecycle/detector && "+
			"/cnb/lifecycle/builder")
}
