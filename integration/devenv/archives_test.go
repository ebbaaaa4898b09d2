package devenv

import (
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
	shipped, err := versions.Load("../..", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		release versions.Release
		file    string
	}{
		{versions.Release{ID: versions.Node, Version: "24.21.0", Arch: "amd64"}, "node-v24.21.0-linux-x64.tar.gz"},
		{versions.Release{ID: versions.Node, Version: "22.23.3", Arch: "arm64"}, "node-v22.23.3-linux-arm64.tar.gz"},
		{versions.Release{ID: versions.Python, Version: "3.13.1", Build: "20241219", Arch: "amd64"},
			"cpython-3.13.1+20241219-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz"},
		{versions.Release{ID: versions.UV, Version: "0.12.16", Arch: "arm64"}, "uv-aarch64-unknown-linux-gnu.tar.gz"},
	} {
		release, err := likeShipped(shipped, c.release)
		if err != nil {
			t.Fatal(err)
		}
		if file, err := archiveFile(release.URI); file != c.file || err != nil {
			t.Errorf("got %s, %v, want %s", file, err, c.file)
		}
	}
	if _,
		err := likeShipped(shipped,
		versions.Release{ID: versions.Python, Version: "2.7.18", Arch: "amd64"}); err == nil {
		t.Error("a series that the inventory does not have has a URI")
	}
}

func TestOfflineArchivesAreFoundByLibpak(t *testing.T) {
	archives, buildpack := tree(t, map[string]string{"a+b.tar.gz": "content"}), t.TempDir()
	sum, err := DigestFile(filepath.Join(archives, "a+b.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	release := versions.Release{ID: "cpython", Version: "3.13.1", Arch: "amd64",
		URI: "https://vendor.invalid/x/a%2Bb.tar.gz", SHA256: sum}
	if err := carryFile(filepath.Join(archives, "a+b.tar.gz"), release, buildpack); err != nil {
		t.Fatal(err)
	}
	cache := libpak.DependencyCache{CachePath: filepath.Join(buildpack, "dependencies"), DownloadPath: t.TempDir(),
		Logger: log.NewDiscardLogger()}
	file,
		err := cache.Artifact(libpak.BuildModuleDependency{URI: "https://vendor.invalid/x/a%2Bb.tar.gz",
		Checksum: libpak.Checksum("sha256:" + sum)})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); string(got) != "content" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestAReleaseIsLikeTheShippedOneOfItsSeries(t *testing.T) {
	shipped := versions.Inventory{
		{ID: "node", Version: "3.13.9", Arch: "amd64", EOL: "2020-01-01"},
		{ID: "cpython", Version: "3.1.9", Arch: "amd64", EOL: "2021-01-01"},
		{ID: "cpython", Version: "3.13.16", Build: "2", Arch: "arm64", EOL: "2022-01-01"},
		{ID: "cpython", Version: "3.13.16", Build: "2026", Arch: "amd64", EOL: "2029-10-31", Strip: 1,
			URI: "https://vendor.invalid/2026/3.13.16+2026.tar.gz"},
	}
	want := versions.Release{ID: "cpython", Version: "3.13.1", Build: "2024", Arch: "amd64", EOL: "2029-10-31",
		Strip: 1, URI: "https://vendor.invalid/2024/3.13.1+2024.tar.gz"}
	got, err := likeShipped(shipped, versions.Release{ID: "cpython", Version: "3.13.1", Build: "2024", Arch: "amd64"})
	if got != want || err != nil {
		t.Errorf("got %+v, %v", got, err)
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
