package plan

import (
	"fmt"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/show"
)

// LibrariesMissing returns a warning for each shared library that a Python package needs and the run image may not
// have.
func LibrariesMissing(all []debian.Library) []Note {
	var texts []string
	for _, l := range all {
		if l.Run {
			continue
		}
		text := fmt.Sprintf("%s needs %s, which neither image has", show.Name(module(l.User)), l.Name)
		if l.Build {
			text = fmt.Sprintf("%s needs %s, which the run image may not have", show.Name(module(l.User)), l.Name)
		}
		if l.Package != "" {
			text += fmt.Sprintf(". To add it: %s=%s", config.AptPackages, show.Name(l.Package))
		}
		texts = append(texts, text)
	}
	var said notes
	said.warnings("python/library-missing", show.Notes(texts)...)
	return said
}

// module returns the name of the Python module, or of the program, to which a file of an environment belongs.
func module(file string) string {
	_, name, ok := strings.Cut(file, "/site-packages/")
	if !ok {
		name = path.Base(file)
	}
	name, _, _ = strings.Cut(name, "/")
	name, _, _ = strings.Cut(name, ".")
	return name
}
