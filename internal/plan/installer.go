package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Installer is the program that installs the Python packages.
type Installer struct {
	Name string // of the manager; "uv" if uv is all that it needs
	Tool string // the requirements of what uv must install first, empty if there is nothing
	Note string // empty unless the app requires another version than Tandem's
}

// installerOf returns the installer of the Python packages. uv is the version of Tandem's uv.
func installerOf(p *Python, uv string) Installer {
	in := Installer{Name: p.ManagerData().Name, Tool: p.ManagerData().Tool}
	have := versions.Pinned(in.Tool, p.ManagerData().Name)
	if in.Tool == "" {
		in.Name, have = "uv", uv
	}
	if wanted := p.Sources.Version; wanted != "" && !versions.Satisfies(have, wanted) {
		// A team that pins its tool cannot build otherwise. The tool is as trustworthy as the packages it installs.
		in.Tool = versions.Requirement(in.Name, wanted)
		in.Note = fmt.Sprintf("%s %s is asked for by the app; Tandem's is %s", in.Name, show.Value(wanted), have)
	}
	return in
}
