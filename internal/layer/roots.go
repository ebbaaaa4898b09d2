package layer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// rootsIn returns the paths below Dir that the contents consist of: "." for a layer's own directory.
func (m *Made) rootsIn() (roots []string) {
	if m.base == "" {
		return []string{"."}
	}
	for _, root := range slices.Concat(m.roots, m.over) {
		roots = append(roots, string(root))
	}
	return roots
}

// present returns the roots that exist: a project without packages has no node_modules.
func (m *Made) present() (found []string) {
	for _, root := range m.rootsIn() {
		if _, err := os.Lstat(filepath.Join(m.Dir(), root)); err == nil {
			found = append(found, root)
		}
	}
	return found
}

// dirPerm is the mode of a layer's own directory, whatever the umask.
const dirPerm = 0o755

// clear removes the old contents. It follows no link out of the app's directory.
func (m *Made) clear() error {
	if m.base == "" {
		return errors.Join(os.RemoveAll(m.Dir()), os.MkdirAll(m.Dir(), dirPerm), os.Chmod(m.Dir(), dirPerm))
	}
	if err := os.MkdirAll(m.base, 0o755); err != nil {
		return err
	}
	base, err := tree.Open(m.base)
	if err != nil {
		return err
	}
	defer base.Close()
	for _, root := range m.roots {
		if err := base.RemoveAll(root); err != nil {
			return fmt.Errorf("clear %s: %w", m.Title, err)
		}
	}
	return nil
}
