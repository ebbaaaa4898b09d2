package integration

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

// A kept environment that uv brings up to date must be, byte for byte, what a new build would make: else the same commit
// would give two images.
func TestAnEnvironmentBroughtUpToDateIsThatOfANewBuild(t *testing.T) {
	before := "django==5.2.4\nwhitenoise==6.9.0\nrequests==2.32.4\nsix==1.17.0\n"
	after := "django==5.2.5\nwhitenoise==6.9.0\nrequests==2.32.4\nattrs==25.3.0\ngunicorn==23.0.0\n"
	p := phases(t)
	mustBuild(t, p, devenv.Build{App: write(t, map[string]string{"requirements.txt": before})})
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
	app := write(t, map[string]string{"requirements.txt": after})
	log := mustBuild(t, p, devenv.Build{App: app})
	contains(t, log, []string{"Python packages: brought up to date from the kept copy", "- six==1.17.0", "+ attrs==25.3.0"}, []string{"+ requests"})
	updated := environmentID(t, p)

	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(p.Layers, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	mustBuild(t, p, devenv.Build{App: app})
	if fresh := environmentID(t, p); fresh != updated {
		t.Errorf("brought up to date it is %s, new %s", updated, fresh)
	}
}

func environmentID(t *testing.T, p *devenv.Phases) string {
	t.Helper()
	var layer struct{ Metadata struct{ ID string } }
	if _, err := toml.DecodeFile(filepath.Join(p.Layers, "cache-venv.toml"), &layer); err != nil {
		t.Fatal(err)
	}
	if layer.Metadata.ID == "" {
		t.Fatal("the environment has no id")
	}
	return layer.Metadata.ID
}
