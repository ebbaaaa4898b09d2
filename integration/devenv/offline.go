package devenv

import (
	"context"
	"encoding/json"
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

// carried returns what an offline buildpackage must have, from "python@3.13,node@24": the latest of each series, and uv.
func carried(only string) ([]versions.Ask, error) {
	asks := []versions.Ask{{ID: versions.UV}}
	for part := range strings.SplitSeq(only, ",") {
		name, version, _ := strings.Cut(strings.TrimSpace(part), "@")
		id, known := map[string]versions.ID{"python": versions.Python, "node": versions.Node}[name]
		if !known {
			return nil, &fail.Error{
				ID: "devenv/only", What: "The offline buildpackage cannot carry " + part,
				Why: "What it carries is python and node, each with a version.",
				Fix: fail.Text("Name them with commas between, several of each if you like:\n" +
					"    make package OFFLINE=python@3.13,node@24"),
			}
		}
		asks = append(asks, versions.Ask{ID: id, First: versions.Request{Want: version, Source: "OFFLINE"}})
	}
	return asks, nil
}

// OfflineBuildpack is the buildpack's folder for this machine's processor with the runtimes that only names, and no others.
func (e *Env) OfflineBuildpack(ctx context.Context, only string) (string, error) {
	dir := filepath.Join(e.Home, "offline")
	err := e.locked(ctx, func() error {
		if err := e.DistFor(ctx, runtime.GOARCH, dir); err != nil {
			return err
		}
		return e.carry(ctx, runtime.GOARCH, dir, only)
	})
	return dir, err
}

// carry puts archives into the buildpack in dir, where libpak looks for them, and an inventory.json of them alone. The
// buildpackage does not know a version that it does not carry, so the build says which ones it has.
func (e *Env) carry(ctx context.Context, arch, dir, only string) error {
	asks, err := carried(only)
	if err != nil {
		return err
	}
	inventory, archives, err := e.offered(ctx)
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
		if !slices.Contains(all, chosen.Release) {
			all = append(all, chosen.Release)
		}
		err = e.step("get "+string(chosen.ID)+" "+chosen.Version+" for "+arch, func() error {
			return e.carryOne(ctx, chosen.Release, archives, dir)
		})
		if err != nil {
			return err
		}
	}
	content, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "inventory.json"), append(content, '\n'), 0o644)
}

// offered is what can be carried: all that is shipped, or, where the vendors do not answer, the archives of Archives.
func (e *Env) offered(ctx context.Context) (versions.Inventory, string, error) {
	archives, err := e.Archives(ctx)
	if err != nil {
		return nil, "", err
	}
	from := archives
	if from == "" {
		from = e.Root
	}
	inventory, err := versions.Load(from, os.ReadFile)
	return inventory, archives, err
}

// carryOne gets one archive, whose checksum the buildpack compares, into dir.
func (e *Env) carryOne(ctx context.Context, release versions.Release, archives, dir string) error {
	if archives != "" {
		name, err := archiveFile(release.URI)
		if err != nil {
			return err
		}
		return carryFile(filepath.Join(archives, name), release, dir)
	}
	scratch, err := os.MkdirTemp(e.Home, ".carry-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	fetcher, err := fetch.NewFetcher(libcnb.Buildpack{Path: dir}, nil, scratch)
	if err != nil {
		return err
	}
	say := func(format string, args ...any) { fmt.Fprintf(e.Log, "   "+format+"\n", args...) }
	file, err := fetcher.Fetch(ctx, release, say)
	if err != nil {
		return err
	}
	return carryFile(file, release, dir)
}

// carryFile puts an archive where libpak's DependencyCache looks for it: dependencies/<sha256>.toml says that
// dependencies/<sha256>/<file> is there.
func carryFile(file string, entry versions.Release, dir string) error {
	target := filepath.Join(dir, "dependencies", entry.SHA256)
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	mark := fmt.Sprintf("id = %q\nversion = %q\nuri = %q\nchecksum = \"sha256:%s\"\n", entry.ID, entry.Version, entry.URI, entry.SHA256)
	if err := os.WriteFile(target+".toml", []byte(mark), 0o644); err != nil {
		return err
	}
	name, err := archiveFile(entry.URI)
	if err != nil {
		return err
	}
	return linkFile(file, filepath.Join(target, name))
}
