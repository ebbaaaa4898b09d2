package versions

import (
	_ "embed"
	"sync"
)

//go:embed managers.json
var embeddedManagers []byte

// ManagerSeries is a range of releases of a Node package manager that write lockfiles of the same formats, as in
// managers.json. The order of the file is that of preference.
type ManagerSeries struct {
	ID       string   `json:"id"`             // "yarn-berry"
	Arch     string   `json:"arch,omitempty"` // of the program; "": each architecture has the same package
	Range    string   `json:"range"`          // of npm's; the generator adds the latest release in it
	Formats  []string `json:"formats"`        // of lockfiles that the releases neither refuse nor rewrite; kept by hand
	Releases []Pin    `json:"releases"`       // the latest first
}

// Pin is a release of a package and the digest of its archive, as npm's registry has it.
type Pin struct {
	Version   string `json:"version"`
	Integrity string `json:"integrity"` // "sha512-" and base64
}

// ManagerRelease is a release of a Node package manager.
type ManagerRelease struct {
	Pin
	Formats []string // of lockfiles that it neither refuses nor rewrites
}

// managerSeries has the contents of managers.json. They are parsed when a package manager is first asked about.
var managerSeries = sync.OnceValue(func() []ManagerSeries {
	return parsed[ManagerSeries]("managers.json", embeddedManagers)
})

// ManagerReleases returns the known releases of the package manager with that ID for an architecture, in order of
// preference.
func ManagerReleases(id, arch string) (all []ManagerRelease) {
	for _, s := range managerSeries() {
		for _, pin := range s.Releases {
			if s.ID == id && (s.Arch == "" || s.Arch == arch) {
				all = append(all, ManagerRelease{pin, s.Formats})
			}
		}
	}
	return all
}
