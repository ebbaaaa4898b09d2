package build

import (
	"strings"

	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/decide"
	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// lineNames are the names in store.toml of the lines of versions.
var lineNames = map[string]string{"cpython": "python_line", "node": "node_line"}

// chosen says which version of a runtime it is and why.
func (b *builder) chosen(r *decide.Runtime, log *ui.Branch) libpak.BuildModuleDependency {
	log.Header("%s", r)
	if r.Warning != "" {
		log.Warn("%s", r.Warning)
	}
	return r.Archive
}

// lastLines are those that store.toml has of the last build, as far as there still are versions of them.
func (b *builder) lastLines() plan.Lines {
	line := func(id string) string {
		text, _ := b.in.PersistentMetadata[lineNames[id]].(string)
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
	if b.app.Others.Python == nil {
		kept[lineNames["cpython"]] = b.decided.Python.Line()
	}
	if b.plan.Node != nil && b.app.Others.Node == nil {
		kept[lineNames["node"]] = b.decided.Node.Line()
	}
	return kept
}
