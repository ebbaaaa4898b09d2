package devenv

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// ErrNoRootless is the error of Rootless if an ordinary user cannot run containers here.
var ErrNoRootless = errors.New("no rootless containers")

// Rootless is an ordinary user who can run container engines.
type Rootless struct {
	Home string // the user's
	env  *Env
	user string
	vars run.Env
}

// Rootless installs the engines and makes the user. The caller must call Close.
func (e *Env) Rootless(ctx context.Context) (*Rootless, error) {
	r, err := e.makeRootless(ctx)
	if err != nil {
		return nil, &fail.Error{
			ID: "devenv/no-rootless", What: "An ordinary user cannot run containers here", Why: err.Error(),
			Fix: fail.Fix{fail.Say{Text: "Run the command as root on Debian or Ubuntu, on a kernel with user " +
				"namespaces, and let apt-get reach its packages."}},
			Err: errors.Join(ErrNoRootless, err),
		}
	}
	return r, nil
}

func (e *Env) makeRootless(ctx context.Context) (*Rootless, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("only root can make the user")
	}
	for _, program := range [][2]string{
		{"podman", "podman"}, {"runc", "runc"}, {"dockerd", "docker.io"}, {"iptables", "iptables"},
		{"rootlesskit", "rootlesskit"}, {"newuidmap", "uidmap"}, {"slirp4netns", "slirp4netns"}, {"ps", "procps"},
	} {
		if err := e.Need(ctx, program[0], program[1]); err != nil {
			return nil, err
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
		return nil, errors.Join(err, r.Close(ctx))
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

// Run runs argv as the user, with vars in addition to Vars.
func (r *Rootless) Run(ctx context.Context, vars map[string]string, argv ...string) error {
	sh := run.Shell{Dir: r.Home, Env: r.vars.With(vars)}.Quiet()
	return told(sh.Run(ctx, r.As(argv...)...))
}
