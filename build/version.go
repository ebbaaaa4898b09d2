package build

import (
	"fmt"
	"strings"
	"time"

	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// language is what the log, the user's variable and store.toml call a runtime.
type language struct{ name, variable, line string }

var languages = map[string]language{
	"cpython": {"Python", config.PythonVersion, "python_line"},
	"node":    {"Node.js", config.NodeVersion, "node_line"},
}

// resolve finds the archive for what is asked, and says why it is this one.
func (b *builder) resolve(id string, v plan.Version, log *ui.Branch) (libpak.BuildModuleDependency, error) {
	want := deps.Want{ID: id, Version: v.Want, Source: v.Source, Arch: b.common.Arch, Prefer: v.Prefer, Variable: languages[id].variable}
	for _, also := range v.Within {
		want.Within = append(want.Within, deps.Bound{Version: also.Want, Source: also.Source})
	}
	archive, line, err := b.deps.Choose(want)
	if err != nil {
		return archive, err
	}
	log.Header("%s %s, from %s", languages[id].name, archive.Version, reasons(v, line))
	b.lines[languages[id].line] = deps.Line(archive)
	warnEndOfLife(log, languages[id].name, archive, b.now())
	return archive, nil
}

// reasons are the places that decided. A range does not explain a version by itself, so it stands beside its place.
func reasons(v plan.Version, line string) string {
	text := v.Source
	if len(v.Within) > 0 || line != "" {
		text += " (" + v.Want + ")"
	}
	for _, also := range v.Within {
		text += fmt.Sprintf(" and %s (%s)", also.Source, also.Want)
	}
	if line != "" {
		text += fmt.Sprintf("; %s is preferred where a range has no upper end", line)
	}
	return text
}

// warnEndOfLife warns from the day after the last one.
func warnEndOfLife(log *ui.Branch, name string, archive libpak.BuildModuleDependency, now time.Time) {
	if end := archive.EOLDate; !end.IsZero() && now.After(end.AddDate(0, 0, 1)) {
		log.Warn("%s %s has had no security fixes since %s", name, deps.Line(archive), end.Format(time.DateOnly))
	}
}

// lastLines are those that store.toml has of the last build, as far as there still are versions of them.
func (b *builder) lastLines() plan.Lines {
	line := func(id string) string {
		text, _ := b.in.PersistentMetadata[languages[id].line].(string)
		if _, err := b.deps.Resolve(deps.Want{ID: id, Version: text, Arch: b.common.Arch}); err != nil {
			return ""
		}
		return strings.TrimSpace(text)
	}
	return plan.Lines{Python: line("cpython"), Node: line("node")}
}

// store is what the next build finds. The line of Node stays when Node takes no part for once.
func (b *builder) store() map[string]any {
	kept := map[string]any{}
	for name, value := range b.in.PersistentMetadata {
		kept[name] = value
	}
	for name, line := range b.lines {
		kept[name] = line
	}
	return kept
}
