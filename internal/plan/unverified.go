package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// maxUnverified bounds how many settings of this kind are named.
const maxUnverified = 5

// Unverified returns a warning for each variable of env and each setting of the app by which any TLS certificate is accepted.
func Unverified(p Plan, env map[string]string) (warnings []string) {
	var found []string
	for _, name := range manager.UnverifiedVariables(env) {
		found = append(found, "the variable "+name)
	}
	if p.Python != nil {
		for _, s := range p.Python.Sources.Unverified {
			found = append(found, s.Name+" in "+s.File)
		}
	}
	for _, project := range p.projects() {
		for _, settings := range project.Settings {
			for _, line := range settings.Lines {
				if name := manager.UnverifiedLine(line); name != "" {
					found = append(found, name+" in "+project.Package.Path(settings.File))
				}
			}
		}
	}
	for _, who := range found[:min(maxUnverified, len(found))] {
		warnings = append(warnings, UnverifiedBy(who))
	}
	if more := len(found) - len(warnings); more > 0 {
		warnings = append(warnings, fmt.Sprintf("TLS certificates are not verified: and %d more of this kind", more))
	}
	return warnings
}

// UnverifiedBy is the warning about one setting; who names it and what has it.
func UnverifiedBy(who string) string {
	return "TLS certificates are not verified, so a server in between can replace packages: " + who
}
