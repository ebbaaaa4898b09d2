package build

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/entry"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/settings"
)

// needs are the names of the variables that a container needs, sorted. A container gets no variable of the build.
type needs struct {
	keys   []string // for Django's SECRET_KEY: any random value will do
	others []string // whose values only the user knows
}

// containerNeeds returns what a container needs, as far as the files and the import of the settings show.
func (h Host) containerNeeds(d decisions, done results) (n needs) {
	n.keys = slices.Clone(done.python.SecretNames)
	if done.python.Settings != nil {
		n.keys = append(n.keys, done.python.Settings.KeyFrom...)
	}
	var served settings.Settings
	if d.plan.Manage.Path != "" {
		module := d.app.ServedSettings(h.Platform.Vars[app.SettingsVariable])
		served = settings.Read(h.Source, d.plan.Manage.Dir, module)
	}
	for _, v := range entry.Needed(h.Source, d.plan, served) {
		n.others = append(n.others, v.Name)
	}
	n.keys = append(n.keys, diagnose.SecretKeys(n.others, "", "")...)
	slices.Sort(n.keys)
	slices.Sort(n.others)
	n.keys = slices.Compact(n.keys)
	n.others = slices.DeleteFunc(slices.Compact(n.others), func(name string) bool {
		return environ.InContainer(name) || slices.Contains(n.keys, name)
	})
	return n
}
