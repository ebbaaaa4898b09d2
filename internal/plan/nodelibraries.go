package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/debian"
)

// nodeName names Node.js among the packages that need a library.
const nodeName = "Node.js"

// nodeUse says what of Node.js may need libraries of the system.
type nodeUse struct {
	major    int      // of Node.js; 0 if it is not used, or if the build image is not Debian
	packages []string // the app's own, of the projects that are installed
	image    bool     // Node.js is in the image
	ships    bool     // the packages are in the image
}

// nodeUse returns what of the plan's Node.js may need libraries. That packages of packages need is not known.
func (p Plan) nodeUse(s System) (use nodeUse) {
	if p.Node == nil || s.Build != nil && len(s.Build) == 0 {
		return use
	}
	major, _, _ := strings.Cut(p.Node.Version, ".")
	use.major, _ = strconv.Atoi(major) // 0 if an earlier buildpack has installed it
	use.image, use.ships = p.Node.Launch.Node, p.Node.Launch.Modules
	for _, project := range p.Projects() {
		if project.Install != nil {
			use.packages = slices.Concat(use.packages, project.Package.Dependencies, project.Package.DevDependencies)
		}
	}
	return use
}

// compiles returns the first package that is compiled against a library; empty if there is none.
func (u nodeUse) compiles(k debian.Known) string {
	for _, name := range u.packages {
		if slices.Contains(k.NPM, name) {
			return name
		}
	}
	return ""
}

// loads reports whether Node.js itself loads a library.
func (u nodeUse) loads(k debian.Known) bool { return k.NodeFrom > 0 && u.major >= k.NodeFrom }

// inImage returns what needs a library in the image: Node.js or a package; empty if there is none.
func (u nodeUse) inImage(k debian.Known) string {
	switch {
	case u.image && u.loads(k):
		return nodeName
	case u.ships:
		return u.compiles(k)
	}
	return ""
}
