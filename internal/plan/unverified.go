package plan

import (
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// unverified returns a warning for each variable of env and each setting of the app that turns off the verification of
// TLS certificates.
func (p Plan) unverified(env map[string]string) (warnings []string) {
	for _, name := range manager.UnverifiedVariables(env) {
		warnings = append(warnings, UnverifiedBy("the variable "+name))
	}
	if p.Python != nil {
		for _, s := range p.Python.Sources.Unverified {
			warnings = append(warnings, UnverifiedBy(s.Name+" in "+show.Name(s.File)))
		}
	}
	for _, project := range p.Projects() {
		for _, settings := range project.Files {
			for _, line := range settings.Lines {
				if name := manager.UnverifiedLine(line); name != "" {
					file := show.Name(project.Package.Path(settings.File))
					warnings = append(warnings, UnverifiedBy(name+" in "+file))
				}
			}
		}
	}
	return show.Notes(warnings)
}

// UnverifiedBy returns the warning about one setting. who names the setting and the file that has it.
func UnverifiedBy(who string) string {
	return "TLS certificates are not verified, so a server in between can replace packages: " + who
}
