package build

import (
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// chosen says which release of a runtime was chosen and why, and returns it.
func (b *builder) chosen(r plan.Runtime, log *ui.Branch) versions.Release {
	log.Header("%s", r)
	if r.Warning != "" {
		log.Warn("%s", r.Warning)
	}
	return r.Release
}
