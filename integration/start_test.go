package integration

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Kept packages that a package manager brings up to date must be, byte for byte, what a new build would make: else the
// same commit would give two images.
func TestPackagesBroughtUpToDateAreThoseOfANewBuild(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before, after map[string]string
		layer         string
		log, notLog   []string
	}{
		"uv": {
			before: map[string]string{"requirements.txt": "django==5.2.4\nwhitenoise==6.9.0\nrequests==2.32.4\n" +
				"six==1.17.0\n"},
			after: map[string]string{"requirements.txt": "django==5.2.5\nwhitenoise==6.9.0\nrequests==2.32.4\n" +
				"attrs==25.3.0\ngunicorn==23.0.0\n"},
			layer: "cache-venv",
			log: []string{"Python packages: updated in place", "- six==1.17.0",
				"+ attrs==25.3.0"}, notLog: []string{"+ requests"},
		},
		// One package is added, one goes, one has another version, one is no longer for development only.
		"npm": {
			before: withLock(t, "testdata/update/before"), after: withLock(t, "testdata/update/after"),
			layer: "cache-node-modules",
			log: []string{"Node packages: updated in place",
				"added 1 package, removed 1 package"},
		},
	}
	spec.Run(t, "manager", func(t *testing.T, _ spec.G, it spec.S) {
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			c := cases[name]
			it(name, func() {
				p := phases(t)
				mustBuild(t, p, devenv.Build{App: write(t, c.before)})
				if err := p.Restore(); err != nil {
					t.Fatal(err)
				}
				app := write(t, c.after)
				log := mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"BP_LOG_LEVEL": "debug"}})
				contains(t, log, c.log, c.notLog)
				updated := contentsID(t, p, c.layer)
				forget(t, p)
				mustBuild(t, p, devenv.Build{App: app})
				if fresh := contentsID(t, p, c.layer); fresh != updated {
					t.Errorf("brought up to date they are %s, new %s", updated, fresh)
				}
			})
		}
	}, spec.Parallel())
}

// withLock are the files of a Node project, and what makes it a Python app.
func withLock(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{"requirements.txt": "six==1.17.0\n"}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	return files
}

// forget removes all layers.
func forget(t *testing.T, p *devenv.Phases) {
	t.Helper()
	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(p.Layers, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// contentsID is the digest of a layer's contents.
func contentsID(t *testing.T, p *devenv.Phases, layer string) string {
	t.Helper()
	var descriptor struct{ Metadata struct{ ID string } }
	if _, err := toml.DecodeFile(filepath.Join(p.Layers, layer+".toml"), &descriptor); err != nil {
		t.Fatal(err)
	}
	if descriptor.Metadata.ID == "" {
		t.Fatalf("the layer %s has no id", layer)
	}
	return descriptor.Metadata.ID
}
