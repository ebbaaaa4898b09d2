package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
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
}

// Debian has the Debian packages of a build, as apt-get takes them.
type Debian struct {
	Build []string // that the build needs and the build image does not have
	Run   []string // that the image needs and the run image may not have
	Named []string // those that the user names: their programs are on PATH
}

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
	build := p.places.unpack(DebianBuildLayer, p.Debian.Build, s)
	image := p.places.unpack(DebianLayer, p.Debian.Run, s)
	p.Steps = slices.Clone(p.Steps)
	for i := range p.Steps {
		p.Steps[i].Needs = append(slices.Clip(p.Steps[i].Needs), p.debianNeeds(p.Steps[i])...)
	}
	first := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Stage == Install })
	p.Steps = slices.Insert(p.Steps, max(first, 0), slices.Concat(build, image)...)
	p.Notes = append(slices.Clip(p.Notes), p.Debian.notes(s)...)
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
func (d Debian) notes(s System) (said notes) {
	unless := map[bool]string{true: ", unless the image has them"}
	if len(d.Build) > 0 {
		said.hint("apt/build", "Debian packages for the build: %s%s", show.List(d.Build), unless[s.Build == nil])
	}
	if len(d.Run) > 0 {
		said.hint("apt/image", "Debian packages in the image: %s%s", show.List(d.Run), unless[s.Run == nil])
	}
	if len(d.Named) > 0 && len(d.Build)+len(d.Run) == 0 {
		said.hint("apt/there", "Debian packages: %s, which the images have", show.List(d.Named))
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
	if len(p.Debian.Run) > 0 && slices.Contains([]EnvClass{EnvSettings, EnvCommand, EnvScript, EnvImage}, s.Env) {
		layers = append(layers, DebianLayer)
	}
	return layers
}

// unpack returns the steps that unpack packages into a layer. apt reads the index of the build image's sources, whose
// signatures it verifies. Then it chooses and downloads what the packages need, and dpkg unpacks each package.
func (p Places) unpack(layer string, packages []string, s System) []Step {
	if len(packages) == 0 {
		return nil
	}
	conf := File{p.private(layer + ".conf"), p.aptConf(layer, s)}
	step := func(name string, argv ...string) Step {
		step := filling("debian/"+name+":"+layer, DebianPackages, AnyTime, layer)
		step.In, step.Argv, step.Env = p.private(""), argv, EnvOwn
		step.BOM, step.Failed, step.Explain = "deb", "The installation of Debian packages", []string{"apt"}
		return step
	}
	index := step("index", "apt-get", "--config-file", conf.Path, "update")
	index.Input, index.Title = conf, "Debian packages"
	get := step("packages", slices.Concat([]string{
		"apt-get", "--config-file", conf.Path, "install", "--yes", "--download-only", "--no-install-recommends",
		"--no-remove", "--",
	}, packages)...)
	get.Title = index.Title
	return []Step{index, get, step("files", "dpkg-deb", "--extract")}
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
		`Acquire::Languages "none";`, `Acquire::Retries "2";`, `Acquire::http::Timeout "30";`,
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

// LibrariesMissing returns a warning for each shared library that a Python package needs and the run image may not
// have.
func LibrariesMissing(all []debian.Library) []Note {
	var texts []string
	for _, l := range all {
		if l.Run {
			continue
		}
		text := fmt.Sprintf("%s needs %s, which neither image has", show.Name(module(l.User)), l.Name)
		if l.Build {
			text = fmt.Sprintf("%s needs %s, which the run image may not have", show.Name(module(l.User)), l.Name)
		}
		if l.Package != "" {
			text += fmt.Sprintf(". To add it: %s=%s", config.AptPackages, show.Name(l.Package))
		}
		texts = append(texts, text)
	}
	var said notes
	said.warnings("python/library-missing", show.Notes(texts)...)
	return said
}

// module returns the name of the Python module, or of the program, to which a file of an environment belongs.
func module(file string) string {
	_, name, ok := strings.Cut(file, "/site-packages/")
	if !ok {
		name = path.Base(file)
	}
	name, _, _ = strings.Cut(name, "/")
	name, _, _ = strings.Cut(name, ".")
	return name
}
