package tree

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
)

// Remove removes a directory of the build's own, or a file. It returns nil if there is none. Some tools write
// directories that nothing can be removed from, such as Go's module cache. https://go.dev/ref/mod#module-cache
func Remove(dir string) error {
	parent, err := Open(filepath.Dir(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer parent.Close()
	p, err := app.In(".", filepath.Base(dir))
	if err != nil {
		return err
	}
	return parent.RemoveAll(p)
}
