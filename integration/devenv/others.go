package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// Optional marks, after the directory of a buildpack, that detection passes without it.
const Optional = "?"

// Behind puts buildpacks, each a directory, before ours in the order.
func (p *Phases) Behind(buildpacks ...string) error {
	order := "[[order]]\n"
	for _, dir := range buildpacks {
		dir, optional := strings.CutSuffix(dir, Optional)
		id, version, err := identity(dir)
		if err != nil {
			return err
		}
		order += group(id, version)
		if optional {
			order += "optional = true\n"
		}
		if err := copyTree(dir, filepath.Join(p.path("buildpacks"), escaped(id), version), true); err != nil {
			return err
		}
	}
	ours, err := os.ReadFile(p.path("order.toml"))
	if err != nil {
		return err
	}
	order += strings.TrimPrefix(string(ours), "[[order]]\n")
	return os.WriteFile(p.path("order.toml"), []byte(order), 0o644)
}

func group(id, version string) string {
	return fmt.Sprintf("[[order.group]]\nid = %q\nversion = %q\n", id, version)
}

// escaped returns a buildpack's ID as the name of a directory.
// https://github.com/buildpacks/spec/blob/main/platform.md#buildpacks-directory-layout
func escaped(id string) string { return strings.ReplaceAll(id, "/", "_") }

// identity returns the ID and version in the buildpack.toml of a directory.
func identity(dir string) (id, version string, err error) {
	var descriptor struct {
		Buildpack struct{ ID, Version string }
	}
	if _, err := toml.DecodeFile(filepath.Join(dir, "buildpack.toml"), &descriptor); err != nil {
		return "", "", fmt.Errorf("parse buildpack.toml: %w", err)
	}
	return descriptor.Buildpack.ID, descriptor.Buildpack.Version, nil
}

// StandIn makes, in the directory to, a stand-in for another project's buildpack: a copy of from, and runtimes
// ("cpython", "node" or "uv") that it installs.
func (e *Env) StandIn(ctx context.Context, from, to string, runtimes ...string) error {
	if err := copyTree(from, to, false); err != nil {
		return err
	}
	for _, id := range runtimes {
		dir, err := e.Runtime(ctx, id)
		if err != nil {
			return err
		}
		if err := copyTree(dir, filepath.Join(to, id), true); err != nil {
			return err
		}
	}
	return nil
}

// Runtime returns a directory with the latest release of a runtime's default series, as builds install it here.
func (e *Env) Runtime(ctx context.Context, id string) (string, error) {
	inventory, fetcher, err := e.offered(ctx)
	if err != nil {
		return "", err
	}
	ask := versions.Ask{ID: versions.ID(id), First: versions.Request{Want: versions.ID(id).DefaultSeries()}}
	chosen, err := inventory.Choose(ask, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	return e.kept("runtime-"+id+"-"+chosen.Version, func(dir string) error {
		_, err := fetcher.Install(ctx, chosen.Release, dir, func(string, ...any) {})
		return err
	})
}
