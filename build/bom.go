package build

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/bundled"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/report"
	"github.com/tandem-cnb/tandem/internal/sbom"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// writeBOMs writes the bills of materials: of each layer of the image that has some software, of the image, and of the
// build. The layers must be closed. Documents of an earlier build, which the lifecycle restores, are removed: a layer
// may be gone, and a reused layer has its components in its record.
// It returns how many components they have.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#software-bill-of-materials
func (h Host) writeBOMs(d decisions, done results) (n report.Components, err error) {
	old, err := filepath.Glob(filepath.Join(h.In.Layers.Path, "*.sbom.*"))
	for _, file := range old {
		err = errors.Join(err, os.RemoveAll(file))
	}
	if err != nil {
		return n, fmt.Errorf("remove old bills of materials: %w", err)
	}
	for name, document := range h.documents(d, done) {
		document.Components = bom.Merge(document.Components)
		for _, format := range sbom.Formats() {
			text, err := format.Write(document)
			if err == nil {
				err = os.WriteFile(filepath.Join(h.In.Layers.Path, name+format.Ext), text, 0o644)
			}
			if err != nil {
				return n, fmt.Errorf("write the bill of materials of %s: %w", name, err)
			}
		}
		switch found := len(document.Components); document.Subject.Scope {
		case sbom.Layer:
			n.Layers += found
		case sbom.Image:
			n.Image = found
		case sbom.Build:
			n.Build = found
		}
	}
	return n, nil
}

// documents returns the bills of materials by the names of their files. The lifecycle finds no layer whose name has a
// dot, so the software of one is in the image's document.
func (h Host) documents(d decisions, done results) map[string]sbom.Document {
	mask := h.guard.secrets.shipped.Mask
	project := app.ReadProject(h.Source)
	subject := sbom.Subject{
		Name: mask(cmp.Or(project.Name, "app")), Version: mask(cmp.Or(d.app.Tag, project.Version)),
		Revision: h.revision(d.app.Clone),
	}
	version := h.In.Buildpack.Info.Version
	image, build := sbom.Document{Subject: subject, Tool: version}, sbom.Document{Subject: subject, Tool: version}
	image.Subject.Scope, build.Subject.Scope = sbom.Image, sbom.Build
	build.Components = h.installers(d, done)
	all := map[string]sbom.Document{}
	var packages []bom.Component // of which assets can be made
	for _, s := range h.Layers.Software() {
		components := placed(s.Components, h.layerDir(d, s))
		switch {
		case !s.Shipped:
			build.Components = append(build.Components, components...)
		case strings.Contains(s.Layer, "."):
			image.Components = append(image.Components, components...)
		default:
			all[s.Layer] = sbom.Document{
				Subject: sbom.Subject{Name: s.Layer, Scope: sbom.Layer}, Tool: version, Components: components,
			}
		}
		if d.isOfProject(s.Layer) {
			packages = append(packages, s.Components...)
		}
	}
	image.Components = append(image.Components, h.inAssets(d, done, packages)...)
	all["launch"], all["build"] = image, build
	return all
}

// layerDir returns the directory to which the places of a layer's components are relative.
func (h Host) layerDir(d decisions, s layer.Software) string {
	if d.isOfProject(s.Layer) {
		return h.Root
	}
	return filepath.Join(h.In.Layers.Path, s.Layer)
}

// isOfProject reports whether a layer has the packages of a project of Node.js, of which assets can be made.
func (d decisions) isOfProject(name string) bool {
	return slices.ContainsFunc(d.plan.Projects(), func(p plan.Project) bool { return p.Layer() == name })
}

// placed returns components with their places in dir.
func placed(components []bom.Component, dir string) []bom.Component {
	out := slices.Clone(components)
	for i, c := range out {
		out[i].Places = []string{dir}
		for j, place := range c.Places {
			if j == 0 {
				out[i].Places = nil
			}
			out[i].Places = append(out[i].Places, filepath.Join(dir, place))
		}
	}
	return out
}

// inAssets returns the packages that the assets have, with the best evidence for each. If there is an asset without
// evidence, all other packages may be in it. Copies in STATIC_ROOT are not searched.
func (h Host) inAssets(d decisions, done results, packages []bom.Component) []bom.Component {
	s := bundled.Search{
		FS: h.Source, Root: h.Root, Installed: packages, Written: search{h.Source, d.clock}.isNew,
	}
	if settings := done.python.Settings; settings != nil {
		collected, _ := h.Tree.Rel(settings.StaticRoot) // "": outside of the app
		s.Skip = []string{string(collected)}
	}
	if len(packages) == 0 {
		return nil
	}
	found := s.Find()
	out := placed(found.Packages, h.Root)
	if found.Whole {
		return out
	}
	for _, c := range placed(packages, h.Root) {
		c.Evidence = bom.Possible
		out = append(out, c)
	}
	return out
}

// installers returns the programs that install packages and that no layer has: uv, the package manager that uv installs
// for a build, and the npm that Node.js includes. A package manager without a pinned version has none.
func (h Host) installers(d decisions, done results) (used []bom.Component) {
	if !d.plan.Python.Provided {
		if uv, err := h.Inventory.Choose(versions.Ask{ID: versions.UV}, h.Common.Arch); err == nil {
			used = append(used, bom.OfRelease(uv.Release))
		}
		if tool := d.plan.Python.Installer; tool.Tool != "" {
			used = append(used, bom.Component{
				PURL:     purl.Of(purl.PyPI, manager.Normal(tool.Name), versions.Pinned(tool.Tool, tool.Name)),
				Evidence: bom.Installed,
			})
		}
	}
	for _, project := range d.plan.Projects() {
		version := done.node.Managers[project.Package.Dir]
		if project.ManagerData().Program.Bundled && d.plan.ToolLayer(project) == "" && version != "" {
			used = append(used, bom.Component{
				PURL: purl.Of(purl.NPM, project.ManagerData().Name, version), Evidence: bom.Installed,
			})
		}
	}
	return used
}
