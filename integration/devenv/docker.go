package devenv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// ErrNoEngine is the error of Engine if no Docker Engine runs and none can be started. Callers may go on without one.
var ErrNoEngine = errors.New("no Docker Engine")

func noEngine(why string, cause error) error {
	return &fail.Error{
		ID:   "devenv/no-engine",
		What: "There is no Docker Engine and none can be started",
		Why:  why,
		Fix:  fail.Fix{fail.Say{Text: "Start Docker (or set DOCKER_HOST to one that runs) and run the command again."}},
		Err:  errors.Join(ErrNoEngine, cause),
	}
}

// Engine makes sure that a Docker Engine answers. As root on Debian and Ubuntu it installs and starts one, which
// outlives this process until Stop.
func (e *Env) Engine(ctx context.Context) error {
	if e.engineAnswers(ctx) {
		return nil
	}
	switch {
	case e.vars["DOCKER_HOST"] != "":
		return noEngine("DOCKER_HOST is "+e.vars["DOCKER_HOST"]+" and nothing answers there.", nil)
	case runtime.GOOS != "linux" || os.Geteuid() != 0:
		return noEngine("`docker version` gets no answer, and only root on Linux can start one here.", nil)
	}
	for _, program := range [][2]string{{"dockerd", "docker.io"}, {"iptables", "iptables"}, {"docker", "docker.io"}} {
		if err := e.Need(ctx, program[0], program[1]); err != nil {
			return noEngine(err.Error(), err)
		}
	}
	if e.engineAnswers(ctx) { // the package's installation may have started it
		return nil
	}
	if err := e.step("start a Docker Engine", func() error { return e.engine(ctx, "start") }); err != nil {
		return noEngine(err.Error(), err)
	}
	return nil
}

func (e *Env) engineAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := e.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	return err == nil
}

func (e *Env) engine(ctx context.Context, command string) error {
	return e.run(ctx, "", filepath.Join(e.Root, "integration/devenv/engine.sh"), command, e.Home)
}

// Stop ends what this package started: the demos, and the Docker Engine if it is ours.
func (e *Env) Stop(ctx context.Context) error {
	if err := e.stopDemos(ctx); err != nil || runtime.GOOS != "linux" {
		return err
	}
	return e.engine(ctx, "stop")
}
