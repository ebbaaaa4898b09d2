package apt

import (
	"path/filepath"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/run"
)

// imageVars returns the variables of the image's layer in dir: PATH, on which programs of the packages come last, and
// known ones, as debian.Known has them.
func imageVars(dir, arch string, known map[string]string) libcnb.Environment {
	out := libcnb.Environment{}
	out.Append("PATH", run.ListSeparator, filepath.Join(dir, programsDir))
	for name, path := range known {
		path = strings.ReplaceAll(path, "{triplet}", debian.Triplet(arch))
		out.Default(name, filepath.Join(dir, rootDir, path))
	}
	return out
}

// buildVars returns the variables of the build's layer in dir. What the image has comes first.
func buildVars(dir, arch string) libcnb.Environment {
	root, triplet := filepath.Join(dir, rootDir), debian.Triplet(arch)
	list := func(paths ...string) string {
		for i, path := range paths {
			paths[i] = filepath.Join(root, path)
		}
		return strings.Join(paths, run.ListSeparator)
	}
	out := libcnb.Environment{}
	out.Append("PATH", run.ListSeparator, list("usr/bin"))
	out.Append("CPATH", run.ListSeparator, list("usr/include", "usr/include/"+triplet))
	out.Append("PKG_CONFIG_PATH", run.ListSeparator,
		list("usr/lib/"+triplet+"/pkgconfig", "usr/lib/pkgconfig", "usr/share/pkgconfig"))
	return out
}
