package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// targets are the architectures the buildpack is made for, in the words of Go and of buildpack.toml's [[targets]].
var targets = []string{"amd64", "arm64"}

// Dist makes the buildpack's directory for each architecture, dist/linux-amd64 and dist/linux-arm64, and returns dist.
func (e *Env) Dist(ctx context.Context, only string) (string, error) {
	dist := filepath.Join(e.Root, "dist")
	for _, arch := range targets {
		dir := filepath.Join(dist, "linux-"+arch)
		if err := e.DistFor(ctx, arch, dir, only); err != nil {
			return "", err
		}
		if err := copyFiles(e.Root, dir, []string{"LICENSE", "README.md"}); err != nil {
			return "", err
		}
	}
	return dist, nil
}

// DistFor makes the part of the buildpack's directory that runs, for one architecture: a static program with no trace
// of this machine, links to it, and the runtimes of only; with "" it has none, and builds download them.
func (e *Env) DistFor(ctx context.Context, arch, dir, only string) error {
	err := errors.Join(os.RemoveAll(dir), copyFiles(e.Root, dir, []string{"buildpack.toml"}))
	if err != nil {
		return err
	}
	program := filepath.Join(dir, "bin/build")
	err = e.Step("compile the buildpack for "+arch, func() error {
		sh := e.shell(e.Root, run.Env{"CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": arch})
		return told(sh.Run(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", program,
			"./cmd/main"))
	})
	if err != nil {
		return err
	}
	err = errors.Join(os.Symlink("build", filepath.Join(dir, "bin/detect")),
		os.Symlink("build", filepath.Join(dir, "bin/tandem")))
	if err != nil || only == "" {
		return err
	}
	return e.carry(ctx, arch, dir, only)
}

// Buildpack returns the buildpack's directory as demos and tests use it: for this machine's architecture and, if the
// vendors do not answer, with all that Archives has. It is compiled once for e.
func (e *Env) Buildpack(ctx context.Context) (string, error) {
	return e.buildpack.get(func() (string, error) { return e.makeBuildpack(ctx) })
}

// BuildpackOf does for another checkout of this repository what Buildpack does for this one.
func (e *Env) BuildpackOf(ctx context.Context, root string) (string, error) {
	other := &Env{Root: root, Home: e.Home, Log: e.Log, vars: e.vars}
	return other.makeBuildpack(ctx)
}

func (e *Env) makeBuildpack(ctx context.Context) (dir string, err error) {
	archives, err := e.Archives(ctx)
	if err != nil {
		return "", err
	}
	err = e.scratch(func(plain string) error {
		if err := e.DistFor(ctx, runtime.GOARCH, plain, ""); err != nil {
			return err
		}
		sum, err := dirhash.HashDir(plain, filepath.Base(archives), dirhash.Hash1)
		if err != nil {
			return err
		}
		dir, err = e.Kept(filepath.Join("buildpack", inputs(sum)[:16]), func(dir string) error {
			if err := copyTree(plain, dir, true); err != nil || archives == "" {
				return err
			}
			return copyTree(archives, dir, true)
		})
		if err := errors.Join(err, os.Chtimes(dir, time.Time{}, time.Now())); err != nil {
			return err
		}
		// Another process may use those of today.
		return e.run(ctx, "", "find", filepath.Dir(dir), "-mindepth", "1", "-maxdepth", "1", "-mtime", "+0",
			"-exec", "rm", "-rf", "{}", "+")
	})
	return dir, err
}

// carried returns what an offline buildpackage must have, from "python@3.13,node@24": the latest of each series, and
// uv.
func carried(only string) ([]versions.Ask, error) {
	asks := []versions.Ask{{ID: versions.UV}}
	for part := range strings.SplitSeq(only, ",") {
		name, version, _ := strings.Cut(strings.TrimSpace(part), "@")
		id, known := map[string]versions.ID{"python": versions.Python, "node": versions.Node}[name]
		if !known {
			return nil, &fail.Error{
				ID: "devenv/only", What: "The offline buildpackage cannot carry " + part,
				Why: "What it carries is python and node, each with a version.",
				Fix: fail.Fix{fail.Say{Text: "Name them with commas between, several of each if you like:"},
					fail.Run{Command: "make package OFFLINE=python@3.13,node@24"}},
			}
		}
		asks = append(asks, versions.Ask{ID: id, First: versions.Request{Want: version, Source: "OFFLINE"}})
	}
	return asks, nil
}

// carry puts archives into the buildpack in dir, where libpak looks for them, and an inventory.json of them alone. The
// buildpackage does not know a version that it does not carry, so the build says which ones it has.
func (e *Env) carry(ctx context.Context, arch, dir, only string) error {
	asks, err := carried(only)
	if err != nil {
		return err
	}
	inventory, fetcher, err := e.offered(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(inventory, func(r versions.Release) bool { return r.Arch == arch }) {
		fmt.Fprintf(e.Log, "   the vendors do not answer: the buildpackage for %s carries nothing\n", arch)
		return nil
	}
	say := func(format string, args ...any) { fmt.Fprintf(e.Log, "   "+format+"\n", args...) }
	var all versions.Inventory
	for _, ask := range asks {
		chosen, err := inventory.Choose(ask, arch)
		if err != nil {
			return err
		}
		if slices.Contains(all, chosen.Release) {
			continue
		}
		all = append(all, chosen.Release)
		file, err := fetcher.Fetch(ctx, chosen.Release, say)
		if err != nil {
			return err
		}
		if err := carryFile(file, chosen.Release, dir); err != nil {
			return err
		}
	}
	return writeInventory(dir, all)
}

// offered returns what builds can install here, and what fetches it: from the buildpack if that has it.
func (e *Env) offered(ctx context.Context) (versions.Inventory, fetch.Fetcher, error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return nil, fetch.Fetcher{}, err
	}
	fetcher, err := fetch.NewFetcher(libcnb.Buildpack{Path: buildpack}, nil, filepath.Join(e.Home, ".downloads"))
	if err != nil {
		return nil, fetch.Fetcher{}, err
	}
	inventory, err := versions.Load(buildpack, os.ReadFile)
	return inventory, fetcher, err
}
