package build

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	archives "github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// nodeInstall has the results of the Node.js install, for the steps.
type nodeInstall struct {
	// These are by the directory of the project: packages, and package managers that Node.js does not include.
	packages map[string]layer.Contents
	installs []packages // those of this build, with what the image's copy depends on
	tools    map[string]layer.Contents
	ran      []string // the scripts of package.json that have run
}

// nodeBranch makes the runtime and the packages of Node.
func (b *builder) nodeBranch(ctx context.Context, log *ui.Branch) (nodeInstall, error) {
	b.nodeInstall = nodeInstall{packages: map[string]layer.Contents{}, tools: map[string]layer.Contents{}}
	err := log.Timed("Node.js", func() error {
		return b.node.Get(ctx)
	})
	if err != nil {
		return b.nodeInstall, err
	}
	for _, project := range b.plan.Node.Projects {
		if err := b.installProject(ctx, project, log); err != nil {
			return b.nodeInstall, err
		}
	}
	return b.nodeInstall, nil
}

// declareNode says what the layers of the runtime and of its headers are. Nothing is made yet.
func (b *builder) declareNode(log *ui.Branch) (err error) {
	if note := b.envs.HeapNote(); note != "" {
		log.Body("%s", note)
	}
	if b.app.Others.Node != nil {
		b.adoptNode()
		return nil
	}
	archive := b.chosen(b.plan.Node.Runtime, log)
	b.nodeKey = nodeKey{b.common, archive.Version, archive.Checksum()}
	aside := new(headersAside)
	if b.node, err = b.set.Tree(b.nodeTree(archive, aside, log)); err != nil {
		return err
	}
	b.headers, err = b.set.Tree(b.headersTree(archive, aside, log))
	return err
}

type nodeKey struct {
	layer.Common
	Version  string `json:"node" say:"Node.js version"`
	Checksum string `json:"archive" say:"archive of Node.js"`
}

// notNeeded lists the files of Node.js that neither a build nor an image uses.
var notNeeded = []string{"share", "CHANGELOG.md", "README.md", "lib/node_modules/npm/docs", "lib/node_modules/npm/man"}

// headersAside has the manifest of the archive's include directory. The layer of the runtime moves that directory aside
// for the layer of the headers.
type headersAside struct{ headers archives.Manifest }

func (b *builder) nodeTree(archive versions.Release, aside *headersAside, log *ui.Branch) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{Name: "node", Title: "Node.js " + archive.Version, Key: b.nodeKey, Log: log.Header},
		Ship: b.plan.Node.Launch.Node, Keep: true,
		Sealed: &layer.Sealed{
			Warn: log.Warn, StepsWrite: true, // npm install -g of a hook
			Fill: func(ctx context.Context, dir string) (layer.Filled, archives.Manifest, error) {
				known := layer.Filled{BOM: []string{archive.PURL()}}
				listed, err := b.unpackNode(ctx, archive, dir, log)
				if err != nil {
					return known, nil, err
				}
				aside.headers = listed.Cut("include")
				err = errors.Join(writeNPMRC(dir, listed), layer.RemoveListed(dir, listed, notNeeded...))
				return known, listed, err
			},
		},
	}
}

// headersTree returns a layer of its own: no image needs headers, and a build only to compile something. They are a
// fifth of the files.
func (b *builder) headersTree(archive versions.Release, aside *headersAside, log *ui.Branch) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{Name: "headers", Title: "Headers of Node.js", Key: b.nodeKey, Log: log.Header},
		Keep: true, Late: true,
		Vars: func(dir string) libcnb.Environment { return headersVars(archive.Version, dir) },
		Sealed: &layer.Sealed{
			Warn: log.Warn,
			Fill: func(ctx context.Context, dir string) (known layer.Filled, _ archives.Manifest, err error) {
				if aside.headers == nil { // the runtime was not unpacked from the archive in this build
					listed, err := b.unpackNode(ctx, archive, dir, log)
					if err != nil {
						return known, nil, err
					}
					aside.headers = listed.Cut("include")
					if err := emptyDir(dir); err != nil {
						return known, nil, err
					}
				}
				listed := aside.headers
				aside.headers = nil // the directory is moved below
				return known, listed, os.Rename(b.headersDir(), filepath.Join(dir, "include"))
			},
		},
	}
}

// headersDir returns a directory in the file system of the layers, so that moving headers copies nothing.
func (b *builder) headersDir() string { return filepath.Join(b.Private, "headers") }

// unpackNode unpacks the archive into dir and moves the headers aside. The manifest still lists them.
func (b *builder) unpackNode(
	ctx context.Context, archive versions.Release, dir string, log *ui.Branch,
) (archives.Manifest, error) {
	listed, err := b.fetcher.InstallListed(ctx, archive, dir, log.Body)
	if err != nil {
		return nil, err
	}
	if err := removeOtherHeaders(dir, b.common.Arch, listed); err != nil {
		return nil, err
	}
	if _, there := listed["include"]; !there {
		if err := layer.MakeListedDir(dir, listed, "include"); err != nil {
			return nil, err
		}
	}
	return listed, errors.Join(os.RemoveAll(b.headersDir()), os.Rename(filepath.Join(dir, "include"), b.headersDir()))
}

// writeNPMRC keeps npm from looking for newer versions of itself, in the build and in a container. A file and no variable: the
// image's environment is the app's. https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#global-config-file
func writeNPMRC(dir string, listed archives.Manifest) error {
	return layer.WriteListed(dir, listed, "etc/npmrc", []byte("update-notifier=false\n"))
}

// removeOtherHeaders removes OpenSSL's headers for machines of other kinds: half of the files of Node.js, which every build would
// unpack. The header that chooses among them asks for the compiler's target. https://github.com/nodejs/node/tree/main/deps/openssl
func removeOtherHeaders(dir, arch string, listed archives.Manifest) error {
	own, known := map[string]string{"amd64": "linux-x86_64", "arm64": "linux-aarch64"}[arch]
	if !known {
		return nil
	}
	var others []string
	for name := range listed {
		if path.Dir(name) == "include/node/openssl/archs" && path.Base(name) != own {
			others = append(others, name)
		}
	}
	return layer.RemoveListed(dir, listed, others...)
}

func headersVars(version, dir string) libcnb.Environment {
	vars := libcnb.Environment{}
	vars.Default(headersVariable(version), dir)
	return vars
}

// headersVariable tells node-gyp where the headers are, which it would download. npm of Node.js 24 and later warns of settings
// in the environment that it does not know itself; the node-gyp that it has reads them under a name of its own.
// https://github.com/nodejs/node-gyp#environment-variables
func headersVariable(version string) string {
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err == nil && n < 24 {
		return "npm_config_nodedir"
	}
	return "npm_package_config_node_gyp_nodedir"
}
