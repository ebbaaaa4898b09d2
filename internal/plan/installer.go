package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// toolVersion returns an error if the app requires an invalid version of its package manager. Text of the app would
// otherwise be among the requirements from which the manager is installed.
func toolVersion(data manager.PythonData, sources manager.Sources) error {
	if sources.Version == "" || versions.Requirement(data.Name, sources.Version) != "" {
		return nil
	}
	tool, setting, example := data.Name, "requires-poetry", ">=2.0,<3.0"
	if data.ID != manager.Poetry {
		tool, setting, example = manager.Python(manager.UV).Data().Name, "required-version", ">=0.9"
	}
	return &fail.Error{
		ID: "python/tool-version", What: fmt.Sprintf("%s requires a version of %s that is not valid",
			show.Name(sources.VersionFile), tool),
		Why: fmt.Sprintf("%s is %s.", setting, show.Quoted(sources.Version)),
		Fix: fail.Fix{
			fail.Say{Text: "Write one version or one range, without anything else:"},
			fail.Edit{Lines: []string{setting + ` = "` + example + `"`}},
		},
	}
}

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
		in.Note = fmt.Sprintf("%s %s is required by the app; Tandem's is %s", in.Name, show.Value(wanted), have)
	}
	return in
}

// uv returns the version of Tandem's uv, or "" if there is none for the architecture.
func (q Question) uv() string {
	chosen, err := q.Inventory.Choose(versions.Ask{ID: versions.UV}, q.Arch)
	if err != nil {
		return "" // the build says so when it needs uv
	}
	return chosen.Version
}
