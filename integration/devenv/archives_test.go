package devenv

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/paketo-buildpacks/libpak/v2"
	"github.com/paketo-buildpacks/libpak/v2/log"

	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestArchivesAreCalledAsTheirVendorsCallThem(t *testing.T) {
	for _, c := range []struct {
		archive archive
		file    string
		top     string
	}{
		{nodeArchive("amd64", "24.21.0", "", nil), "node-v24.21.0-linux-x64.tar.gz", "node-v24.21.0-linux-x64"},
		{nodeArchive("arm64", "22.23.3", "", nil), "node-v22.23.3-linux-arm64.tar.gz", "node-v22.23.3-linux-arm64"},
		{pythonArchive("amd64", "3.13.1", "20241219", nil), "cpython-3.13.1+20241219-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz", "python"},
		{uvArchive("arm64", "0.12.16", nil), "uv-aarch64-unknown-linux-gnu.tar.gz", "uv-aarch64-unknown-linux-gnu"},
	} {
		file, err := archiveFile(c.archive.URI)
		if diff := cmp.Diff([]string{c.file, c.top}, []string{file, c.archive.top}); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
}

func TestOfflineArchivesAreFoundByLibpak(t *testing.T) {
	archives, buildpack := tree(t, map[string]string{"a+b.tar.gz": "content"}), t.TempDir()
	sum, err := digestFile(filepath.Join(archives, "a+b.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	inventory, err := json.Marshal(versions.Inventory{{ID: "cpython", Version: "3.13.1", Arch: "amd64", URI: "https://vendor.invalid/x/a%2Bb.tar.gz", SHA256: sum}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(archives, "inventory.json"), inventory, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := offline(archives, buildpack); err != nil {
		t.Fatal(err)
	}
	cache := libpak.DependencyCache{CachePath: filepath.Join(buildpack, "dependencies"), DownloadPath: t.TempDir(), Logger: log.NewDiscardLogger()}
	file, err := cache.Artifact(libpak.BuildModuleDependency{URI: "https://vendor.invalid/x/a%2Bb.tar.gz", Checksum: libpak.Checksum("sha256:" + sum)})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); string(got) != "content" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEndOfSupportIsThatOfTheLine(t *testing.T) {
	shipped := versions.Inventory{
		{ID: "node", Version: "3.13.9", EOL: "2020-01-01"}, {ID: "cpython", Version: "3.1.9", EOL: "2021-01-01"},
		{ID: "cpython", Version: "3.13.16", EOL: "2029-10-31"},
	}
	if got := withEndOfLife(versions.Release{ID: "cpython", Version: "3.13.1"}, shipped).EOL; got != "2029-10-31" {
		t.Errorf("got %q", got)
	}
}

func TestProgramsOfAWheel(t *testing.T) {
	wheel := filepath.Join(t.TempDir(), "uv.whl")
	out, err := os.Create(wheel)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(out)
	for _, name := range []string{"uv/__init__.py", "uv-1.data/scripts/uv", "uv-1.dist-info/METADATA"} {
		if _, err := archive.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := unpackScripts(wheel, dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "uv" {
		t.Errorf("got %v, %v, want only uv", entries, err)
	}
}

func TestRestoreKeepsOnlyWhatTheCacheHas(t *testing.T) {
	p := &Phases{Dir: tree(t, map[string]string{
		"layers/tandem_x/cache-node.toml":     "[types]\ncache = true\n[metadata]\nid = \"a\"\nformat = 3\n",
		"layers/tandem_x/cache-node/node.tar": "n",
		"layers/tandem_x/venv.toml":           "[types]\nlaunch = true\n",
		"layers/tandem_x/venv/bin/python":     "p",
		"layers/tandem_x/launch.toml":         "[[processes]]\n",
		"layers/config/metadata.toml":         "",
	})}
	p.Layers = filepath.Join(p.Dir, "layers/tandem_x")
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := filepath.WalkDir(p.path("layers"), func(path string, entry os.DirEntry, err error) error {
		if !entry.IsDir() {
			rel, _ := filepath.Rel(p.Layers, path)
			left = append(left, rel)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"cache-node/node.tar", "cache-node.toml"}, left); diff != "" {
		t.Error(diff)
	}
	var got map[string]any
	if _, err := toml.DecodeFile(filepath.Join(p.Layers, "cache-node.toml"), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"metadata": map[string]any{"id": "a", "format": int64(3)}}, got); diff != "" {
		t.Error(diff)
	}
}
