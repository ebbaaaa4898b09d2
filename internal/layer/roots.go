package layer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// checkRoots refuses roots that are not paths below Base: clear removes them, and they come from files of the app.
func (s Spec) checkRoots() error {
	if s.Base == "" && len(s.Roots)+len(s.Over) > 0 {
		return fmt.Errorf("layer %s has roots without a base", s.Name)
	}
	for _, root := range slices.Concat(s.Roots, s.Over) {
		if root == "." || !fs.ValidPath(root) || strings.ContainsRune(root, 0) {
			return fmt.Errorf("layer %s: the root %q is not a path below %s", s.Name, root, s.Base)
		}
	}
	return nil
}

// roots returns the paths below Dir that the contents consist of: "." for a layer's own directory.
func (m *Made) roots() []string {
	if m.Base == "" {
		return []string{"."}
	}
	return m.Roots
}

// present returns the roots that exist: a project without packages has no node_modules.
func (m *Made) present() (found []string) {
	for _, root := range slices.Concat(m.roots(), m.Over) {
		if _, err := os.Lstat(filepath.Join(m.Dir(), root)); err == nil {
			found = append(found, root)
		}
	}
	return found
}

// dirPerm is the mode of a layer's own directory, whatever the umask.
const dirPerm = 0o755

// clear removes the old contents. It follows no link out of Base.
func (m *Made) clear() error {
	if m.Base == "" {
		return errors.Join(os.RemoveAll(m.Dir()), os.MkdirAll(m.Dir(), dirPerm), os.Chmod(m.Dir(), dirPerm))
	}
	if err := os.MkdirAll(m.Base, 0o755); err != nil {
		return err
	}
	base, err := tree.Open(m.Base)
	if err != nil {
		return err
	}
	defer base.Close()
	for _, root := range m.roots() {
		path, err := app.In(".", root)
		if err == nil {
			err = base.RemoveAll(path)
		}
		if err != nil {
			return fmt.Errorf("clear %s: %w", m.Title, err)
		}
	}
	return nil
}
