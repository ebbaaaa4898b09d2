package build

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/apt"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/settings"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// system has the Debian packages of the images, and the names of others whose files are there.
type system struct {
	build, run           []debian.Package
	buildFiles, runFiles []string
	absent               []string // that the release does not have
}

// readSystem reads the packages of the build image. Those of the run image are derived. What earlier buildpacks have
// installed is in both.
func (h Host) readSystem() (s system, err error) {
	if s.build, err = debian.Installed(h.Machine); err != nil {
		return s, err
	}
	s.run = debian.Base(s.build, h.images().Known)
	search := debian.Search{Machine: h.Machine, Vars: h.Platform.Vars, Arch: h.Common.Arch}
	s.buildFiles, s.runFiles, s.absent = search.Build(), search.Run(), debian.Absent(h.Common.Distro)
	return s, nil
}

// packages returns what the plan must know.
func (s system) packages() plan.System {
	out := plan.System{Build: map[string]bool{}, Run: map[string]bool{}}
	there := func(image map[string]bool, packages []debian.Package, files []string) {
		for _, p := range packages {
			files = append(files, p.Names()...)
		}
		for _, name := range append(files, s.absent...) {
			image[name] = true
		}
	}
	there(out.Build, s.build, s.buildFiles)
	there(out.Run, s.run, s.runFiles)
	return out
}

// aptIn returns what the installation of Debian packages is given. The error is the user's if the build image has no
// apt.
func (h Host) aptIn(d decisions) (in apt.In, err error) {
	for _, program := range []string{"apt-get", "dpkg-deb"} {
		if _, err := run.LookPath(program, h.Platform.Vars["PATH"], h.Root); err != nil {
			return in, noApt(program)
		}
	}
	return apt.In{
		Runner: h.runner(h.main(), d), Layers: h.Layers, Common: h.Common, Build: d.system.build, Run: d.system.run,
		Now: h.Now(),
	}, nil
}

// declareDebian declares the layer of Debian packages for the build. Steps that need it create it. It returns the
// layers as steps see them, by name.
func (h Host) declareDebian(d decisions) (map[string]steps.SystemPart, error) {
	if !d.plan.Debian.Image() {
		return nil, nil
	}
	in, err := h.aptIn(d)
	if err != nil && len(d.plan.Debian.Named) == 0 {
		return nil, nil // the images may have what the packages of the app need
	}
	if err != nil || len(d.plan.Debian.Build) == 0 {
		return map[string]steps.SystemPart{}, err
	}
	made, err := apt.Declare(in, plan.DebianBuildLayer)
	return map[string]steps.SystemPart{plan.DebianBuildLayer: made}, err
}

// imagePackages is the layer of Debian packages in the image. Which it has is known when the Python packages are there.
type imagePackages struct {
	declared func() (*layer.Made, error) // nil without an error: no package is needed
}

// Get creates the layer.
func (p imagePackages) Get(ctx context.Context) error {
	made, err := p.declared()
	if err != nil || made == nil {
		return err
	}
	return made.Get(ctx)
}

// Part returns the layer as commands see it, after Get.
func (p imagePackages) Part() run.Part {
	made, err := p.declared()
	if err != nil || made == nil {
		return run.Part{}
	}
	return made.Part()
}

// withImagePackages returns d with the layer of Debian packages in the image, for the Python packages in venv.
func (h Host) withImagePackages(ctx context.Context, d decisions, venv layer.Contents) decisions {
	if d.debian == nil {
		return d
	}
	before := d
	d.debian = maps.Clone(d.debian)
	d.debian[plan.DebianLayer] = imagePackages{sync.OnceValues(func() (*layer.Made, error) {
		in, err := h.aptIn(before)
		if err != nil {
			return nil, err
		}
		if in.More, err = h.lackingLibraries(ctx, before, venv); err != nil {
			return nil, err
		}
		if len(in.Plan.Debian.Run)+len(in.Plan.Debian.Dev)+len(in.More) == 0 {
			return nil, nil
		}
		return apt.Declare(in, plan.DebianLayer)
	})}
	return d
}

// lackingLibraries returns the packages of libraries that the Python packages need and the run image may not have. They
// are packages of the build image, or of the layer for the build.
func (h Host) lackingLibraries(ctx context.Context, d decisions, venv layer.Contents) (names []string, err error) {
	if d.plan.Config.Apt.Listed {
		return nil, nil
	}
	needs, err := python.Libraries(ctx, venv)
	if err != nil {
		return nil, err
	}
	all, err := h.images().Find(needs)
	if err != nil {
		return nil, err
	}
	of := map[string]string{}
	if made, ok := d.debian[plan.DebianBuildLayer].(*layer.Made); ok && slices.ContainsFunc(all, debian.Library.Lacks) {
		known, err := made.Filled(ctx)
		if err != nil {
			return nil, err
		}
		of = apt.Libraries(known)
	}
	for _, l := range all {
		if name := cmp.Or(of[l.Name], l.Package); l.Lacks() && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// noApt returns the error for a build image without a program of Debian.
func noApt(program string) error {
	return &fail.Error{
		ID: "apt/no-tools", What: "The build image cannot install Debian packages",
		Why: "The app lists some, and the build image has no " + program + ".",
		Fix: fail.Fix{
			fail.Say{Text: "Use a builder with Debian or Ubuntu:"}, fail.Build{Builder: fail.Builder},
			fail.Say{Text: "Or build without them, if the images have what the app needs:"},
			fail.Set{Name: config.AptMode, Value: "off"},
		},
	}
}

// known returns what the plan must know about Debian packages.
func (h Host) known(d decisions) plan.System {
	out, py := d.system.packages(), d.plan.Python
	out.CAs = h.trusted()
	if !py.Provided && len(d.system.build) > 0 { // otherwise it is not Debian
		out.Listed = app.ListedPackages(h.Source, py.Dir, py.Manager, py.Wanted, py.Machine(h.Common.Arch))
	}
	module := h.Platform.Vars[app.SettingsVariable]
	if d.plan.Manage.Path != "" {
		read := settings.Read(h.Source, d.plan.Manage.Dir, cmp.Or(module, d.app.Python.Settings.Module))
		out.Geo = read.Apps.Has("django.contrib.gis")
	}
	return out
}
