package node

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
)

// node-gyp 3 and 4 look below HOME, later ones in the cache. All read the same two names there.
func TestHeadersAreWhereNodeGypLooks(t *testing.T) {
	for name, c := range map[string]struct{ xdg, cache string }{
		"in HOME": {"", "home/.cache"}, "in XDG_CACHE_HOME": {"elsewhere", "elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{"node/include/node/node.h": "here", "home/x": ""})
			env := run.Env{"HOME": filepath.Join(dir, "home")}
			if c.xdg != "" {
				env["XDG_CACHE_HOME"] = filepath.Join(dir, c.xdg)
			}
			part := run.Part{Dir: filepath.Join(dir, "node")}
			h := gypHeaders{layer.Adopted(part, layer.Filled{}), env, "24.1.0"}
			for range 2 { // each installation asks for the headers
				if err := h.Get(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, parent := range []string{c.cache + "/node-gyp", "home/.node-gyp"} {
				for file, want := range map[string]string{"installVersion": "11\n", "include/node/node.h": "here"} {
					got, err := os.ReadFile(filepath.Join(dir, parent, "24.1.0", file))
					if string(got) != want {
						t.Errorf("%s has %q in %s, %v", parent, got, file, err)
					}
				}
			}
		})
	}
}
