package decide

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Installer is which program installs the Python packages.
type Installer struct {
	Name string // of the manager, "uv" where uv is all it needs
	Tool string // the requirements of what uv must install first; "": nothing
	Note string // the app asks for another version than ours; "": it does not
}

// InstallerOf is that of a plan; uv is the version of Tandem's.
func InstallerOf(p *plan.Python, uv string) Installer {
	in := Installer{Name: p.ManagerData().Name, Tool: p.ManagerData().Tool}
	have := versions.Pinned(in.Tool, p.ManagerData().Name)
	if in.Tool == "" {
		in.Name, have = "uv", uv
	}
	if wanted := p.Sources.Version; wanted != "" && !versions.Satisfies(have, wanted) {
		// Its own words: a team that pins its tool cannot build otherwise. It is as trustworthy as the packages it installs.
		in.Tool = versions.Requirement(in.Name, wanted)
		in.Note = fmt.Sprintf("%s %s is asked for by the app; Tandem's is %s", in.Name, show.Value(wanted), have)
	}
	return in
}
