package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// demoEnv is the environment of demos: the settings of Django apps need a key.
var demoEnv = map[string]string{"SECRET_KEY": "only-for-a-demo-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"}

// Image builds an image of an app. It is `pack build` with everything made ready.
func (e *Env) Image(ctx context.Context, b Build) error {
	app, remove, err := e.Stage(ctx, b.App)
	if err != nil {
		return err
	}
	b.App = app
	_, err = e.PackBuild(ctx, b)
	return errors.Join(err, remove())
}

// Demo builds an app, starts it and waits for its page. Without a Docker Engine the lifecycle builds and starts it.
func (e *Env) Demo(ctx context.Context, app string, flags []string) error {
	name := "tandem-demo-" + strings.ToLower(filepath.Base(app))
	if err := e.Engine(ctx); errors.Is(err, ErrNoEngine) {
		fmt.Fprintf(e.Log, "%v\n\nWithout one the lifecycle's own programs build and start the app in a directory of "+
			"this machine.\n\n", err)
		return e.demoHere(ctx, app)
	} else if err != nil {
		return err
	}
	if err := e.Image(ctx, Build{App: app, Image: name, Flags: flags}); err != nil {
		return err
	}
	_, _ = e.Docker(ctx, "rm", "--force", name) // of an earlier demo; mostly there is none
	container, err := e.Run(ctx, name, Start{Name: name, Env: demoEnv})
	if err != nil {
		return err
	}
	if _, _, err := Answer(ctx, container.URL+"/"); err != nil {
		logs, _ := container.Logs(ctx) // the other error is the one to read
		return fmt.Errorf("the app gives no page: %w\n%s", err, logs)
	}
	e.tell(container.URL, "docker logs "+name)
	return nil
}

func (e *Env) tell(url, log string) {
	fmt.Fprintf(e.Log, "\nThe app runs at %s/\nIts log: %s\nTo end it: make stop\n", url, log)
}

func (e *Env) demoHere(ctx context.Context, app string) error {
	app, remove, err := e.Stage(ctx, app)
	if err != nil {
		return err
	}
	p, err := e.Phases(ctx)
	if err != nil {
		return errors.Join(err, remove())
	}
	_, err = p.Build(ctx, Build{App: app})
	if err := errors.Join(err, remove()); err != nil {
		return errors.Join(err, p.Close())
	}
	server, err := p.Serve(ctx, "web", demoEnv)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	e.tell(server.URL, p.path("server.log"))
	return os.WriteFile(filepath.Join(e.Home, filepath.Base(p.Dir)+".demo"), fmt.Append(nil, server.pid), 0o644)
}

// stopDemos ends the demos: their containers, and the processes of those without one.
func (e *Env) stopDemos(ctx context.Context) error {
	if ids, err := e.Docker(ctx, "ps", "--all", "--quiet", "--filter", "label="+demoLabel); err == nil && ids != "" {
		_, err := e.Docker(ctx, append([]string{"rm", "--force", "--volumes"}, strings.Fields(ids)...)...)
		if err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(e.Home, "*.demo"))
	for _, file := range files {
		dir := filepath.Join(phasesParent, strings.TrimSuffix(filepath.Base(file), ".demo"))
		pid, readErr := os.ReadFile(file)
		cwd, _ := os.Readlink("/proc/" + string(pid) + "/cwd") // it may have ended, and its ID be another process's
		if strings.HasPrefix(cwd, dir+"/") {
			readErr = e.run(ctx, "", "kill", "-KILL", "--", "-"+string(pid))
		}
		err = errors.Join(err, readErr, os.Remove(file), os.RemoveAll(dir))
	}
	return err
}
