package bench

import (
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// A registry that has other images than the base before a cold build is an error. Emptied, it has none.
func TestARegistryIsEmptyBeforeAColdBuild(t *testing.T) {
	registry, err := serve()
	if err != nil {
		t.Fatal(err)
	}
	defer registry.server.Close()
	if err := registry.check(t.Context()); err != nil {
		t.Error("at first:", err)
	}
	image, err := random.Image(1000, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, repository := range []string{"app", baseRepository} {
		ref, err := name.ParseReference(registry.ref(repository))
		if err != nil {
			t.Fatal(err)
		}
		if err := remote.Write(ref, image); err != nil {
			t.Fatal(err)
		}
	}
	if size, err := registry.size("app"); err != nil || size < 2000 {
		t.Errorf("the image has %d bytes (%v)", size, err)
	}
	if err := registry.check(t.Context(), baseRepository); err == nil {
		t.Error("an image of the app is no error")
	}
	registry.empty()
	if err := registry.check(t.Context()); err != nil {
		t.Error("emptied:", err)
	}
	if _, err := registry.size("app"); err == nil {
		t.Error("an emptied registry has an image")
	}
}
