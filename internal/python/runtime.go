package python

import (
	"context"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the interpreter of a build.
type Runtime struct {
	layer.Contents
	Release versions.Release
	ID      string // what differs between interpreters of one version: the archive's checksum, or the directory
}

// program returns the interpreter of the runtime in dir.
func program(dir string) string { return filepath.Join(dir, "bin", "python3") }

// declareRuntime returns the interpreter, which is not created yet. An earlier buildpack's is used if there is one.
func declareRuntime(in In) (rt Runtime, err error) {
	if other := in.App.Others.Python; other != nil {
		adopted := layer.Adopted(run.Part{Dir: other.Dir}, layer.Filled{})
		return Runtime{Contents: adopted, Release: in.Plan.Python.Release, ID: other.Dir}, nil
	}
	release := in.LogRuntime(in.Plan.Python.Runtime)
	rt = Runtime{Release: release, ID: release.Checksum()}
	rt.Contents, err = in.Layers.Tree(runtimeTree(in, release))
	return rt, err
}

type runtimeKey struct {
	layer.Common
	Version  string `json:"version" say:"Python version"`
	Checksum string `json:"archive" say:"archive of Python"`
}

// desktop lists the files that draw windows, with Tcl and Tk: no server has a screen.
func desktop() []string {
	return []string{
		"lib/python3.*/tkinter", "lib/python3.*/turtle.py", "lib/python3.*/turtledemo", "lib/python3.*/idlelib",
		"lib/python3.*/lib-dynload/_tkinter*", "lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread*", "lib/libtcl*",
		"lib/libtk*", "bin/idle*", "share/man",
	}
}

func runtimeTree(in In, release versions.Release) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{
			Name: plan.PythonLayer, Title: "Python " + release.Version, Log: in.Log.Header,
			Key: runtimeKey{in.Common, release.Version, release.Checksum()},
		},
		Ship: true, Keep: true,
		Finish: func(ctx context.Context, dir string) error {
			return in.bytecode(dir, unchecked).compile(ctx, filepath.Join(dir, "lib"))
		},
		Sealed: &layer.Sealed{
			Warn: in.Log.Warn, Derived: sourceOf,
			Fill: func(ctx context.Context, dir string) (layer.Filled, archive.Manifest, error) {
				known := layer.Filled{BOM: []string{release.PURL()}}
				listed, err := in.Fetch.Install(ctx, release, dir, in.Log.Body)
				if err != nil {
					return known, nil, err
				}
				if err := layer.RemoveListed(dir, listed, desktop()...); err != nil {
					return known, nil, err
				}
				return known, listed, Relocate(dir, listed)
			},
			Repeat: func(ctx context.Context, dir string) (archive.Manifest, error) {
				return in.bytecode(dir, unchecked).repeat(ctx, dir)
			},
		},
	}
}
