package build

import (
	"errors"

	"github.com/tandem-cnb/tandem/internal/apt"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// system has the Debian packages of the images.
type system struct{ build, run []debian.Package }

// readSystem reads the packages of the build image. Those of the run image are derived.
func (h Host) readSystem() (s system, err error) {
	if s.build, err = debian.Installed(h.Machine); err != nil {
		return s, err
	}
	s.run = debian.Base(s.build, h.images().Known)
	return s, nil
}

// packages returns what the plan must know.
func (s system) packages(trusted string) plan.System {
	out := plan.System{Build: map[string]bool{}, Run: map[string]bool{}, CAs: trusted}
	for _, p := range s.build {
		out.Build[p.Name] = true
	}
	for _, p := range s.run {
		out.Run[p.Name] = true
	}
	return out
}

// declareDebian declares the layers of Debian packages, by name. Steps that need them create them.
func (h Host) declareDebian(d decisions) (map[string]*layer.Made, error) {
	wanted := d.plan.Debian
	if len(wanted.Build)+len(wanted.Run) == 0 {
		return nil, nil
	}
	path := h.Platform.Vars["PATH"]
	for _, program := range []string{"apt-get", "dpkg-deb"} {
		if _, err := run.LookPath(program, path, h.Root); err != nil {
			return nil, noApt(program)
		}
	}
	in := apt.In{
		Runner: h.runner(h.main(), d), Layers: h.Layers, Common: h.Common, Build: d.system.build, Run: d.system.run,
		Now: h.Now(),
	}
	made := map[string]*layer.Made{}
	var errs [2]error
	if len(wanted.Build) > 0 {
		made[plan.DebianBuildLayer], errs[0] = apt.Declare(in, plan.DebianBuildLayer, wanted.Build)
	}
	if len(wanted.Run) > 0 {
		made[plan.DebianLayer], errs[1] = apt.Declare(in, plan.DebianLayer, wanted.Run)
	}
	return made, errors.Join(errs[:]...)
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

// parts returns the layers of Debian packages as steps see them.
func (d decisions) parts() map[string]steps.SystemPart {
	out := map[string]steps.SystemPart{}
	for name, made := range d.debian {
		out[name] = made
	}
	return out
}
