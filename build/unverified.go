package build

import (
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// unverified returns the settings of bindings that turn off the verification of TLS certificates. The plan has the
// warnings about the app and the variables. newInstaller warns about pip's settings, which are read later.
func (h Host) unverified() []string {
	said := map[string]bool{}
	for _, language := range []binding.Language{binding.Python, binding.Node} {
		access := h.Access[language]
		for _, name := range manager.UnverifiedVariables(access.Vars) {
			said[name+" of a binding"] = true
		}
		for _, file := range []string{".npmrc", ".yarnrc", ".yarnrc.yml", "uv.toml"} {
			text, _ := access.File(file)
			for line := range strings.Lines(text) {
				if name := manager.UnverifiedLine(line); name != "" {
					said[file+" of a binding: "+name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(said))
}
