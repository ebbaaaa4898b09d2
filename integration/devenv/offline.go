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
	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// carried are the runtimes that an offline buildpackage is to have, from "python@3.13,node@24". Each gets the newest of its line. uv
// always belongs to them.
func carried(only string) ([]deps.Want, error) {
	wants := []deps.Want{{ID: "uv"}}
	for part := range strings.SplitSeq(only, ",") {
		name, version, _ := strings.Cut(strings.TrimSpace(part), "@")
		id, known := map[string]string{"python": "cpython", "node": "node"}[name]
		if !known {
			return nil, &fail.Error{
				ID: "devenv/only", What: "The offline buildpackage cannot carry " + part, Why: "What it carries is python and node, each with a version.",
				Fix: fail.Text("Name them with commas between, several of each if you like:\n    make package OFFLINE=python@3.13,node@24"),
			}
		}
		wants = append(wants, deps.Want{ID: id, Version: version, Source: "OFFLINE"})
	}
	return wants, nil
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

// carry puts archives into the buildpack in dir, as libpak looks for them, and an inventory.json of them alone: a version that it
// does not carry is then one that it does not know, and the build says which it has.
func (e *Env) carry(ctx context.Context, arch, dir, only string) error {
	wants, err := carried(only)
	if err != nil {
		return err
	}
	inventory, archives, err := e.offered(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(inventory, func(entry deps.Entry) bool { return entry.Arch == arch }) {
		fmt.Fprintf(e.Log, "   the vendors do not answer: the buildpackage for %s carries nothing\n", arch)
		return nil
	}
	var all deps.Inventory
	for _, want := range wants {
		want.Arch = arch
		dependency, err := inventory.Resolve(want)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(inventory, func(entry deps.Entry) bool { return entry.ID == want.ID && entry.URI == dependency.URI })
		if !slices.Contains(all, inventory[i]) {
			all = append(all, inventory[i])
		}
		err = e.step("get "+dependency.ID+" "+dependency.Version+" for "+arch, func() error { return e.carryOne(ctx, inventory[i], dependency, archives, dir) })
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
func (e *Env) offered(ctx context.Context) (deps.Inventory, string, error) {
	archives, err := e.Archives(ctx)
	if err != nil {
		return nil, "", err
	}
	from := archives
	if from == "" {
		from = e.Root
	}
	inventory, err := deps.Load(from)
	return inventory, archives, err
}

// carryOne gets one archive, whose checksum the buildpack compares, into dir.
func (e *Env) carryOne(ctx context.Context, entry deps.Entry, dependency libpak.BuildModuleDependency, archives, dir string) error {
	if archives != "" {
		name, err := archiveFile(entry.URI)
		if err != nil {
			return err
		}
		return carryFile(filepath.Join(archives, name), entry, dir)
	}
	scratch, err := os.MkdirTemp(e.Home, ".carry-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	fetcher, err := deps.NewFetcher(libcnb.Buildpack{Path: dir}, nil, scratch)
	if err != nil {
		return err
	}
	file, err := fetcher.Fetch(ctx, dependency, func(format string, args ...any) { fmt.Fprintf(e.Log, "   "+format+"\n", args...) })
	if err != nil {
		return err
	}
	return carryFile(file, entry, dir)
}

// carryFile puts an archive where libpak's DependencyCache looks for it: dependencies/<sha256>.toml says that
// dependencies/<sha256>/<file> is there.
func carryFile(file string, entry deps.Entry, dir string) error {
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
