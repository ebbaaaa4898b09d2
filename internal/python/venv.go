package python

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/needed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/software"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// venvKey is the key of the virtual environment. Of other Files uv installs what is missing.
type venvKey struct {
	layer.Common
	Version   string `json:"version" say:"Python version"`
	Python    string `json:"python" say:"archive of Python"`
	UV        string `json:"uv" say:"uv version"`
	Manager   string `json:"manager" say:"way to install"`
	Wanted    string `json:"wanted" say:"choice of files and groups"`
	Package   string `json:"package,omitempty" say:"member of the workspace"`
	Files     string `json:"files" say:"contents of the requirements or the lockfile" layer:"start"`
	Local     string `json:"local" say:"contents of local packages"`
	Options   string `json:"options" say:"options of the requirements or the project"`
	Index     string `json:"settings" say:"settings of the package manager"`
	Installer string `json:"installer" say:"package manager or its pip settings"`
	Pip       string `json:"pip,omitempty" say:"pip for a hook"`
	Removed   string `json:"removed" say:"files that are removed from the packages"`
	Debian    string `json:"debian,omitempty" say:"Debian packages for the build"`
	Find      string `json:"find,omitempty" say:"way to find libraries"`
}

// keyOf returns the key of the layer venv. It reads the files of the app on which the packages depend.
func keyOf(in In, rt Runtime, i installer) (key venvKey, err error) {
	p, from := in.Plan.Python, in.Plan.Python.Sources
	key = venvKey{
		Common: in.Common, Version: rt.Release.Version, Python: rt.Origin, UV: i.uv.Version,
		Manager: cmp.Or(p.ManagerData().Way, p.ManagerData().Name), Wanted: choice(p.Wanted), Package: p.Wanted.Package,
		Removed: removedFrom(in),
		Index:   layer.SettingsDigest(in.Envs.Tools(), p.ManagerData().Settings...),
		Options: layer.Digest(slices.Concat(from.Options, from.Args, p.Also)...),
		Debian:  strings.Join(in.Plan.Debian.Build, " "),
	}
	if in.Plan.Debian.Find {
		key.Find = layer.Digest(string(findLibrary))
	}
	if p.Pip {
		key.Pip = layer.Digest(manager.Python(manager.Pip).Data().Tool)
	}
	if key.Installer, err = i.digest(); err != nil {
		return key, err
	}
	if key.Files, err = app.Digest(in.Source, from.Files...); err != nil {
		return key, err
	}
	key.Local, err = app.Digest(in.Source, from.Local...)
	return key, err
}

// choice returns what the key has of the selected packages. The member of a workspace is a field of its own.
func choice(w manager.Wanted) string {
	return fmt.Sprint(struct {
		Files, Extras, Groups []string
		Root                  bool
	}{w.Files, w.Extras, w.Groups, w.Root})
}

// venvTree describes the layer of the Python packages. If its requirements have changed, the installer may start with
// the cached packages.
func venvTree(in In, rt Runtime) (layer.Tree, error) {
	i, err := newInstaller(in)
	if err != nil {
		return layer.Tree{}, err
	}
	key, err := keyOf(in, rt, i)
	return layer.Tree{
		Meta: layer.Meta{Name: plan.VenvLayer, Title: "Python packages", Key: key, Log: in.Log.Header},
		Ship: true, Keep: true, Update: !i.manager.Data().Fresh, Unfit: unrecorded,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Override("VIRTUAL_ENV", dir)
			return vars
		},
		Fill: func(ctx context.Context, dir string) (known layer.Filled, err error) {
			if _, err := removeBytecode(dir); err != nil { // of an environment that is updated
				return known, err
			}
			if err := i.install(ctx, rt, dir); err != nil {
				return known, err
			}
			if key.Removed == sourcesOfCatalogs {
				if err := removeCatalogs(dir); err != nil {
					return known, err
				}
			}
			if known.Facts, err = in.completed(dir); err != nil {
				return known, err
			}
			if err := relinkBytecode(dir); err != nil { // some came with the packages
				return known, err
			}
			known.BOM, err = distributions(dir, sites)
			in.Log.Body("%s installed", show.Count(len(known.BOM), "package"))
			return known, err
		},
		List: func(dir string) ([]bom.Component, error) { return distributions(dir, sites) },
	}, err
}

// completed adds what the packages in venv need to find libraries, and returns the facts about them.
func (in In) completed(venv string) (layer.Facts, error) {
	if in.Plan.Debian.Find {
		if err := addFindLibrary(venv); err != nil {
			return nil, err
		}
	}
	needs, err := needed.Of(os.DirFS(venv), in.Common.Arch)
	if err != nil {
		return nil, err
	}
	facts := layer.Facts{librariesFact: needs.String()}
	gpu, err := gpuPackages(venv)
	if gpu != "" {
		facts[gpuFact] = gpu
	}
	return facts, err
}

// librariesFact is the fact about the Python packages that has what needed.Of returns.
const librariesFact = "libraries"

// adoptPackages returns the packages that an earlier buildpack has installed in dir.
func adoptPackages(dir string) (layer.Contents, error) {
	found, err := distributions(dir, ".")
	return layer.Adopted(run.Part{Dir: dir}, layer.Filled{BOM: found}), err
}

// sitePackages returns a pattern of the directory of packages in an environment.
func sitePackages(venv string) string { return filepath.Join(tree.Literal(venv), sites) }

// sites is that pattern, relative to the environment.
const sites = "lib/python3.*/site-packages"

// distributions returns what is installed in the directories below dir that pattern matches.
func distributions(dir, pattern string) ([]bom.Component, error) {
	root, err := os.OpenRoot(dir) // a package may have links to anywhere
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return software.Python(root.FS(), pattern)
}
