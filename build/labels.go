package build

import (
	"cmp"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
)

// labels returns the labels of the image that say which source it is made from. They are in the configuration of the
// image, so its layers stay the same.
// https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
func (h Host) labels(c app.Clone) (labels []libcnb.Label) {
	source := c.Origin
	if strings.HasPrefix(source, "/") || strings.HasPrefix(source, ".") || strings.HasPrefix(source, "file:") {
		source = "" // a path of one machine
	}
	for _, l := range []libcnb.Label{
		{Key: "org.opencontainers.image.revision", Value: h.revision(c)},
		{Key: "org.opencontainers.image.source", Value: source},
		{Key: "org.opencontainers.image.version", Value: c.Tag},
	} {
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
