package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// archivesName changes with archives, so that older ones are not taken for newer ones.
const archivesName = "archives-3"

// uvVersion is the one of the shipped inventory.
const uvVersion = "0.12.16"

// archives are the runtimes that can be made from what package indexes have of the shipped inventory. part is the npm
// of Node.js, and the build of CPython.
var archives = []struct {
	id            versions.ID
	version, part string
}{
	{versions.Node, "24.21.0", "11.19.1"}, {versions.Node, "22.23.3", "10.9.9"},
	{versions.Python, "3.14.6", "20260610"}, {versions.Python, "3.13.1", "20241219"},
	{versions.Python, "3.11.11", "20241219"}, {versions.Python, "3.10.16", "20241219"},
	{versions.UV, uvVersion, ""},
}

// Archives returns a directory with an inventory.json and the archives that it lists, both where a buildpack has them:
// the vendors' own binaries for this architecture, from packages. It is "" if the vendors answer and nothing of that is
// needed.
func (e *Env) Archives(ctx context.Context) (string, error) {
	if _, err := os.Stat(filepath.Join(e.Home, archivesName)); err != nil && vendorsAnswer(ctx) {
		return "", nil
	}
	return e.Kept(archivesName, func(dir string) error {
		shipped, err := versions.Load(e.Root, os.ReadFile)
		if err != nil {
			return err
		}
		var inventory versions.Inventory
		for _, a := range archives {
			release := versions.Release{ID: a.id, Version: a.version, Build: a.part, Arch: runtime.GOARCH}
			release, err := likeShipped(shipped, release)
			if err != nil {
				return err
			}
			make := func() error { return e.makeArchive(ctx, &release, a.part, dir) }
			if err := e.Step("make the archive of "+string(a.id)+" "+a.version, make); err != nil {
				return err
			}
			inventory = append(inventory, release)
		}
		return writeInventory(dir, inventory)
	})
}

func writeInventory(dir string, inventory versions.Inventory) error {
	content, err := json.MarshalIndent(inventory, "", "  ")
	return errors.Join(err, os.WriteFile(filepath.Join(dir, "inventory.json"), append(content, '\n'), 0o644))
}

// vendorsAnswer reports whether all vendors of the shipped inventory answer, within five seconds.
func vendorsAnswer(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, address := range []string{"https://nodejs.org/dist/", "https://github.com/astral-sh/uv"} {
		if response, _, err := Get(ctx, address); err != nil || response.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}

// likeShipped completes a release from the shipped one of the same series: its URI, in which the version and the build
// are others, and the end of support.
func likeShipped(shipped versions.Inventory, r versions.Release) (versions.Release, error) {
	i := slices.IndexFunc(shipped, func(s versions.Release) bool {
		return s.ID == r.ID && s.Arch == r.Arch && s.ID.Series(s.Version) == r.ID.Series(r.Version)
	})
	if i < 0 {
		return r, fmt.Errorf("the inventory has no %s of the series of %s", r.ID, r.Version)
	}
	like := shipped[i]
	like.URI = strings.ReplaceAll(like.URI, like.Version, r.Version)
	if like.Build != "" {
		like.URI, like.Build = strings.ReplaceAll(like.URI, like.Build, r.Build), r.Build
	}
	like.Version = r.Version
	return like, nil
}

// makeArchive makes an archive in its vendor's layout, puts it into the buildpack in the directory out, and notes its
// SHA-256 in r.
func (e *Env) makeArchive(ctx context.Context, r *versions.Release, part, out string) error {
	name, err := archiveFile(r.URI)
	if err != nil {
		return err
	}
	top := strings.TrimSuffix(name, ".tar.gz") // the directory that has everything in it
	if r.ID == versions.Python {
		top = "python"
	}
	return e.scratch(func(work string) error {
		dir, file := filepath.Join(work, top), filepath.Join(work, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		fill := map[versions.ID]func(ctx context.Context, version, part, dir string) error{
			versions.Node: e.fillNode, versions.Python: e.fillPython, versions.UV: e.fillUV,
		}[r.ID]
		if err := fill(ctx, r.Version, part, dir); err != nil {
			return err
		}
		if err := e.tarGz(ctx, work, file, top); err != nil {
			return err
		}
		if r.SHA256, err = DigestFile(file); err != nil {
			return err
		}
		return carryFile(file, *r, out)
	})
}

// archiveFile returns the file name that libpak expects for uri: the last part of its path, unescaped.
func archiveFile(uri string) (string, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	return path.Base(parsed.Path), nil
}

// carryFile puts an archive where libpak's DependencyCache looks for it in the buildpack in dir:
// dependencies/<sha256>.toml describes dependencies/<sha256>/<file>.
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
