package build

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/decide"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// seriesKeys has the keys in store.toml of the series of the last build.
var seriesKeys = map[versions.ID]string{versions.Python: "python_line", versions.Node: "node_line"}

// chosen says which version of a runtime it is and why.
func (b *builder) chosen(r *decide.Runtime, log *ui.Branch) versions.Release {
	log.Header("%s", r)
	if r.Warning != "" {
		log.Warn("%s", r.Warning)
	}
	return r.Release
}

// lastLines returns the series of the last build, as store.toml has them, if there still are releases of them.
func (b *builder) lastLines() plan.Lines {
	series := func(id versions.ID) string {
		text, _ := b.in.PersistentMetadata[seriesKeys[id]].(string)
		ask := versions.Ask{ID: id, First: versions.Request{Want: text}}
		if _, err := b.deps.Choose(ask, b.common.Arch); err != nil {
			return ""
		}
		return strings.TrimSpace(text)
	}
	return plan.Lines{Python: series(versions.Python), Node: series(versions.Node)}
}

// store is what the next build finds. The line of Node stays when Node takes no part for once.
func (b *builder) store() map[string]any {
	kept := map[string]any{}
	for name, value := range b.in.PersistentMetadata {
		kept[name] = value
	}
	if b.app.Others.Python == nil {
		kept[seriesKeys[versions.Python]] = b.decided.Python.Series
	}
	if b.plan.Node != nil && b.app.Others.Node == nil {
		kept[seriesKeys[versions.Node]] = b.decided.Node.Series
	}
	return kept
}
