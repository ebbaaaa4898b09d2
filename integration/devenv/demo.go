package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// demoEnv is what demos run with: settings that ask for a key get one.
var demoEnv = map[string]string{"SECRET_KEY": "only-for-a-demo-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"}

// Image builds an image of an app; it is `pack build` with everything made ready.
func (e *Env) Image(ctx context.Context, b Build) error {
	app, remove, err := e.Stage(ctx, b.App)
	if err != nil {
		return err
	}
	defer remove()
	b.App = app
	_, err = e.PackBuild(ctx, b)
	return err
}

// Demo builds an app, starts it and waits for its page. Without a Docker Engine the lifecycle itself builds and starts it here.
func (e *Env) Demo(ctx context.Context, app string, flags []string) error {
	name := "tandem-demo-" + strings.ToLower(filepath.Base(app))
	if err := e.Engine(ctx); NoEngine(err) {
		fmt.Fprintf(e.Log, "%v\n\nWithout one the lifecycle's own programs build and start the app in a folder of this machine.\n\n", err)
		return e.demoHere(ctx, app)
	} else if err != nil {
		return err
	}
	if err := e.Image(ctx, Build{App: app, Image: name, Flags: flags}); err != nil {
		return err
	}
	_ = e.run(ctx, "", "docker", "rm", "--force", name) // an earlier demo's; mostly there is none
	container, err := e.Run(ctx, name, Start{Name: name, Env: demoEnv})
	if err != nil {
		return err
	}
	if _, _, err := Answer(ctx, container.URL+"/"); err != nil {
		logs, _ := container.Logs(ctx) // the other error is the one to read
		return fmt.Errorf("the app gives no page: %w\n%s", err, logs)
	}
	fmt.Fprintf(e.Log, "\nThe app runs at %s/\nIts log: docker logs %s\nTo end it: make stop\n", container.URL, name)
	return nil
}

func (e *Env) demoHere(ctx context.Context, app string) error {
	app, remove, err := e.Stage(ctx, app)
	if err != nil {
		return err
	}
	defer remove()
	p, err := e.Phases(ctx)
	if err != nil {
		return err
	}
	if _, err := p.Build(ctx, Build{App: app}); err != nil {
		return errors.Join(err, p.Close())
	}
	server, err := p.Serve(ctx, "web", demoEnv)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	if err := os.WriteFile(filepath.Join(e.Home, filepath.Base(p.Dir)+".demo"), fmt.Append(nil, -server.pid), 0o644); err != nil {
		return errors.Join(err, server.Stop(ctx), p.Close())
	}
	fmt.Fprintf(e.Log, "\nThe app runs at %s/\nIts log: %s\nTo end it: make stop\n", server.URL, p.path("server.log"))
	return nil
}

// stopDemos ends the demos' containers, and the processes of demos without one.
func (e *Env) stopDemos(ctx context.Context) error {
	if ids, err := e.output(ctx, "", "docker", "ps", "--all", "--quiet", "--filter", "label="+demoLabel); err == nil && ids != "" {
		if err := e.run(ctx, "", append([]string{"docker", "rm", "--force", "--volumes"}, strings.Fields(ids)...)...); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(e.Home, "*.demo"))
	for _, file := range files {
		dir := filepath.Join(phasesParent, strings.TrimSuffix(filepath.Base(file), ".demo"))
		worksThere := func(group int) bool {
			cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", -group))
			return err == nil && within(cwd, dir)
		}
		err = errors.Join(err, endProcess(ctx, file, worksThere), os.RemoveAll(dir))
	}
	return err
}
