package devenv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/run"
)

// phasesParent is not the directory for temporary files: a build gets another one over that.
const phasesParent = "/var/tmp"

// Phases is a directory in which the lifecycle's own detector, builder and launcher run without a daemon, as an
// unprivileged user. Without a daemon there is no image, so no restored launch layers, and no other root file system.
type Phases struct {
	Dir    string // contains app, layers, platform, buildpacks, ...
	Layers string // our buildpack's layers
	NoNet  bool   // builds have no network at all, which requires root

	env       *Env
	buildpack string   // ours
	prefix    []string // what makes a command run as an unprivileged user with a /tmp of its own
}

// Phases makes such a directory with a directory of our buildpack, "" for that of Buildpack. Close removes it.
func (e *Env) Phases(ctx context.Context, buildpack string) (p *Phases, err error) {
	if buildpack == "" {
		if buildpack, err = e.Buildpack(ctx); err != nil {
			return nil, err
		}
	}
	lifecycle, err := e.Lifecycle(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(cmp.Or(e.Scratch, phasesParent), "tandem-phases-")
	if err != nil {
		return nil, err
	}
	p = &Phases{Dir: dir, env: e, buildpack: buildpack}
	p.prefix = e.unprivileged(ctx, p.path("tmp"))
	// The programs are copied, as the buildpack is: another user may not be allowed to read Home.
	err = errors.Join(os.Chmod(p.Dir, 0o755), p.empty("home", "tmp", "layers"),
		copyTree(lifecycle, p.path("lifecycle"), true), p.Behind())
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close removes the directory.
func (p *Phases) Close() error { return os.RemoveAll(p.Dir) }

func (p *Phases) path(name string) string { return filepath.Join(p.Dir, name) }

// Optional marks, after the directory of a buildpack, that detection passes without it.
const Optional = "?"

// Behind makes an order of buildpacks, each a directory, with ours behind them.
func (p *Phases) Behind(buildpacks ...string) error {
	order := "[[order]]\n"
	for _, dir := range append(buildpacks[:len(buildpacks):len(buildpacks)], p.buildpack) {
		dir, optional := strings.CutSuffix(dir, Optional)
		id, version, err := identity(dir)
		if err != nil {
			return err
		}
		order += fmt.Sprintf("[[order.group]]\nid = %q\nversion = %q\noptional = %t\n", id, version, optional)
		// https://github.com/buildpacks/spec/blob/main/platform.md#buildpacks-directory-layout
		escaped := strings.ReplaceAll(id, "/", "_")
		p.Layers = p.path("layers/" + escaped) // of the last one
		target := p.path("buildpacks/" + escaped + "/" + version)
		if err := errors.Join(os.RemoveAll(target), copyTree(dir, target, true)); err != nil {
			return err
		}
	}
	return os.WriteFile(p.path("order.toml"), []byte(order), 0o644)
}

// empty makes directories of the build's user, without what was in them.
func (p *Phases) empty(names ...string) error {
	for _, name := range names {
		err := errors.Join(os.RemoveAll(p.path(name)), os.Mkdir(p.path(name), 0o755))
		if err := errors.Join(err, p.own(p.path(name))); err != nil {
			return err
		}
	}
	return nil
}

// Build runs detector and builder on a fresh copy of b.App and returns what they printed, which also goes to the
// environment's Log. b.Image, b.Flags and b.ClearCache are ignored.
func (p *Phases) Build(ctx context.Context, b Build) (log string, err error) {
	if err := p.fresh(b); err != nil {
		return "", err
	}
	alone := p.prefix
	if p.NoNet {
		alone = append([]string{"unshare", "--net"}, alone...)
	}
	var kept strings.Builder
	sh := p.shell(b.watched(p.env.Log, &kept))
	for _, phase := range [][]string{{"detector", "-order", p.path("order.toml")}, {"builder"}} {
		argv := append(alone[:len(alone):len(alone)], filepath.Join(p.path("lifecycle"), phase[0]))
		argv = append(argv, phase[1:]...)
		argv = append(argv, "-app", p.path("app"), "-layers", p.path("layers"), "-platform", p.path("platform"),
			"-buildpacks", p.path("buildpacks"), "-analyzed", p.path("work/analyzed.toml"),
			"-group", p.path("work/group.toml"), "-plan", p.path("work/plan.toml"))
		if err := sh.Run(ctx, argv...); err != nil {
			return kept.String(), err
		}
	}
	return kept.String(), nil
}

// fresh makes the app, the variables and the bindings of one build.
func (p *Phases) fresh(b Build) error {
	bindings, err := p.env.bindings(b.Bindings)
	if err != nil {
		return err
	}
	project, err := config.ReadProject(os.DirFS(b.App))
	if err != nil {
		return err
	}
	err = errors.Join(p.empty("work", "app", "platform", "platform/env"), copyTree(b.App, p.path("app"), false),
		os.WriteFile(p.path("work/analyzed.toml"), nil, 0o644))
	for name, dir := range bindings {
		err = errors.Join(err, copyTree(dir, p.path("platform/bindings/"+name), false))
	}
	for name, value := range run.Env(project.Env).With(b.Env) {
		err = errors.Join(err, os.WriteFile(p.path("platform/env/"+name), []byte(value), 0o644))
	}
	return errors.Join(err, p.own(p.path("work")), p.own(p.path("app")))
}

// shell has no more of this machine's environment than a container would get from pack.
func (p *Phases) shell(out io.Writer) run.Shell {
	env := run.Env{
		"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": p.path("home"),
		"LANG": "C.UTF-8", "CNB_PLATFORM_API": lifecycleAPIs[len(lifecycleAPIs)-1], "CNB_NO_COLOR": "true",
		"CNB_LAYERS_DIR": p.path("layers"), "CNB_APP_DIR": p.path("app"),
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"} {
		if value, set := p.env.vars[name]; set {
			env[name] = value
		}
	}
	return run.Shell{Dir: p.Dir, Env: env, Out: out}
}

// own gives a directory with everything in it to the user that builds, if this process may.
func (p *Phases) own(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, cnbID, cnbID))
	})
}

// unprivileged returns what to put before a command. The lifecycle refuses to build as root. Builds use the same
// directory below /tmp, so two at a time need a /tmp each, which root can give them in a mount namespace.
func (e *Env) unprivileged(ctx context.Context, tmp string) []string {
	if os.Geteuid() != 0 {
		return nil
	}
	user := []string{"setpriv", fmt.Sprintf("--reuid=%d", cnbID), fmt.Sprintf("--regid=%d", cnbID), "--clear-groups"}
	if e.run(ctx, "", "unshare", "--mount", "true") != nil {
		return user
	}
	return append([]string{"unshare", "--mount", "sh", "-c", `mount --bind "$0" /tmp && exec "$@"`, tmp}, user...)
}
