package build

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Host is the machine and the platform of one build. It is made once and never written: what a build finds out is
// returned from one part of the build and given to the next.
type Host struct {
	In libcnb.BuildContext
	steps.Dirs
	Log       *ui.Log
	Layers    *layer.Set
	Common    layer.Common
	Platform  environ.Platform
	Access    binding.Credentials // for the package managers
	Config    config.Config       // of the platform's variables; the plan's has other platforms' files too
	Fetch     fetch.Fetcher
	Inventory versions.Inventory
	Now       func() time.Time // for the end of support of a release
	guard     guard
}

// guard has what keeps a build from leaving anything behind that is not meant for the image or the next build.
type guard struct {
	secrets      secrets
	certificates []byte // those that the build trusts, in PEM form; empty if only the system's are trusted
	reaper       *run.Reaper
	stop         context.CancelFunc // cancels the background work of the layers
}

// newHost reads what the platform gives to a build. The caller must call build, and close Tree. The error is the user's
// or internal, and leaves nothing to clean up.
func newHost(ctx context.Context, in libcnb.BuildContext, log *ui.Log) (_ Host, err error) {
	ctx, stop := context.WithCancel(ctx)
	h := Host{
		In: in, Log: log, Common: commonKey(in), Layers: layer.NewSet(ctx, in.Layers), Now: time.Now,
		Dirs: steps.Dirs{
			Root: in.ApplicationPath, Machine: os.DirFS("/"),
			Private: filepath.Join(in.Layers.Path, plan.PrivateDir), Scratch: filepath.Join(os.TempDir(), "tandem"),
		},
		guard: guard{stop: stop, reaper: run.NewReaper()},
	}
	defer func() {
		if err != nil {
			err = h.guard.secrets.hidden(h.end(err))
		}
	}()
	if err := errors.Join(h.emptyPrivate(), h.emptyScratch()); err != nil {
		return h, err
	}
	vars := run.ParseEnv(os.Environ())
	trusted, err := binding.Certificates(in.Platform.Bindings, vars, h.certificatesFile())
	if err != nil {
		return h, err
	}
	if trusted != nil {
		if h.guard.certificates, err = h.readCertificates(); err != nil {
			return h, err
		}
	}
	if h.Access, err = binding.ReadCredentials(in.Platform.Bindings); err != nil {
		return h, err
	}
	h.guard.secrets = newSecrets(h.Access, in.Platform.Bindings, vars)
	h.Log.Mask(h.guard.secrets.said.Mask)
	h.Layers.Guard(h.guard.secrets.shipped)
	return h.configured(vars.With(trusted))
}

// trusted returns the file with the certificates of a binding; empty if only the system's are trusted.
func (h Host) trusted() string {
	if len(h.guard.certificates) == 0 {
		return ""
	}
	return h.certificatesFile()
}

func (h Host) readCertificates() ([]byte, error) { return os.ReadFile(h.certificatesFile()) }

// configured returns h with the settings of the buildpack and of the platform. vars are the platform's variables.
func (h Host) configured(vars run.Env) (_ Host, err error) {
	in := h.In
	if h.Config, err = config.FromMetadata(in.Buildpack.Metadata, vars); err != nil {
		return h, err
	}
	h.Log.Verbose(h.Config.Log.Verbose)
	if h.Inventory, err = versions.Load(in.Buildpack.Path, os.ReadFile); err != nil {
		return h, err
	}
	downloads := filepath.Join(h.Private, "downloads")
	if h.Fetch, err = fetch.NewFetcher(in.Buildpack, in.Platform.Bindings, downloads); err != nil {
		return h, err
	}
	if h.Platform, err = h.readPlatform(vars); err != nil {
		return h, err
	}
	if h.Tree, err = tree.Open(in.ApplicationPath); err != nil { // last, because the caller closes it
		return h, err
	}
	h.Source = h.Tree.FS()
	return h, nil
}

// readPlatform returns what the environments of commands are made from.
func (h Host) readPlatform(vars run.Env) (environ.Platform, error) {
	bound, err := binding.BuildEnv(h.In.Platform.Bindings)
	p := environ.Platform{
		Vars: environ.Basics(vars, h.Scratch), User: run.Env(h.In.Platform.Environment).Names(), Bound: bound,
		Private: run.Env(h.Access[binding.Node].Vars).Names(), Home: vars["HOME"], Root: h.Root,
		ByteCode: filepath.Join(h.Scratch, "bytecode"),
	}
	if h.Config.SecretKeyPlaceholder {
		p.Placeholder = randomKey()
	}
	return p, err
}

// randomKey returns a value for a SECRET_KEY that is not set. It has 64 characters, because some apps require 50.
func randomKey() string { return (rand.Text() + rand.Text() + rand.Text())[:64] }

// commonKey returns the part of all keys that the platform decides.
func commonKey(in libcnb.BuildContext) layer.Common {
	arch := in.TargetInfo.Arch
	if arch == "" {
		arch = runtime.GOARCH
	}
	distro := in.TargetDistro.Name + " " + in.TargetDistro.Version
	if in.TargetDistro.Name == "" {
		distro = osRelease()
	}
	return layer.Common{Format: layer.Format, Arch: arch, Distro: distro, Layers: in.Layers.Path}
}

// osRelease names the distribution where the platform does not (platform API below 0.12).
// https://www.freedesktop.org/software/systemd/man/latest/os-release.html
func osRelease() string {
	data, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "unknown" // without the file there is nothing to tell apart
	}
	var id, version string
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch value = strings.Trim(value, `"'`); name {
		case "ID":
			id = value
		case "VERSION_ID":
			version = value
		}
	}
	return id + " " + version
}

// freeSpace returns a function that says how much is left where the build writes.
func freeSpace(in libcnb.BuildContext) func() string {
	return steps.FreeSpace(in.Layers.Path, in.ApplicationPath, os.TempDir())
}

// main returns the part of the log that belongs to no installation.
func (h Host) main() *ui.Branch { return h.Log.Branch("") }
