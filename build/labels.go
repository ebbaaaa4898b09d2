package build

import (
	"cmp"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// labels returns the labels of the image: which source it is made from, and by which runtimes. They are in the
// configuration of the image, so its layers stay the same.
// https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
func (h Host) labels(d decisions) (labels []libcnb.Label) {
	c, project, source := d.app.Clone, app.ReadProject(h.Source), d.app.Origin
	if strings.HasPrefix(source, "/") || strings.HasPrefix(source, ".") || strings.HasPrefix(source, "file:") {
		source = "" // a path of one machine
	}
	all := []libcnb.Label{
		{Key: "org.opencontainers.image.revision", Value: h.revision(c)},
		{Key: "org.opencontainers.image.source", Value: source},
		{Key: "org.opencontainers.image.title", Value: project.Name},
		{Key: "org.opencontainers.image.version", Value: cmp.Or(c.Tag, project.Version)},
	}
	for _, r := range d.plan.Runtimes() {
		name := map[versions.ID]string{versions.Python: "python", versions.Node: "node"}[r.ID]
		all = append(all, libcnb.Label{Key: "io.tandem." + name, Value: r.Version})
	}
	for _, l := range all {
		if l.Value != "" {
			labels = append(labels, l)
		}
	}
	return labels
}

// revision returns the commit of the source; empty if it is not known.
func (h Host) revision(c app.Clone) string {
	return cmp.Or(c.Revision, commit(h.Platform.Vars["SOURCE_VERSION"]))
}

// commit returns a text that may be a commit; otherwise "". Heroku and others set SOURCE_VERSION to one.
func commit(text string) string {
	notHex := func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }
	if len(text) < 7 || len(text) > 64 || strings.ContainsFunc(text, notHex) {
		return ""
	}
	return text
}
