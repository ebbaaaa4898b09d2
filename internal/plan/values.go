package plan

import (
	"maps"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// buildVariables change what the steps of a build do. Their values are not secret.
func buildVariables() []string {
	return []string{app.SettingsVariable, "DJANGO_CONFIGURATION", "NODE_ENV", "NODE_OPTIONS"}
}

// valuesElsewhere notes the values that a file of another platform has for the build, and that the build does not have.
// They are not used: on that platform they may be for its containers alone. isSet reports whether the build has a
// variable.
func valuesElsewhere(a app.App, isSet func(name string) bool) (said note.List) {
	for _, e := range a.Evidence {
		for _, name := range slices.Sorted(maps.Keys(e.Env)) {
			value := e.Env[name]
			isDefault := name == "NODE_ENV" && (value == "production" || len(a.Node) == 0) ||
				name == app.SettingsVariable && a.Python != nil && a.Python.Settings.Module == value
			if slices.Contains(buildVariables(), name) && value != "" && !isSet(name) && !isDefault {
				said.Hint("config/value-of-platform-file", "%s sets %s, and this build does not have it. To use the "+
					"value in the build: %s=%s", e.File, name, name, show.Word(value))
			}
		}
	}
	return said
}
