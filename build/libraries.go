package build

import (
	"context"
	"maps"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/apt"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// images describes the images of the build. If the run image is not well known, it is taken for a basic installation of
// Debian.
func (h Host) images() debian.Images {
	vars := h.Platform.Vars
	return debian.Images{
		Machine: h.Machine, Layers: filepath.SplitList(vars["LD_LIBRARY_PATH"]),
		Known: debian.KnownPackages(append(h.runImages(), vars["CNB_STACK_ID"])...),
	}
}

// runImages returns the names of the run image. The files are the lifecycle's, and no part of what it promises to
// buildpacks: they are a hint. https://github.com/buildpacks/spec/blob/main/platform.md#analyzedtoml-toml
func (h Host) runImages() (names []string) {
	type image struct{ Image, Reference string }
	var files struct {
		Run    image   `toml:"run-image"`
		Images []image // of run.toml
	}
	for _, file := range []string{filepath.Join(filepath.Dir(h.In.Layers.Path), "analyzed.toml"), "/cnb/run.toml"} {
		fsys, name := h.Locate(file)
		data, err := limits.Read(fsys, name, limits.Script)
		if err == nil {
			_, _ = limits.DecodeTOML(string(data), &files) // what cannot be read names no image
		}
	}
	for _, i := range append([]image{files.Run}, files.Images[:min(1, len(files.Images))]...) {
		names = append(names, i.Image, i.Reference)
	}
	return names
}

// checkLibraries warns of shared libraries that packages of Python or Node.js need and the image may not have: the
// process that loads such a package would end. It is never an error, since a run image cannot be read.
func (h Host) checkLibraries(ctx context.Context, system map[string]steps.SystemPart, needs map[string]string) error {
	missing := maps.Clone(needs)
	if packages, ok := system[plan.DebianLayer].(imagePackages); ok {
		made, err := packages.declared()
		if err != nil {
			return err
		}
		if made != nil {
			known, err := made.Filled(ctx)
			if err != nil {
				return err
			}
			for library := range apt.Libraries(known) {
				delete(missing, library)
			}
		}
	}
	found, err := h.images().Find(missing)
	steps.LogNotes(h.main(), plan.LibrariesMissing(found))
	return err
}
