package node

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
)

// installVersion is the version of node-gyp's directory for headers. node-gyp 3 to 13 accept it, since they require 9
// or 11, and would download the headers again if it were lower.
// https://github.com/nodejs/node-gyp/blob/main/lib/install.js
const installVersion = "11\n"

// gypHeaders are headers that node-gyp finds where it keeps downloaded ones. No variable names them: npm warns about
// names that it does not know, and script runners pass such a name to npm as a flag.
type gypHeaders struct {
	layer.Contents
	env     run.Env // of the commands
	version string  // of Node.js
}

// Get makes the headers available to all commands of the build.
func (h gypHeaders) Get(ctx context.Context) error {
	if err := h.Contents.Get(ctx); err != nil {
		return err
	}
	home := h.env["HOME"]
	cache := filepath.Join(cmp.Or(h.env["XDG_CACHE_HOME"], filepath.Join(home, ".cache")), "node-gyp")
	err := h.linkIn(cache)
	if err == nil {
		err = linkOnce(cache, filepath.Join(home, ".node-gyp")) // node-gyp 3 and 4 look there
	}
	return err
}

// linkIn links the headers to a directory of this version below cache.
// https://github.com/nodejs/node-gyp#environment-variables
func (h gypHeaders) linkIn(cache string) error {
	dir := filepath.Join(cache, h.version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "installVersion"), []byte(installVersion), 0o644),
		linkOnce(filepath.Join(h.Dir(), "include"), filepath.Join(dir, "include")))
}

// linkOnce makes file a link to target. Whatever is there stays.
func linkOnce(target, file string) error {
	if err := os.Symlink(target, file); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
