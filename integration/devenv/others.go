package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Optional stands behind the folder of a buildpack that need not take part.
const Optional = "?"

// Behind puts buildpacks, each a folder, before ours in the order. They build first.
func (p *Phases) Behind(folders ...string) error {
	order := "[[order]]\n"
	for _, folder := range folders {
		folder, optional := strings.CutSuffix(folder, Optional)
		id, version, err := identity(folder)
		if err != nil {
			return err
		}
		order += group(id, version)
		if optional {
			order += "optional = true\n"
		}
		if err := copyTree(folder, filepath.Join(p.path("buildpacks"), escaped(id), version), true); err != nil {
			return err
		}
	}
	ours, err := os.ReadFile(p.path("order.toml"))
	if err != nil {
		return err
	}
	return os.WriteFile(p.path("order.toml"), []byte(order+strings.TrimPrefix(string(ours), "[[order]]\n")), 0o644)
}

func group(id, version string) string {
	return fmt.Sprintf("[[order.group]]\nid = %q\nversion = %q\n", id, version)
}

// escaped is how a buildpack's id is written where it names a folder.
// https://github.com/buildpacks/spec/blob/main/platform.md#buildpacks-directory-layout
func escaped(id string) string { return strings.ReplaceAll(id, "/", "_") }

// identity is what a buildpack's folder says of itself.
func identity(folder string) (id, version string, err error) {
	var descriptor struct {
		Buildpack struct{ ID, Version string }
	}
	if _, err := toml.DecodeFile(filepath.Join(folder, "buildpack.toml"), &descriptor); err != nil {
		return "", "", fmt.Errorf("parse buildpack.toml: %w", err)
	}
	return descriptor.Buildpack.ID, descriptor.Buildpack.Version, nil
}

// StandIn completes a stand-in for somebody else's buildpack in the folder to: a copy of from, and runtimes for it to install, of those
// that builds have here: "cpython", "node" or "uv".
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

// Runtime is a folder with the newest of a runtime's default line, unpacked from the archive that builds take here.
func (e *Env) Runtime(ctx context.Context, id string) (string, error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return "", err
	}
	inventory, err := versions.Load(buildpack, os.ReadFile)
	if err != nil {
		return "", err
	}
	ask := versions.Ask{ID: versions.ID(id), First: versions.Request{Want: versions.ID(id).DefaultSeries()}}
	chosen, err := inventory.Choose(ask, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	return e.kept("runtime-"+id+"-"+chosen.Version, func(dir string) error {
		bp := libcnb.Buildpack{Info: libcnb.BuildpackInfo{ID: "tandem/python-node", Version: "0"}, Path: buildpack}
		fetcher, err := fetch.NewFetcher(bp, nil, filepath.Join(e.Home, ".downloads"))
		if err != nil {
			return err
		}
		return fetcher.Install(ctx, chosen.Release, dir, func(string, ...any) {})
	})
}
