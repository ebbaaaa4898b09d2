package devenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// noRootlessID marks the one error after which a caller can go on without rootless containers.
const noRootlessID = "devenv/no-rootless"

// NoRootless says whether err means that an ordinary user cannot run containers here.
func NoRootless(err error) bool {
	found, ok := fail.User(err)
	return ok && found.ID == noRootlessID
}

func noRootless(why string, cause error) error {
	return &fail.Error{
		ID:   noRootlessID,
		What: "An ordinary user cannot run containers here",
		Why:  why,
		Fix:  fail.Text("Run the command as root on Debian or Ubuntu, on a kernel with user namespaces, and let apt-get reach its packages."),
		Err:  cause,
	}
}

// Rootless is a container engine of an ordinary user, who is made for it and removed with it.
type Rootless struct {
	Home string // the user's
	engine
	env  *Env
	user string
	vars run.Env
	tun  fs.FileMode // of the device before; 0 where nothing was changed
}

// engine is a program that ordinary users run containers with.
type engine struct {
	client   string
	socket   string            // below XDG_RUNTIME_DIR
	try      []string          // works where the kernel lets the user have namespaces
	programs [][]string        // each with the Debian package that has it
	config   map[string]string // files of .config
}

// podman runs containers with runc, which takes any kind of cgroups: Debian 12's crun refuses two versions side by side. Of the file
// systems Debian 12's takes the slow one, vfs, by itself.
var podman = engine{
	client: "podman", socket: "podman/podman.sock", try: []string{"podman", "unshare", "true"},
	programs: [][]string{{"podman", "podman"}, {"newuidmap", "uidmap"}, {"slirp4netns", "slirp4netns"}, {"runc", "runc"}},
	config: map[string]string{
		"containers/containers.conf": "[engine]\nruntime = \"runc\"\n", "containers/storage.conf": "[storage]\ndriver = \"overlay\"\n",
	},
}

var rootlessDocker = engine{
	client: "docker", socket: "docker.sock", try: []string{"rootlesskit", "true"},
	programs: [][]string{{"dockerd", "docker.io"}, {"rootlesskit", "rootlesskit"}, {"newuidmap", "uidmap"}, {"slirp4netns", "slirp4netns"}, {"iptables", "iptables"}},
}

// RootlessPodman makes an ordinary user who can start Podman's service. Whoever calls it calls Close.
func (e *Env) RootlessPodman(ctx context.Context) (*Rootless, error) { return e.rootless(ctx, podman) }

// RootlessDocker makes an ordinary user who can start a Docker Engine. Whoever calls it calls Close.
func (e *Env) RootlessDocker(ctx context.Context) (*Rootless, error) {
	return e.rootless(ctx, rootlessDocker)
}

func (e *Env) rootless(ctx context.Context, of engine) (*Rootless, error) {
	if os.Geteuid() != 0 {
		return nil, noRootless("Only root can make the user.", nil)
	}
	for _, program := range of.programs {
		if err := e.need(ctx, program[0], program[1]); err != nil {
			return nil, noRootless(err.Error(), err)
		}
	}
	r := &Rootless{engine: of, env: e}
	if err := r.makeUser(ctx); err != nil {
		return nil, errors.Join(err, r.Close(ctx))
	}
	if err := r.openTun(); err != nil {
		return nil, errors.Join(err, r.Close(ctx))
	}
	if _, err := r.output(ctx, r.try...); err != nil {
		return nil, errors.Join(noRootless(fmt.Sprintf("`%s` as an ordinary user: %v", strings.Join(r.try, " "), err), err), r.Close(ctx))
	}
	return r, nil
}

// output runs argv as the user and returns what it wrote to its standard output.
func (r *Rootless) output(ctx context.Context, argv ...string) (string, error) {
	sh := run.Shell{Dir: r.Home, Env: r.vars.With(run.Env{"DOCKER_HOST": "unix://" + r.address()}), Out: r.env.Log}
	out, err := sh.Quiet().Output(ctx, r.As(argv...)...)
	return out, told(err)
}

func (r *Rootless) address() string { return filepath.Join(r.vars["XDG_RUNTIME_DIR"], r.socket) }

// As is the command argv as the user, to be run with the environment Vars.
func (r *Rootless) As(argv ...string) []string {
	return append([]string{"setpriv", "--reuid=" + r.user, "--regid=" + r.user, "--init-groups"}, argv...)
}

// Vars is the user's environment.
func (r *Rootless) Vars() []string { return r.vars.List() }

// Start runs a script that starts the engine in the background, and waits until it answers.
func (r *Rootless) Start(ctx context.Context, script string) error {
	log := filepath.Join(r.Home, "engine.log")
	if _, err := r.output(ctx, "bash", "-euc", "exec >"+log+" 2>&1\n"+script); err != nil {
		return fmt.Errorf("%w\n%s", err, tail(log, 20))
	}
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", r.address())
	}}}
	var err error
	for range 60 {
		var answer *http.Response
		if answer, err = client.Get("http://engine/_ping"); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s gives no answer: %w\n%s", r.client, err, tail(log, 20))
}

// Load gives the user images of the Docker Engine, under other names.
func (r *Rootless) Load(ctx context.Context, names map[string]string) error {
	archive := filepath.Join(r.Home, "images.tar")
	defer os.Remove(archive)
	argv := []string{"docker", "image", "save", "--output", archive}
	for image := range names {
		argv = append(argv, image)
	}
	if err := r.env.run(ctx, "", argv...); err != nil {
		return err
	}
	if err := os.Chmod(archive, 0o644); err != nil {
		return err
	}
	if _, err := r.output(ctx, r.client, "load", "--quiet", "--input", archive); err != nil {
		return err
	}
	for image, name := range names {
		if _, err := r.output(ctx, r.client, "tag", image, name); err != nil {
			return err
		}
	}
	return nil
}
