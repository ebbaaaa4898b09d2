package devenv

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// pack finds each buildpack of a composite's order among its dependencies, in that version and no other.
func TestCompositesNameWhatTheyHold(t *testing.T) {
	e := &Env{Root: "../.."}
	_, version, err := identity(e.Root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range composites {
		var descriptor struct {
			Order []struct {
				Group []struct{ ID, Version string }
			}
		}
		if _, err := toml.DecodeFile(filepath.Join(e.Root, "meta", name, "buildpack.toml"), &descriptor); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, entry := range descriptor.Order[0].Group {
			if entry.ID == "tandem/python-node" {
				if entry.Version != version {
					t.Errorf("meta/%s has ours in version %s, it is %s", name, entry.Version, version)
				}
				continue
			}
			image := strings.NewReplacer("heroku/", "heroku/buildpack-", "paketo-buildpacks/",
				"paketobuildpacks/").Replace(entry.ID)
			want = append(want, "docker://docker.io/"+image+":"+entry.Version)
		}
		got, err := e.Others(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("meta/%s (-order +dependencies):\n%s", name, diff)
		}
	}
}

func TestNamesOfImages(t *testing.T) {
	for _, c := range []struct {
		image    string
		registry bool
		meta     string
		uri      string
	}{
		{"tandem", false, "tandem-meta", "docker://tandem"},
		{"tandem/python-node:0.1.0", false, "tandem/python-node-meta:0.1.0", "docker://tandem/python-node:0.1.0"},
		{"localhost/tandem", true, "localhost/tandem-meta", "docker://localhost/tandem"},
		{"127.0.0.1:5000/tandem", true, "127.0.0.1:5000/tandem-meta", "127.0.0.1:5000/tandem"},
		{"registry.example/a/tandem:1", true, "registry.example/a/tandem-meta:1",
			"docker://registry.example/a/tandem:1"},
	} {
		if got := hasRegistry(c.image); got != c.registry {
			t.Errorf("%s has a registry: got %v", c.image, got)
		}
		if got := suffixed(c.image, "-meta"); got != c.meta {
			t.Errorf("got %s, want %s", got, c.meta)
		}
		if got := imageURI(c.image); got != c.uri {
			t.Errorf("got %s, want %s", got, c.uri)
		}
	}
}
