package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cacheVolumes are those that pack keeps for an image.
func (e *Env) cacheVolumes(ctx context.Context, image string) ([]string, error) {
	names, err := e.output(ctx, "", "docker", "volume", "ls", "--quiet", "--filter", "name=pack-cache-library_"+image+"_latest")
	if err == nil && strings.TrimSpace(names) == "" { // pack spells some names in another way
		err = fmt.Errorf("pack has no cache for %s", image)
	}
	return strings.Fields(names), err
}

// KillBuild ends the containers in which image is being built, with SIGKILL. A pack that was killed itself leaves them
// running, and what it would have removed after them is removed here.
func (e *Env) KillBuild(ctx context.Context, image string) error {
	volumes, err := e.cacheVolumes(ctx, image)
	for _, volume := range volumes {
		containers, failed := e.output(ctx, "", "docker", "ps", "--all", "--quiet", "--filter", "volume="+volume)
		err = errors.Join(err, failed)
		for _, id := range strings.Fields(containers) {
			err = errors.Join(err, e.killContainer(ctx, id))
		}
	}
	return err
}

func (e *Env) killContainer(ctx context.Context, id string) error {
	used, err := e.output(ctx, "", "docker", "inspect", "--format", "{{.Config.Image}}{{range .Mounts}} {{.Name}}{{end}}", id)
	if err != nil {
		return err
	}
	if err := e.run(ctx, "", "docker", "rm", "--force", "--volumes", id); err != nil {
		return err
	}
	for _, name := range strings.Fields(used) {
		switch {
		case strings.HasPrefix(name, "pack.local/builder/"):
			err = errors.Join(err, e.run(ctx, "", "docker", "image", "rm", name))
		case strings.HasPrefix(name, "pack-layers-"), strings.HasPrefix(name, "pack-app-"):
			err = errors.Join(err, e.run(ctx, "", "docker", "volume", "rm", name))
		}
	}
	return err
}

// Kill ends, with SIGKILL, all processes that work in the folder: what a container's end does to them.
func (p *Phases) Kill() error {
	for {
		processes, err := filepath.Glob("/proc/[0-9]*")
		if err != nil {
			return err
		}
		alive := false
		for _, process := range processes {
			cwd, _ := os.Readlink(process + "/cwd") // it may have ended, or not be ours
			pid, _ := strconv.Atoi(filepath.Base(process))
			if pid > 1 && within(cwd, p.Dir) && cwd != "" {
				alive = true
				_ = syscall.Kill(pid, syscall.SIGKILL) // it may end meanwhile
			}
		}
		if !alive {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
}
