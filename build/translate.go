package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/po"
	"github.com/tandem-cnb/tandem/internal/show"
)

// translate compiles .po files before any step of the app reads them. One that cannot be compiled would be missing without
// Tandem too, so it costs its language and a warning, not the build.
func (b *builder) translate(files []string) error {
	if len(files) == 0 {
		return nil
	}
	var made, failed []string
	for _, name := range files {
		path := filepath.Join(b.root, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		compiled, err := po.Compile(text)
		if err != nil {
			warning := fmt.Sprintf("%s is not compiled, and its language will be missing: %s", show.Name(name), show.Reason(err))
			failed = append(failed, warning)
			continue
		}
		if err := os.WriteFile(strings.TrimSuffix(path, ".po")+".mo", compiled, 0o644); err != nil {
			return fmt.Errorf("compile %s: %w", name, err)
		}
		made = append(made, name)
	}
	for _, warning := range show.Notes(failed) {
		b.main.Warn("%s", warning)
	}
	b.main.Header("Translations: %d of %d .po files without a .mo file compiled: %s",
		len(made), len(files), show.Series(made))
	return nil
}
