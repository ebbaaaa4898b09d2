package integration

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

// digests are those of an image's layers that the buildpack is answerable for.
func digests(t *testing.T, image string) map[string]string {
	t.Helper()
	label, err := env.Label(t.Context(), image, "io.buildpacks.lifecycle.metadata")
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct {
		App        []struct{ SHA string }
		Buildpacks []struct {
			Layers map[string]struct{ SHA string }
		}
	}
	if err := json.Unmarshal([]byte(label), &metadata); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, layer := range metadata.App {
		found["app"] += layer.SHA
	}
	for _, buildpack := range metadata.Buildpacks {
		for name, layer := range buildpack.Layers {
			found[name] = layer.SHA
		}
	}
	return found
}

// The same commit gives the same bytes: on another builder, with an empty cache, on a machine with another number of processors.
func TestTwoBuildersGiveTheSameLayers(t *testing.T) {
	needEngine(t)
	other, err := env.CompositeBuilder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, app := range []string{"plain", "lint-only", "django-pipeline", "vite"} {
		t.Run(app, func(t *testing.T) {
			dir := staged(t, app)
			packBuild(t, devenv.Build{App: dir, Image: "tandem-test-first", ClearCache: true, Env: map[string]string{"TANDEM_COMPILERS": "1"}})
			packBuild(t, devenv.Build{App: dir, Image: "tandem-test-second", ClearCache: true, Env: map[string]string{"TANDEM_COMPILERS": "3"}, Flags: []string{"--builder", other}})
			first, second := digests(t, "tandem-test-first"), digests(t, "tandem-test-second")
			if len(first) < 4 {
				t.Fatalf("the first image's layers are %v", first)
			}
			if diff := cmp.Diff(first, second); diff != "" {
				t.Errorf("(-first +second):\n%s", diff)
			}
		})
	}
}
