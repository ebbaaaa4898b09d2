package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// The layers of Debian packages: in the image, and for the build only.
const (
	DebianLayer      = "debian"
	DebianBuildLayer = "deb-build"
)

// System has what a plan must know about Debian packages of the images.
type System struct {
	Build, Run map[string]bool // the names that the images have; nil if that is not known
	CAs        string          // the file with the certificates of a binding; empty: those of the build image

	Listed manager.Listed // the Python packages that the app's files list
	Geo    bool           // the settings have GeoDjango

	node nodeUse
}

// Debian has the Debian packages of a build, as apt-get takes them.
type Debian struct {
	Build []string          // that the build needs and the build image does not have
	Run   []string          // that the image needs and the run image may not have
	Dev   []string          // the image needs their libraries, whose names are only in the index
	Named []string          // those that the user names: their programs are on PATH
	Vars  map[string]string // of the image, as in debian.Known
	Find  bool              // a Python package looks for a library by ctypes.util.find_library
	Why   []string          // the packages of the app that need Debian packages which the user does not name
}

// Image reports whether the image may get Debian packages: what the build compiles may need libraries.
func (d Debian) Image() bool { return len(d.Build)+len(d.Run)+len(d.Dev) > 0 }

// WithDebian returns the plan with the steps that unpack Debian packages, which other steps then see.
func (p Plan) WithDebian(s System) Plan {
	if p.Config.Apt.Off || p.Python == nil {
		return p
	}
	named := slices.Concat(p.Config.Apt.Packages, p.app.Aptfile.Packages)
	slices.Sort(named)
	p.Debian.Named = slices.Compact(named)
	p.Debian.Build = lacking(p.Debian.Named, s.Build)
	p.Debian.Run = lacking(p.Debian.Named, s.Run)
	if !p.Config.Apt.Listed {
		s.node = p.nodeUse(s)
		p.Debian = p.Debian.withKnown(s)
	}
	var build, image []Step
	printed := p.places.private("apt-names")
	if len(p.Debian.Build) > 0 {
		build = p.Debian.withNames(p.places.unpack(DebianBuildLayer, p.Debian.Build, s), printed)
	}
	if p.Debian.Image() {
		image = p.Debian.withNames(p.places.unpack(DebianLayer, p.Debian.Run, s), printed)
	}
	p.Steps = slices.Clone(p.Steps)
	for i := range p.Steps {
		p.Steps[i].Needs = append(slices.Clip(p.Steps[i].Needs), p.debianNeeds(p.Steps[i])...)
	}
	first := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Stage == Install })
	p.Steps = slices.Insert(p.Steps, max(first, 0), slices.Concat(build, image)...)
	p.Notes = append(slices.Clip(p.Notes), inStage(Prepare, p.Debian.notes(s))...)
	return p
}

// lacking returns the packages that an image does not have. It has no version for certain.
func lacking(packages []string, image map[string]bool) (out []string) {
	for _, word := range packages {
		if !image[word] {
			out = append(out, word)
		}
	}
	return out
}

// notes says which packages are installed, and where. If the images are not known, it says on which condition.
func (d Debian) notes(s System) (said note.List) {
	unless := map[bool]string{true: ", unless the image has them"}
	if len(d.Build) > 0 {
		said.Hint("apt/build", "Debian packages for the build: %s%s", show.List(d.Build), unless[s.Build == nil])
	}
	if len(d.Run) > 0 {
		said.Hint("apt/image", "Debian packages in the image: %s%s", show.List(d.Run), unless[s.Run == nil])
	}
	if len(d.Dev) > 0 {
		said.Hint("apt/libraries", "Debian packages in the image: the libraries of %s%s", show.List(d.Dev),
			unless[s.Run == nil])
	}
	if len(d.Why) > 0 {
		said.Hint("apt/why", "Debian packages: for %s. To leave them out: %s=off", show.List(d.Why), config.AptMode)
	}
	if len(d.Named) > 0 && len(d.Build)+len(d.Run) == 0 {
		said.Hint("apt/there", "Debian packages: %s, which the images have", show.List(d.Named))
	}
	return said
}

// debianNeeds returns the layers of Debian packages that a step sees. How Tandem gets its own tools needs none.
func (p Plan) debianNeeds(s Step) (layers []string) {
	if len(s.Argv) == 0 || s.Stage == Prepare || s.Env == EnvOwn || s.Env == "" {
		return nil
	}
	if len(p.Debian.Build) > 0 && s.Env != EnvImage {
		layers = append(layers, DebianBuildLayer)
	}
	if p.Debian.Image() && slices.Contains([]EnvClass{EnvSettings, EnvCommand, EnvScript, EnvImage}, s.Env) {
		layers = append(layers, DebianLayer)
	}
	return layers
}

