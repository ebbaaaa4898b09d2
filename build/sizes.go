package build

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/report"
	"github.com/tandem-cnb/tandem/internal/show"
)

// size is a part of the image.
type size struct {
	name  string
	bytes int64 // before compression; 0 if the image has no such part
}

// logSizes logs what each language and the app add to the image, and what is cached.
func (h Host) logSizes(p plan.Plan) {
	python, packages, bytecode := size{name: "Python"}, size{name: "packages"}, size{name: "bytecode"}
	system, node, modules := size{name: "Debian packages"}, size{name: "Node.js"}, size{name: "packages of Node.js"}
	cached := int64(0)
	for _, r := range h.Layers.Reports() {
		cached += r.Kept
		switch {
		case r.Name == plan.PythonLayer:
			python.bytes += r.Shipped
		case r.Name == plan.VenvLayer:
			packages.bytes += r.Shipped
		case r.Name == plan.ByteCodeLayer:
			bytecode.bytes += r.Shipped
		case r.Name == plan.DebianLayer:
			system.bytes += r.Shipped
		case slices.ContainsFunc(p.Projects(), func(of plan.Project) bool { return of.Shipped() == r.Name }):
			modules.bytes += r.Shipped
		case r.Name != plan.EnvLayer: // Node.js and the package managers of projects
			node.bytes += r.Shipped
		}
	}
	app := h.appSizes()
	text := listed(python, packages, bytecode, system, size{"app", app.bytes})
	switch {
	case node.bytes+modules.bytes > 0:
		text += "; " + listed(node, modules)
	case p.Node != nil && !p.Node.Launch.Node:
		text += "; no Node.js"
	}
	if all := python.bytes + packages.bytes + bytecode.bytes + app.bytes + node.bytes + modules.bytes; all >= 1e6 {
		text += "; " + megabytes(all) + " in all"
	}
	h.main().Header("%-9s %s", "size", text)
	if text := listed(app.large()...); text != "" {
		h.main().Header("%-9s %s", "largest", text)
	}
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

// appSizes are the sizes of the app: of all files, and of each entry of its root with what is below.
type appSizes struct {
	bytes   int64
	entries []size
}

// large returns the five largest entries that have at least 1 MB.
func (a appSizes) large() []size {
	const most = 5
	large := slices.DeleteFunc(slices.Clone(a.entries), func(s size) bool { return s.bytes < 1e6 })
	slices.SortStableFunc(large, func(a, b size) int { return cmp.Compare(b.bytes, a.bytes) })
	return large[:min(most, len(large))]
}

// report returns the sizes for the report of the build. mask removes secrets from names.
func (a appSizes) report(mask func(string) string) report.App {
	out := report.App{Bytes: a.bytes, Largest: []report.Size{}}
	for _, s := range a.large() {
		out.Largest = append(out.Largest, report.Size{Name: mask(s.name), Bytes: s.bytes})
	}
	return out
}

// appSizes returns the sizes of the app. A directory that cannot be read adds nothing.
func (h Host) appSizes() (app appSizes) {
	_ = fs.WalkDir(h.Source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // the size is only for the log
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		app.bytes += info.Size()
		entry, _, _ := strings.Cut(name, "/")
		if last := len(app.entries) - 1; last < 0 || app.entries[last].name != show.Name(entry) {
			app.entries = append(app.entries, size{name: show.Name(entry)})
		}
		app.entries[len(app.entries)-1].bytes += info.Size()
		return nil
	})
	return app
}

// megabytes returns a size in bytes as the log has it.
func megabytes(n int64) string {
	if n < 1e6 {
		return "under 1 MB"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/1e6)
}
