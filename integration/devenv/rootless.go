package devenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// ErrNoRootless is the error of Rootless if an ordinary user cannot run containers here.
var ErrNoRootless = errors.New("no rootless containers")

func noRootless(why string, cause error) error {
	return &fail.Error{
		ID:   "devenv/no-rootless",
		What: "An ordinary user cannot run containers here",
		Why:  why,
		Fix: fail.Fix{fail.Say{Text: "Run the command as root on Debian or Ubuntu, on a kernel with user namespaces, " +
			"and let apt-get reach its packages."}},
		Err: errors.Join(ErrNoRootless, cause),
	}
}

// RootlessEngine is a program that ordinary users run containers with.
type RootlessEngine struct {
	Client string
	Socket string   // below XDG_RUNTIME_DIR
	Try    []string // a command that works if the kernel lets the user have namespaces
}

// The engines of docs/platforms/podman.md.
var (
	Podman         = RootlessEngine{"podman", "podman/podman.sock", []string{"podman", "unshare", "true"}}
	RootlessDocker = RootlessEngine{"docker", "docker.sock", []string{"rootlesskit", "true"}}
)

// Rootless is an ordinary user who can run container engines.
type Rootless struct {
	Home string // the user's
	env  *Env
	user string
	vars run.Env
}

// Rootless installs the engines and makes the user. The caller must call Close.
func (e *Env) Rootless(ctx context.Context) (*Rootless, error) {
	if os.Geteuid() != 0 {
		return nil, noRootless("Only root can make the user.", nil)
	}
	for _, program := range [][2]string{
		{"podman", "podman"}, {"runc", "runc"}, {"dockerd", "docker.io"}, {"iptables", "iptables"},
		{"rootlesskit", "rootlesskit"}, {"newuidmap", "uidmap"}, {"slirp4netns", "slirp4netns"}, {"ps", "procps"},
	} {
		if err := e.Need(ctx, program[0], program[1]); err != nil {
			return nil, noRootless(err.Error(), err)
		}
	}
	name := "tandem-" + strings.ToLower(rand.Text()[:8])
	r := &Rootless{Home: filepath.Join(phasesParent, name), env: e, user: name}
	r.vars = run.Env{ // contrib has the script that starts Docker for an ordinary user
		"HOME": r.Home, "USER": name, "LANG": "C.UTF-8", "NO_COLOR": "1", "TMPDIR": filepath.Join(r.Home, "tmp"),
		"XDG_RUNTIME_DIR": filepath.Join(r.Home, "run"), "PATH": filepath.Join(r.Home, "bin") +
			":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/share/docker.io/contrib",
	}
	if err := e.run(ctx, "", r.script("up"), name, r.Home); err != nil {
		return nil, errors.Join(noRootless(err.Error(), err), r.Close(ctx))
	}
	return r, nil
}

func (r *Rootless) script(name string) string {
	return filepath.Join(r.env.Root, "integration/devenv/rootless-"+name+".sh")
}

// Close ends all that runs as the user, and removes the user with the home.
func (r *Rootless) Close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // a test's context is done before its Cleanup
	return r.env.run(ctx, "", r.script("down"), r.user, r.Home)
}

// As returns the command argv as the user. Its environment must be Vars.
func (r *Rootless) As(argv ...string) []string {
	return append([]string{"setpriv", "--reuid=" + r.user, "--regid=" + r.user, "--init-groups"}, argv...)
}

// Vars returns the user's environment.
func (r *Rootless) Vars() []string { return r.vars.List() }

// run runs argv as the user, with the engine of that socket as the one of Docker's client.
func (r *Rootless) run(ctx context.Context, of RootlessEngine, argv ...string) error {
	socket := filepath.Join(r.vars["XDG_RUNTIME_DIR"], of.Socket)
	sh := run.Shell{Dir: r.Home, Env: r.vars.With(run.Env{"DOCKER_HOST": "unix://" + socket})}
	return told(sh.Quiet().Run(ctx, r.As(argv...)...))
}

// Start runs a script that starts the engine in the background, and waits until it answers.
func (r *Rootless) Start(ctx context.Context, of RootlessEngine, script string) error {
	if err := r.run(ctx, of, of.Try...); err != nil {
		return noRootless(fmt.Sprintf("`%s` as an ordinary user: %v", strings.Join(of.Try, " "), err), err)
	}
	log := filepath.Join(r.Home, of.Client+".log")
	err := r.run(ctx, of, "bash", "-euc", "exec >"+log+" 2>&1\n"+script)
	if err == nil {
		err = wait(ctx, func() error { return r.run(ctx, of, "docker", "version") })
	}
	if err != nil {
		return fmt.Errorf("start %s: %w\n%s", of.Client, err, tail(log, 20))
	}
	return nil
}

// Load gives the user images of the Docker Engine, under other names.
func (r *Rootless) Load(ctx context.Context, of RootlessEngine, names map[string]string) error {
	archive := filepath.Join(r.Home, "images.tar")
	defer os.Remove(archive)
	save := []string{"image", "save", "--output", archive}
	for image := range names {
		save = append(save, image)
	}
	if _, err := r.env.Docker(ctx, save...); err != nil {
		return err
	}
	err := errors.Join(os.Chmod(archive, 0o644), r.run(ctx, of, of.Client, "load", "--quiet", "--input", archive))
	for image, name := range names {
		err = errors.Join(err, r.run(ctx, of, of.Client, "tag", image, name))
	}
	return err
}
