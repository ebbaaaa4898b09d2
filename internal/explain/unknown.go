package explain

import "github.com/tandem-cnb/tandem/internal/config"

// unknown has the labels of rows that depend on how the errors are solved.
type unknown struct {
	runtimes, packages, steps, image []string
	projects                         bool // packages of Node.js
}

// unknown returns the rows that depend on the errors.
func (x explanation) unknown() (u unknown) {
	u.projects = x.Open.Projects
	for _, r := range []struct {
		is    bool
		into  *[]string
		label string
	}{
		{x.Python != nil && x.Python.Version == "", &u.runtimes, "Python"},
		{x.Node != nil && x.Node.Version == "", &u.runtimes, "Node.js"},
		{x.Open.Packages, &u.packages, "packages"},
		{x.Config.IsInvalid(config.CommandsBefore, config.CommandsAfter), &u.steps, "manage"},
		{x.Open.Projects, &u.steps, "build"},
		{x.Open.Manage, &u.steps, "static"},
		{(x.Open.Packages || x.Open.Manage) && len(x.App.Procfile) == 0, &u.steps, "web"},
		{x.Open.Image, &u.image, "image"},
	} {
		if r.is {
			*r.into = append(*r.into, r.label)
		}
	}
	return u
}

// open writes rows that depend on the errors.
func (w *writer) open(labels ...string) {
	for _, label := range labels {
		w.value(label, "      ?", "depends on the errors")
	}
}
