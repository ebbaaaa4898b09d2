package integration

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// warmed are places that no test uses now.
var warmed struct {
	sync.Mutex
	free, all []*devenv.Phases
}

// warm is phases with Python and Node.js in the caches, as an app finds them in every build but its first, and nothing
// else: for tests of what comes after the runtimes, which take longer than most of them.
func warm(t *testing.T) *devenv.Phases {
	t.Helper()
	p := takeWarmed()
	if p == nil {
		p = makeWarm(t)
	} else if err := p.Rewind(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		warmed.Lock()
		defer warmed.Unlock()
		warmed.free = append(warmed.free, p)
	})
	return p
}

func takeWarmed() *devenv.Phases {
	warmed.Lock()
	defer warmed.Unlock()
	if len(warmed.free) == 0 {
		return nil
	}
	p := warmed.free[0]
	warmed.free = warmed.free[1:]
	return p
}

// runtimes are the layers of the cache that all apps with the same versions share.
var runtimes = []string{"cache-python", "cache-node", "cache-headers"}

func makeWarm(t *testing.T) *devenv.Phases {
	t.Helper()
	p, err := env.Phases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	warmed.Lock()
	warmed.all = append(warmed.all, p)
	warmed.Unlock()
	mustBuild(t, p,
		devenv.Build{App: write(t,
			map[string]string{"requirements.txt": "", "package.json": `{"scripts": {"build": "node --version"}}`})})
	restore(t, p)
	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := strings.TrimSuffix(entry.Name(), ".toml"); !slices.Contains(runtimes, name) {
			if err := os.RemoveAll(filepath.Join(p.Layers, entry.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	return p
}

// closeWarm removes them all, after the last test.
func closeWarm() error {
	for _, p := range warmed.all {
		if err := p.Close(); err != nil {
			return err
		}
	}
	return nil
}
