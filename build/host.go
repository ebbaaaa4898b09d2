package build

import (
	"os"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/steps"
)

// freeSpace returns a function that says how much is left where the build writes.
func freeSpace(in libcnb.BuildContext) func() string {
	return steps.FreeSpace(in.Layers.Path, in.ApplicationPath, os.TempDir())
}
