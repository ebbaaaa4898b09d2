package build

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// builder is one build: what it was given, what it found out and what it has made so far.
type builder struct {
	in          libcnb.BuildContext
	root        string     // the app's directory
	tree        *tree.Tree // the same directory: all reads and changes go through it
	source      fs.FS      // tree's, for reading
	private     string     // the directory that only the build writes to, see private.go
	scratch     string     // the directory that commands of the app may write to
	env         run.Env
	home        string              // the platform's HOME
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

	config  config.Config // the plan's, once there is one
	app     app.App
	plan    plan.Plan
	appOnly run.Env // variables that only the app's own steps get, see sortVariables
	machine fs.FS   // the root of the file system, for the limits of the container

	python, venv layer.Contents
	nodeKey      nodeKey
	node         layer.Contents // nil if Node.js is not used
	headers      layer.Contents // headers of Node.js, for compiling
	hookCache    *layer.Made
	buildEnv     map[string]string // variables of bindings, for the app's own steps

	pythonInstall
	nodeInstall
}

func newBuilder(ctx context.Context, in libcnb.BuildContext, log *ui.Log) (_ *builder, err error) {
	ctx, stop := context.WithCancel(ctx)
	b := &builder{
		in: in, root: in.ApplicationPath, log: log, main: log.Branch(""), common: commonKey(in),
		private: filepath.Join(in.Layers.Path, "private"), scratch: filepath.Join(os.TempDir(), "tandem"),
		set: layer.NewSet(ctx, in.Layers), stop: stop, reaper: run.NewReaper(),
		now: time.Now, machine: os.DirFS("/"),
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
	downloads := filepath.Join(b.private, "downloads")
	if b.fetcher, err = fetch.NewFetcher(in.Buildpack, in.Platform.Bindings, downloads); err != nil {
		return nil, err
	}
	if b.buildEnv, err = binding.BuildEnv(in.Platform.Bindings); err != nil {
		return nil, err
	}
	b.env, b.home = toolEnv(platform, b.scratch).With(certificates), platform["HOME"]
	if b.tree, err = tree.Open(in.ApplicationPath); err != nil { // last, because the caller closes it
		return nil, err
	}
	b.source = b.tree.FS()
	return b, nil
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

// toolEnv is what every command of the build gets: the platform's and earlier buildpacks' variables, and a home that can be written to.
func toolEnv(env run.Env, scratch string) run.Env {
	return env.With(map[string]string{
		"PATH":                    withBasics(env["PATH"]),
		"HOME":                    filepath.Join(scratch, "home"),
		"PYTHONDONTWRITEBYTECODE": "1",                                // byte code is made once, with the layer; written by a step it would change the layer
		"npm_config_logs_dir":     filepath.Join(scratch, "npm-logs"), // else in its cache, which an app may have in its folder and ship
	})
}

// withBasics is a PATH with the folders of the usual programs: bash and env, of hooks and npm's scripts, are there.
func withBasics(path string) string {
	folders := filepath.SplitList(path)
	for _, folder := range []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"} {
		if !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	return strings.Join(folders, string(os.PathListSeparator))
}

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
