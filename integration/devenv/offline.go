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

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/versions"
)

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

// OfflineBuildpack returns the buildpack's directory for this architecture with the runtimes of only, and no others.
func (e *Env) OfflineBuildpack(ctx context.Context, only string) (string, error) {
	if _, err := e.Buildpack(ctx); err != nil { // it has a lock of its own
		return "", err
	}
	dir := filepath.Join(e.Home, "offline")
	return dir, e.locked(ctx, func() error {
		if err := e.DistFor(ctx, runtime.GOARCH, dir); err != nil {
			return err
		}
		return e.carry(ctx, runtime.GOARCH, dir, only)
	})
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
		err = e.step("get "+string(chosen.ID)+" "+chosen.Version+" for "+arch, func() error {
			say := func(format string, args ...any) { fmt.Fprintf(e.Log, "   "+format+"\n", args...) }
			file, err := fetcher.Fetch(ctx, chosen.Release, say)
			if err != nil {
				return err
			}
			return carryFile(file, chosen.Release, dir)
		})
		if err != nil {
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
	inventory, err := versions.Load(buildpack, os.ReadFile)
	if err != nil {
		return nil, fetch.Fetcher{}, err
	}
	fetcher, err := fetch.NewFetcher(libcnb.Buildpack{Path: buildpack}, nil, filepath.Join(e.Home, ".downloads"))
	return inventory, fetcher, err
}

// carryAll puts the archives of a directory, if there is one, and its inventory into the buildpack in dir.
func carryAll(archives, dir string) error {
	if archives == "" {
		return nil
	}
	inventory, err := versions.Load(archives, os.ReadFile)
	if err != nil {
		return err
	}
	for _, release := range inventory {
		name, err := archiveFile(release.URI)
		if err != nil {
			return err
		}
		if err := carryFile(filepath.Join(archives, name), release, dir); err != nil {
			return err
		}
	}
	return writeInventory(dir, inventory)
}

// carryFile puts an archive where libpak's DependencyCache looks for it: dependencies/<sha256>.toml describes
// dependencies/<sha256>/<file>.
func carryFile(file string, release versions.Release, dir string) error {
	name, err := archiveFile(release.URI)
	if err != nil {
		return err
	}
	target := filepath.Join(dir, "dependencies", release.SHA256)
	mark := fmt.Sprintf("id = %q\nversion = %q\nuri = %q\nchecksum = \"sha256:%s\"\n",
		release.ID, release.Version, release.URI, release.SHA256)
	return errors.Join(os.MkdirAll(target, 0o755), os.WriteFile(target+".toml", []byte(mark), 0o644),
		linkFile(file, filepath.Join(target, name)))
}
