package explain

import (
	"strings"

	"github.com/BurntSushi/toml"

	tandem "github.com/tandem-cnb/tandem"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// Buildpack has the parts of buildpack.toml that explain reads.
type Buildpack struct {
	Buildpack struct{ ID, Name, Homepage, Version string }
	Metadata  map[string]any
}

// Own returns the buildpack.toml that is part of the program. A test of package config parses it.
func Own() (own Buildpack) {
	_ = toml.Unmarshal(tandem.Descriptor, &own)
	return own
}

// reporter returns what writes errors with the pages of this release, for an app with this project.toml.
func (b Buildpack) reporter(project config.Project) fail.Reporter {
	return fail.Reporter{Platform: project.Platform(), Docs: fail.Pages(b.Buildpack.Homepage, b.Buildpack.Version)}
}

// notesPage returns the URL of the page about warnings in this release.
func (b Buildpack) notesPage() string {
	docs := fail.Pages(b.Buildpack.Homepage, b.Buildpack.Version)
	return strings.TrimSuffix(docs, "errors") + "reference/notes.md#warnings"
}
