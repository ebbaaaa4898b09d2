package build

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// builder is one build: what it was given, what it found out and what it has made so far.
type builder struct {
	in libcnb.BuildContext
	steps.Dirs
	platform    environ.Platform
	envs        environ.Envs        // of all commands; until read has decided, all of them get all variables
	credentials binding.Credentials // for the package managers, see withCredentials
	trusted     []byte              // certificates in PEM form; empty if only the system's are trusted
	secrets     secrets
	log         *ui.Log
	main        *ui.Branch
	set         *layer.Set
	stop        context.CancelFunc // cancels the background work of set
	reaper      *run.Reaper
	common      layer.Common
	deps        versions.Inventory
	fetcher     fetch.Fetcher
	started     time.Time        // the modification time that every source file gets
	touched     time.Time        // when the sources had got it: newer files come from the build
	now         func() time.Time // for the end of support of a version

	config config.Config // the plan's, once there is one
	app    app.App
	plan   plan.Plan
	pip    pipRead

	python, venv layer.Contents
	runtime      node.Runtime // of Node.js, if it is used
	hookCache    *layer.Made

	pythonInstall
	node node.Result
}

func newBuilder(ctx context.Context, in libcnb.BuildContext, log *ui.Log) (_ *builder, err error) {
	ctx, stop := context.WithCancel(ctx)
	b := &builder{
		in: in, log: log, main: log.Branch(""), common: commonKey(in),
		Dirs: steps.Dirs{
			Root: in.ApplicationPath, Machine: os.DirFS("/"),
			Private: filepath.Join(in.Layers.Path, "private"), Scratch: filepath.Join(os.TempDir(), "tandem"),
		},
		set: layer.NewSet(ctx, in.Layers), stop: stop, reaper: run.NewReaper(),
		now: time.Now,
	}
	defer func() {
		if err != nil {
			err = b.secrets.hidden(b.end(err))
		}
	}()
	if err := errors.Join(b.emptyPrivate(), b.emptyScratch()); err != nil {
		return nil, err
	}
	platform := run.ParseEnv(os.Environ())
	certificates, err := b.readCertificates(platform)
	if err != nil {
		return nil, err
	}
	if b.credentials, err = binding.ReadCredentials(in.Platform.Bindings); err != nil {
		return nil, err
	}
	b.secrets = newSecrets(b.credentials, in.Platform.Bindings, platform)
	b.log.Mask(b.secrets.said.Mask)
	b.set.Guard(b.secrets.shipped)
	if b.config, err = config.FromMetadata(in.Buildpack.Metadata, platform); err != nil {
		return nil, err
	}
	if b.deps, err = versions.Load(in.Buildpack.Path, os.ReadFile); err != nil {
		return nil, err
	}
	downloads := filepath.Join(b.Private, "downloads")
	if b.fetcher, err = fetch.NewFetcher(in.Buildpack, in.Platform.Bindings, downloads); err != nil {
		return nil, err
	}
	if b.platform, err = b.readPlatform(platform, certificates); err != nil {
		return nil, err
	}
	b.envs = environ.Of(b.platform)
	if b.Tree, err = tree.Open(in.ApplicationPath); err != nil { // last, because the caller closes it
		return nil, err
	}
	b.Source = b.Tree.FS()
	return b, nil
}

// readPlatform returns what the environments of commands are made from.
func (b *builder) readPlatform(vars run.Env, certificates map[string]string) (environ.Platform, error) {
	bound, err := binding.BuildEnv(b.in.Platform.Bindings)
	p := environ.Platform{
		Vars: environ.Basics(vars, b.Scratch).With(certificates), User: run.Env(b.in.Platform.Environment).Names(),
		Bound: bound, Private: run.Env(b.credentials[binding.Node].Vars).Names(), Home: vars["HOME"], Root: b.Root,
	}
	if b.config.SecretKeyPlaceholder {
		p.Placeholder = randomKey()
	}
	return p, err
}

// readCertificates returns the variables by which tools find the certificates that they must trust.
func (b *builder) readCertificates(platform run.Env) (vars map[string]string, err error) {
	file := b.certificatesFile()
	vars, err = binding.Certificates(b.in.Platform.Bindings, platform, file)
	if err != nil || vars == nil {
		return nil, err
	}
	b.trusted, err = os.ReadFile(file)
	return vars, err
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
