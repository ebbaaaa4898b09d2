package integration

import (
	"path/filepath"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Python's own record of how it was built names folders and a compiler of another machine until it is relocated.
// The archives that tests make lack the C headers; Debian 12's are those of the same Python.
func TestACExtensionCompiles(t *testing.T) {
	t.Parallel()
	spec.Run(t, "C extension", func(t *testing.T, _ spec.G, it spec.S) {
		it("compiles", func() {
			for file, debian := range map[string]string{
				"/usr/include/python3.11/Python.h": "libpython3.11-dev", "/usr/bin/gcc": "gcc",
				"/usr/include/stdio.h": "libc6-dev",
			} {
				if err := env.Need(t.Context(), file, debian); err != nil {
					skip(t, debian, err)
				}
			}
			p := warm(t)
			log := mustBuild(t, p, devenv.Build{
				App: write(t, map[string]string{"requirements.txt": "--no-binary markupsafe\nmarkupsafe==3.0.2\n"}),
				Env: map[string]string{"BP_PYTHON_VERSION": "3.11.11", "CPATH": "/usr/include/python3.11"},
			})
			contains(t, log, []string{"between machines): markupsafe==3.0.2"}, nil)
			found,
				err := filepath.Glob(filepath.Join(p.Layers,
				"venv/lib/python3.11/site-packages/markupsafe/_speedups.*.so"))
			if err != nil || len(found) != 1 {
				t.Errorf("the compiled module is not there: %v, %v", found, err)
			}
		})
	}, spec.Parallel())
}
