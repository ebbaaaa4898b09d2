package devenv

import "testing"

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
		{"registry.example/a/tandem:1", true, "registry.example/a/tandem-meta:1", "docker://registry.example/a/tandem:1"},
	} {
		if got := hasRegistry(c.image); got != c.registry {
			t.Errorf("%s has a registry: got %v", c.image, got)
		}
		if got := suffixed(c.image, "meta"); got != c.meta {
			t.Errorf("got %s, want %s", got, c.meta)
		}
		if got := imageURI(c.image); got != c.uri {
			t.Errorf("got %s, want %s", got, c.uri)
		}
	}
}
