package node

import (
	"io/fs"
	"os"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/software"
)

// installed returns the packages in those of the roots that have packages.
func (j job) installed(fsys fs.FS, roots []app.Path) []bom.Component {
	var modules []string
	for _, root := range roots {
		if isRootOfPackages(root) {
			modules = append(modules, string(root))
		}
	}
	return software.Node(fsys, modules)
}

// shipped returns the packages in dir, the layer of the image.
func (j job) shipped(dir string) ([]bom.Component, error) {
	root, err := os.OpenRoot(dir) // a package may have links to anywhere
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return j.installed(root.FS(), shippedRoots(j.project)), nil
}
