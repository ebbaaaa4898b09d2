package build

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/plan"
)

// size is a part of the image.
type size struct {
	name  string
	bytes int64 // before compression; 0 if the image has no such part
}

// logSizes logs what each language and the app add to the image, and what is cached.
func (h Host) logSizes(p plan.Plan) {
	python, packages := size{name: "Python"}, size{name: "packages"}
	node, modules := size{name: "Node.js"}, size{name: "packages of Node.js"}
	cached := int64(0)
	for _, r := range h.Layers.Reports() {
		cached += r.Kept
		switch {
		case r.Name == plan.PythonLayer:
			python.bytes += r.Shipped
		case r.Name == plan.VenvLayer:
			packages.bytes += r.Shipped
		case slices.ContainsFunc(p.Projects(), func(of plan.Project) bool { return of.Shipped() == r.Name }):
			modules.bytes += r.Shipped
		case r.Name != plan.EnvLayer: // Node.js and the package managers of projects
			node.bytes += r.Shipped
		}
	}
	text := listed(python, packages, size{"app", h.appSize()})
	switch {
	case node.bytes+modules.bytes > 0:
		text += "; " + listed(node, modules)
	case p.Node != nil && !p.Node.Launch.Node:
		text += "; no Node.js"
	}
	h.main().Header("%-9s %s", "size", text)
	if cached > 0 {
		h.main().Header("%-9s %s for the next build", "cache", megabytes(cached))
	}
}

// listed returns the sizes that are not 0.
func listed(all ...size) string {
	var texts []string
	for _, s := range all {
		if s.bytes > 0 {
			texts = append(texts, s.name+" "+megabytes(s.bytes))
		}
	}
	return strings.Join(texts, ", ")
}

// appSize returns the number of bytes in the files of the app. A directory that cannot be read adds nothing.
func (h Host) appSize() (bytes int64) {
	_ = fs.WalkDir(h.Source, ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil // the size is only for the log
	})
	return bytes
}

// megabytes returns a size in bytes as the log has it.
func megabytes(n int64) string {
	if n < 1e6 {
		return "under 1 MB"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}
