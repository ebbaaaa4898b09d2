package build

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// hookError explains a hook's failure where what Python has said in it is known. That a command has failed need not be why the hook has.
func (b *builder) hookError(e fail.Error, step plan.Step, failed *run.Error) error {
	known := b.djangoApp().Explain(e, failed.Tail)
	if known.ID == e.ID {
		return known
	}
	if line := b.migration(step.Title); line != nil && known.ID == "django/database" {
		e.ID, e.What, e.Why = "step/hook-database", e.What+": it changes a database, and a build has none", known.Why
		e.Fix = fail.Text(fmt.Sprintf("Take line %d out of %s:\n    %s\nand change the database when you deploy, ", line.Line, show.Name(line.File), show.Line(line.Text)) + b.deployment(line))
		return &e
	}
	e.Why += "\nA command in it says: " + known.What + "\n" + known.Why
	e.Fix = known.Fix
	return &e
}

// migration is the line of a hook that changes a database; nil: there is none.
func (b *builder) migration(name string) *app.Find {
	for _, hook := range []*app.Hook{b.app.Hooks.PreCompile, b.app.Hooks.PostCompile} {
		if hook == nil || hook.Path != name {
			continue
		}
		if at := slices.IndexFunc(hook.Finds, func(f app.Find) bool { return f.Kind == app.Migrates || f.Kind == app.Upgrades }); at >= 0 {
			return &hook.Finds[at]
		}
	}
	return nil
}

// deployment is how a container does what a line of a hook did.
func (b *builder) deployment(line *app.Find) string {
	const command = "    docker run --rm --entrypoint migrate --env DATABASE_URL=… IMAGE"
	if line.Kind == app.Migrates && b.installed.Has("django") && b.plan.Manage.Path != "" {
		return "with the process type migrate:\n" + command
	}
	return fmt.Sprintf("with a process type of its own. In the Procfile:\n    migrate: %s\nand then:\n%s", show.Line(line.Text), command)
}
