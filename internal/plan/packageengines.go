package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// packageEngines warns of dependencies that do not support the chosen Node.js, as lockfiles list it. Package managers
// only print a warning in the middle of their output, and the script fails later.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#engines
func (p Plan) packageEngines() (said note.List) {
	if p.Node == nil || p.Node.Version == "" {
		return nil
	}
	for _, project := range p.Projects() {
		var found, ranges []string
		engines := project.Package.Lock.Engines
		for _, name := range slices.Sorted(maps.Keys(engines)) {
			if want := engines[name]; len(found) < 5 && !versions.Node.Accepts(want, p.Node.Version) {
				found = append(found, fmt.Sprintf("%s (%s)", show.Name(name), show.Value(want)))
				ranges = append(ranges, want)
			}
		}
		if len(found) == 0 || project.Install == nil {
			continue
		}
		text := fmt.Sprintf("%s, does not satisfy what packages in %s require: %s", p.Node.Chosen,
			show.Name(project.Package.Locks[0]), strings.Join(found, ", "))
		if other := p.Node.Offer.Within(ranges...); other != "" {
			text += ". Node.js " + other + " does"
		}
		said.Warn("node/package-engine", "%s", text)
	}
	return said
}
