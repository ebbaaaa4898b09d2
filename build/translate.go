package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/po"
)

// translate compiles .po files before any step of the app reads them. One that cannot be compiled would be missing without
// Tandem too, so it costs its language and a warning, not the build.
func (b *builder) translate(files []string) error {
	if len(files) == 0 {
		return nil
	}
	var made []string
	for _, name := range files {
		path := filepath.Join(b.root, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		compiled, err := po.Compile(text)
		if err != nil {
			b.main.Warn("%s is not compiled, and its language will be missing: %s", name, err)
			continue
		}
		if err := os.WriteFile(strings.TrimSuffix(path, ".po")+".mo", compiled, 0o644); err != nil {
			return fmt.Errorf("compile %s: %w", name, err)
		}
		made = append(made, name)
	}
	b.main.Header("Translations: %d of %d .po files without a .mo file compiled: %s", len(made), len(files), some(made))
	return nil
}

// some is a list of a few names and how many more there are.
func some(names []string) string {
	const few = 3
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
