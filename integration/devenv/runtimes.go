package devenv

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// The names that npm and the GNU tool chain have for Go's processor names.
var (
	npmArch = map[string]string{"amd64": "x64", "arm64": "arm64"}
	gnuArch = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}
)

type fill func(ctx context.Context, a archive, dir string) error

// archiveFile is the file name that libpak expects for uri: the last part of its path, unescaped.
func archiveFile(uri string) (string, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	return path.Base(parsed.Path), nil
}

func nodeArchive(arch, version, npm string, fill fill) archive {
	top := "node-v" + version + "-linux-" + npmArch[arch]
	return archive{
		Release: versions.Release{ID: versions.Node, Version: version, Arch: arch, Strip: 1,
			URI: "https://nodejs.org/dist/v" + version + "/" + top + ".tar.gz"},
		source: npm, top: top, fill: fill,
	}
}

func pythonArchive(arch, version, build string, fill fill) archive {
	file := fmt.Sprintf("cpython-%s%%2B%s-%s-unknown-linux-gnu-install_only_stripped.tar.gz", version, build, gnuArch[arch])
	return archive{
		Release: versions.Release{ID: versions.Python, Version: version, Build: build, Arch: arch, Strip: 1,
			URI: "https://github.com/astral-sh/python-build-standalone/releases/download/" + build + "/" + file},
		source: "v0.0.0-" + version + "-" + build + "-1", top: "python", fill: fill,
	}
}

func uvArchive(arch, version string, fill fill) archive {
	top := "uv-" + gnuArch[arch] + "-unknown-linux-gnu"
	return archive{
		Release: versions.Release{ID: versions.UV, Version: version, Arch: arch, Strip: 1,
			URI: "https://github.com/astral-sh/uv/releases/download/" + version + "/" + top + ".tar.gz"},
		source: version, top: top, fill: fill,
	}
}

// fillNode joins the npm packages of Node's official build (which lacks npm) and of npm.
func (e *Env) fillNode(ctx context.Context, a archive, dir string) error {
	if err := e.need(ctx, "npm", "npm"); err != nil {
		return err
	}
	if err := e.npmPackage(ctx, "node-linux-"+npmArch[a.Arch]+"@"+a.Version, dir); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, "package.json")); err != nil { // the npm package's own
		return err
	}
	if err := e.npmPackage(ctx, "npm@"+a.source, filepath.Join(dir, "lib/node_modules/npm")); err != nil {
		return err
	}
	for _, program := range []string{"npm", "npx"} {
		if err := os.Symlink("../lib/node_modules/npm/bin/"+program+"-cli.js", filepath.Join(dir, "bin", program)); err != nil {
			return err
		}
	}
	return nil
}

// npmPackage unpacks one package of npm's registry into dir.
func (e *Env) npmPackage(ctx context.Context, spec, dir string) error {
	work, err := os.MkdirTemp(e.Home, ".npm-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := e.run(ctx, work, "npm", "pack", "--silent", "--pack-destination", work, spec); err != nil {
		return err
	}
	packed, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil {
		return err
	}
	if len(packed) != 1 {
		return fmt.Errorf("npm pack %s made %d files", spec, len(packed))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return e.run(ctx, work, "tar", "--extract", "--file", packed[0], "--directory", dir, "--strip-components=1", "--no-same-owner")
}

// pythonFile is an entry of go-embed-python's files.json. Perm is a Go fs.FileMode.
type pythonFile struct {
	Name       string
	Perm       fs.FileMode
	Symlink    string
	Compressed bool
}

// fillPython takes python-build-standalone's CPython out of the Go module that carries it, file by file.
func (e *Env) fillPython(ctx context.Context, a archive, dir string) error {
	module, err := e.goSource(ctx, goModule{path: "github.com/kluctl/go-embed-python", version: a.source})
	if err != nil {
		return err
	}
	source := filepath.Join(module, "python/internal/data/linux-"+a.Arch)
	content, err := os.ReadFile(filepath.Join(source, "files.json"))
	if err != nil {
		return err
	}
	var list struct{ Files []pythonFile }
	if err := json.Unmarshal(content, &list); err != nil {
		return fmt.Errorf("parse files.json: %w", err)
	}
	for _, file := range list.Files {
		if base := path.Base(file.Name); path.Dir(file.Name) == "bin" && (strings.HasPrefix(base, "pip") || strings.HasPrefix(base, "idle")) {
			continue // scripts of modules that aren't there
		}
		if err := file.unpack(source, dir); err != nil {
			return fmt.Errorf("unpack %s: %w", file.Name, err)
		}
	}
	return e.stripPython(ctx, dir)
}

func (f pythonFile) unpack(source, dir string) error {
	target := filepath.Join(dir, filepath.FromSlash(f.Name))
	switch {
	case f.Perm.IsDir():
		return os.MkdirAll(target, 0o755)
	case f.Symlink != "":
		return os.Symlink(f.Symlink, target)
	case !f.Compressed:
		if err := copyFile(filepath.Join(source, f.Name), target); err != nil {
			return err
		}
		return os.Chmod(target, f.Perm.Perm())
	}
	in, err := os.Open(filepath.Join(source, f.Name+".gz"))
	if err != nil {
		return err
	}
	defer in.Close()
	unzipped, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	return writeFile(unzipped, target, f.Perm.Perm())
}

// stripPython does what the vendor does for its stripped archives: some of the modules have the other ones.
func (e *Env) stripPython(ctx context.Context, dir string) error {
	libraries, err := filepath.Glob(filepath.Join(dir, "lib/libpython*.so.*"))
	if err != nil || len(libraries) == 0 {
		return err
	}
	if err := e.need(ctx, "strip", "binutils"); err != nil {
		return err
	}
	return e.run(ctx, dir, append([]string{"strip", "--strip-unneeded"}, libraries...)...)
}
