package explain

import (
	"strings"

	"github.com/BurntSushi/toml"

	tandem "github.com/tandem-cnb/tandem"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// buildpack has the parts of buildpack.toml that explain reads.
type buildpack struct {
	Buildpack struct{ Name, Homepage, Version string }
	Metadata  map[string]any
}

// descriptor returns the buildpack.toml that is part of the program. A test of package config parses it.
func descriptor() (own buildpack) {
	_ = toml.Unmarshal(tandem.Descriptor, &own)
	return own
}

// reporter returns what writes errors with the pages of this release, for an app with this project.toml.
func (b buildpack) reporter(project config.Project) fail.Reporter {
	return fail.Reporter{Platform: project.Platform(), Docs: fail.Pages(b.Buildpack.Homepage, b.Buildpack.Version)}
}

// notesPage returns the URL of the page about warnings in this release.
func (b buildpack) notesPage() string {
	docs := fail.Pages(b.Buildpack.Homepage, b.Buildpack.Version)
	return strings.TrimSuffix(docs, "errors") + "reference/notes.md#warnings"
}
