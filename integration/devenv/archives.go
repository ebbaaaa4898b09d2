package devenv

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// vendors are where the shipped inventory's archives come from.
var vendors = []string{"https://nodejs.org/dist/", "https://github.com/astral-sh/uv"}

// archive is a runtime that can be made from what package registries carry, in its vendor's layout.
type archive struct {
	versions.Release
	source string // the package or module version it is made from
	top    string // the folder everything in it lies in
	fill   func(ctx context.Context, a archive, dir string) error
}

// Archives is a folder with an inventory.json and the archives it names, made from packages of the registries: the
// vendors' own binaries for this machine's processor. It is "" when the vendors answer and nothing of that is needed.
func (e *Env) Archives(ctx context.Context) (string, error) {
	if _, err := os.Stat(filepath.Join(e.Home, archivesName)); err != nil && vendorsAnswer(ctx) {
		return "", nil
	}
	return e.kept(archivesName, func(dir string) error {
		shipped, err := versions.Load(e.Root, os.ReadFile)
		if err != nil {
			return err
		}
		var inventory versions.Inventory
		for _, a := range e.known(runtime.GOARCH) {
			err := e.step("make the archive of "+string(a.ID)+" "+a.Version, func() (err error) {
				a.SHA256, err = e.makeArchive(ctx, a, dir)
				return err
			})
			if err != nil {
				return err
			}
			inventory = append(inventory, withEndOfLife(a.Release, shipped))
		}
		content, err := json.MarshalIndent(inventory, "", "  ")
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "inventory.json"), append(content, '\n'), 0o644)
	})
}

// uvVersion is the one that the shipped inventory has.
const uvVersion = "0.12.16"

// withEndOfLife copies the end of support from what is shipped of the same line: it is the same for 3.13.1 and 3.13.16.
func withEndOfLife(entry versions.Release, shipped versions.Inventory) versions.Release {
	line := entry.Version[:strings.LastIndex(entry.Version, ".")+1]
	for _, other := range shipped {
		if other.ID == entry.ID && strings.HasPrefix(other.Version, line) {
			entry.EOL = firstSet(entry.EOL, other.EOL)
		}
	}
	return entry
}

// archivesName changes when known does, so that older archives are not taken for newer ones.
const archivesName = "archives-2"

// known are the runtimes for arch, as Go calls it. The versions are those that the registries have of what the inventory ships.
func (e *Env) known(arch string) []archive {
	node := func(version, npm string) archive {
		return nodeArchive(arch, version, npm, e.fillNode)
	}
	python := func(version, build string) archive { return pythonArchive(arch, version, build, e.fillPython) }
	return []archive{
		node(nodeVersion, npmVersion),
		node("22.23.3", "10.9.9"),
		python("3.14.6", "20260610"),
		python("3.13.1", "20241219"),
		python("3.11.11", "20241219"),
		python("3.10.16", "20241219"),
		uvArchive(arch, uvVersion, e.fillUV),
	}
}

// makeArchive makes one archive in the folder out and returns its SHA-256.
func (e *Env) makeArchive(ctx context.Context, a archive, out string) (string, error) {
	work, err := os.MkdirTemp(e.Home, ".archive-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	top := filepath.Join(work, a.top)
	if err := os.Mkdir(top, 0o755); err != nil {
		return "", err
	}
	if err := a.fill(ctx, a, top); err != nil {
		return "", err
	}
	name, err := archiveFile(a.URI)
	if err != nil {
		return "", err
	}
	file := filepath.Join(out, name)
	if err := e.tarGz(ctx, work, file, a.top); err != nil {
		return "", err
	}
	return digestFile(file)
}

// vendorsAnswer says whether every vendor does, within five seconds.
func vendorsAnswer(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, address := range vendors {
		request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
		if err != nil {
			return false
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return false
		}
	}
	return true
}

// offline puts the archives, and the inventory that names them, into the buildpack in dir.
func offline(archives, dir string) error {
	inventory, err := versions.Load(archives, os.ReadFile)
	if err != nil {
		return err
	}
	for _, entry := range inventory {
		name, err := archiveFile(entry.URI)
		if err != nil {
			return err
		}
		if err := carryFile(filepath.Join(archives, name), entry, dir); err != nil {
			return err
		}
	}
	return copyFile(filepath.Join(archives, "inventory.json"), filepath.Join(dir, "inventory.json"))
}
