package apt

import (
	"path/filepath"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/run"
)

// vars returns the variables of a layer in dir. What the packages have comes after all else on PATH.
func vars(dir, arch string, forImage bool) libcnb.Environment {
	out := libcnb.Environment{}
	root := filepath.Join(dir, rootDir)
	if forImage {
		out.Append("PATH", run.ListSeparator, filepath.Join(dir, programsDir))
		return out
	}
	lib := filepath.Join(root, "usr/lib", debian.Triplet(arch))
	include := filepath.Join(root, "usr/include")
	out.Append("PATH", run.ListSeparator, filepath.Join(root, "usr/bin"))
	out.Append("CPATH", run.ListSeparator, include+run.ListSeparator+filepath.Join(include, debian.Triplet(arch)))
	out.Append("PKG_CONFIG_PATH", run.ListSeparator, strings.Join([]string{
		filepath.Join(lib, "pkgconfig"), filepath.Join(root, "usr/lib/pkgconfig"),
		filepath.Join(root, "usr/share/pkgconfig"),
	}, run.ListSeparator))
	return out
}
