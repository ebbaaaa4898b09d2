package steps

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/po"
	"github.com/tandem-cnb/tandem/internal/show"
)

// translate compiles .po files before any step of the app reads them. A file that cannot be compiled would be missing
// without Tandem too, so it costs its language and a warning, not the build.
func (r Runner) translate(files []string) {
	var made, failed []string
	for _, name := range files {
		if err := r.translateFile(name); err != nil {
			failed = append(failed, fmt.Sprintf("%s is not compiled, and its language will be missing: %s",
				show.Name(name), app.Reason(err)))
			continue
		}
		made = append(made, name)
	}
	for _, warning := range show.Notes(failed) {
		r.Log.Warn("%s", warning)
	}
	r.Log.Header("Translations: %d of %d .po files without a .mo file compiled: %s",
		len(made), len(files), show.Series(made))
}

// translateFile compiles a .po file of the app to the .mo file next to it. The error is about the file, not about the
// build.
func (r Runner) translateFile(name string) error {
	text, err := limits.Read(r.Source, name, limits.Size(name))
	if err != nil {
		return err
	}
	compiled, err := po.Compile(text, po.Options{})
	if err != nil {
		return err
	}
	p, err := app.In(".", strings.TrimSuffix(name, ".po")+".mo")
	if err != nil {
		return err
	}
	return r.Tree.Write(p, compiled.MO, 0o644)
}