// unpack returns the steps that unpack packages into a layer. apt reads the index of the build image's sources, whose
// signatures it verifies. Then it chooses and downloads what the packages need, and dpkg unpacks each package.
func (p Places) unpack(layer string, packages []string, s System) []Step {
	conf := File{p.private(layer + ".conf"), p.aptConf(layer, s)}
	step := func(name string, kind Kind, argv ...string) Step {
		step := filling("debian/"+name+":"+layer, kind, AnyTime, layer)
		step.In, step.Argv, step.Env = p.private(""), argv, EnvOwn
		step.BOM, step.Failed, step.Explain = "deb", "The installation of Debian packages", []string{"apt"}
		return step
	}
	index := step("index", DebianIndex, "apt-get", "--config-file", conf.Path, "update")
	index.Input, index.Title = conf, "Debian packages"
	get := step("packages", DebianPackages, slices.Concat([]string{
		"apt-get", "--config-file", conf.Path, "install", "--yes", "--download-only", "--no-install-recommends",
		"--no-remove", "--",
	}, packages)...)
	get.Title = index.Title
	return []Step{index, get, step("files", DebianFiles, "dpkg-deb", "--extract")}
}

// withNames returns the steps of a layer with those that ask the index for names: of libraries, and of what the sources
// have instead of packages that the user names.
func (d Debian) withNames(steps []Step, output string) []Step {
	ask := func(name string, argv ...string) Step {
		step := steps[0]
		step.ID, step.Kind, step.Input, step.Title = "debian/"+name+":"+step.Layer, DebianNames, File{}, ""
		step.Argv = slices.Concat([]string{"apt-cache"}, steps[0].Argv[1:3], argv)
		return step
	}
	if len(d.Named) > 0 {
		var names []string
		for _, word := range d.Named {
			names = append(names, debian.NameOf(word))
		}
		all := ask("known", "pkgnames")
		versions := ask("versions", slices.Concat([]string{"madison", "--"}, names)...)
		all.If, versions.If = []installed.Condition{installed.IfRefused}, []installed.Condition{installed.IfRefused}
		steps = slices.Insert(steps, len(steps)-1, all, versions)
	}
	if len(d.Dev) > 0 && steps[0].Layer == DebianLayer {
		libraries := ask("names", slices.Concat([]string{"show", "--no-all-versions", "--"}, d.Dev)...)
		libraries.Output = output
		steps = slices.Insert(steps, 1, libraries)
	}
	return steps
}

// DebianDir returns the directory in which apt keeps the state of a layer.
func (p Places) DebianDir(layer string) string { return p.private("apt-" + layer) }

// aptConf returns apt's settings: a state of its own, so that it needs no root, and none of the image's hooks. It uses
// the image's sources, keys and proxies. https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html
func (p Places) aptConf(layer string, s System) string {
	dir := p.DebianDir(layer)
	lines := []string{
		`#clear APT::Update::Pre-Invoke;`, `#clear APT::Update::Post-Invoke;`,
		`#clear APT::Update::Post-Invoke-Success;`, `#clear DPkg::Pre-Install-Pkgs;`, `#clear DPkg::Post-Invoke;`,
		`APT::Sandbox::User "";`, `APT::Update::Error-Mode "any";`, `Debug::NoLocking "1";`,
		`Acquire::Languages "none";`, `Acquire::Retries "1";`,
		`Acquire::http::Timeout "15";`, `Acquire::https::Timeout "15";`,
		`Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";`,
		`Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";`,
		fmt.Sprintf("Dir::State %q;", dir), fmt.Sprintf("Dir::State::lists %q;", p.private("apt-lists")),
		fmt.Sprintf("Dir::State::status %q;", dir+"/status"), fmt.Sprintf("Dir::Cache %q;", dir),
		fmt.Sprintf("Dir::Cache::archives %q;", dir+"/archives"), fmt.Sprintf("Dir::Log %q;", dir),
	}
	if s.CAs != "" {
		lines = append(lines, fmt.Sprintf("Acquire::https::CaInfo %q;", s.CAs))
	}
	return strings.Join(lines, "\n") + "\n"
}

// IsNamed reports whether the user names a package.
func (d Debian) IsNamed(name string) bool {
	return slices.ContainsFunc(d.Named, func(word string) bool { return debian.NameOf(word) == name })
}
