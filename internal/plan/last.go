package plan

import (
	"maps"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// Last has the series of the last build: "3.13" and "24". One is empty if that build had no such runtime.
type Last struct{ Python, Node string }

// Keys of store.toml, which the lifecycle gives back to the next build.
const (
	lastPython = "python_line"
	lastNode   = "node_line"
)

// ReadLast returns the series that the metadata of store.toml has, as far as the inventory still has releases of them.
func ReadLast(stored map[string]any, inv versions.Inventory, arch string) Last {
	series := func(id versions.ID, key string) string {
		text, _ := stored[key].(string)
		if _, err := inv.Choose(versions.Ask{ID: id, First: versions.Request{Want: text}}, arch); err != nil {
			return ""
		}
		return strings.TrimSpace(text)
	}
	return Last{Python: series(versions.Python, lastPython), Node: series(versions.Node, lastNode)}
}

// Store returns the metadata of store.toml for the next build: stored with the series of this one. The series of
// Node.js stays if Node.js is not used for once.
func (p Plan) Store(stored map[string]any) map[string]any {
	next := map[string]any{}
	maps.Copy(next, stored)
	if p.app.Others.Python == nil {
		next[lastPython] = p.Python.Series
	}
	if p.Node != nil && p.app.Others.Node == nil {
		next[lastNode] = p.Node.Series
	}
	return next
}
