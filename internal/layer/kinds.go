package layer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// spec is a layer of any kind, as its constructor has checked it.
type spec struct {
	Tree
	inApp AppTree // where the contents of an AppTree are; empty for other kinds
	grows bool    // a download cache: its contents change with use, and are packed again after it
}

// Tree declares a layer, compares it with what the previous image and the cache have, and logs whether it is reused.
// It touches no contents. Lanes may call it at the same time. The error is a programming error, or the disk's.
func (s *Set) Tree(t Tree) (*Made, error) { return s.add(spec{Tree: t}) }

// AppTree is like Tree, for directories of the app.
func (s *Set) AppTree(t AppTree) (*Made, error) {
	if err := t.checkPaths(); err != nil {
		return nil, fmt.Errorf("layer %s: %w", t.Name, err)
	}
	return s.add(spec{Tree: Tree{Meta: t.Meta, Keep: true, Update: t.Update, Vars: t.Vars, Fill: t.Fill}, inApp: t})
}

// checkPaths refuses what is not a path below the app's directory: roots are removed, and come from files of the app.
func (t AppTree) checkPaths() error {
	if t.App == "" {
		return errors.New("it has no directory of the app")
	}
	for _, p := range slices.Concat(t.Roots, t.Over) {
		if in, err := app.In(".", string(p)); err != nil || in != p {
			return fmt.Errorf("%q is not a path below the app's directory", p)
		}
	}
	return nil
}

// Cache is like Tree, for a directory that commands fill. It is cached again after use, and only if a command has used
// it.
func (s *Set) Cache(m Meta) (*Made, error) {
	nothing := func(context.Context, string) (Filled, error) { return Filled{}, nil }
	return s.add(spec{Tree: Tree{Meta: m, Keep: true, Fill: nothing}, grows: true})
}

// check refuses a combination that makes no sense.
func (t Tree) check() error {
	switch {
	case t.Name == "" || t.Title == "" || t.Log == nil:
		return errors.New("it has no name, no title or no log")
	case !t.Ship && !t.Keep && !t.Once:
		return errors.New("it is neither shipped nor kept")
	case t.Keep && t.Once:
		return errors.New("it is kept, and made once")
	case t.Late && t.Ship:
		return errors.New("it is late, but every image needs it")
	case (t.Fill == nil) == (t.Sealed == nil):
		return errors.New("it must have either Fill or Sealed")
	case t.Sealed == nil:
		return nil
	case t.Sealed.Fill == nil || t.Sealed.Warn == nil:
		return errors.New("it is sealed without Fill or Warn")
	case t.Update:
		return errors.New("it is sealed, so nothing may be updated")
	}
	return nil
}

// rootsIn returns the paths below Dir that the contents consist of: "." for a layer's own directory.
func (m *Made) rootsIn() (roots []string) {
	if m.inApp.App == "" {
		return []string{"."}
	}
	for _, root := range slices.Concat(m.inApp.Roots, m.inApp.Over) {
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
	if m.inApp.App == "" {
		return errors.Join(os.RemoveAll(m.Dir()), os.MkdirAll(m.Dir(), dirPerm), os.Chmod(m.Dir(), dirPerm))
	}
	if err := os.MkdirAll(m.inApp.App, 0o755); err != nil {
		return err
	}
	base, err := tree.Open(m.inApp.App)
	if err != nil {
		return err
	}
	defer base.Close()
	for _, root := range m.inApp.Roots {
		if err := base.RemoveAll(root); err != nil {
			return fmt.Errorf("clear %s: %w", m.Title, err)
		}
	}
	return nil
}
