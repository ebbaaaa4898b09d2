package integration

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// digests are those of an image's layers that the buildpack is answerable for.
func digests(t *testing.T, image string) map[string]string {
	t.Helper()
	found, err := env.LayerDigests(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// labelled are the digests that the lifecycle's label of an image has.
func labelled(t *testing.T, label string) map[string]string {
	t.Helper()
	found, err := devenv.LabelledDigests(label)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// sameLayers: the same commit gives the same bytes, on another builder, with an empty cache, on a machine with another
// number of processors.
func sameLayers(t *testing.T, first devenv.Build, builder string) {
	t.Helper()
	second := first
	second.Image += "-other"
	second.Env = map[string]string{"TANDEM_COMPILERS": "3"}
	second.Flags = []string{"--builder", builder}
	packBuild(t, second)
	want, got := digests(t, first.Image), digests(t, second.Image)
	if len(want) < 4 {
		t.Fatalf("the first image's layers are %v", want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("two builders give two images (-first +second):\n%s", diff)
	}
}
