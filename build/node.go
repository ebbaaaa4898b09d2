package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// nodeBranch makes the runtime and the packages of Node.
func (b *builder) nodeBranch(ctx context.Context, log *ui.Branch) error {
	err := log.Timed("Node.js", func() error {
		_, err := b.node.Contents(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, project := range b.plan.Node.Projects {
		if err := b.installProject(ctx, project, log); err != nil {
			return err
		}
	}
	return nil
}

// declareNode says what the runtime's layer is. Nothing is made yet.
func (b *builder) declareNode(log *ui.Branch) error {
	runtime, headers, err := b.nodeSpecs(log)
	if err != nil {
		return err
	}
	if b.node, err = b.set.Make(runtime); err != nil {
		return err
	}
	b.headers, err = b.set.Make(headers)
	return err
}

type nodeKey struct {
	common
	Version  string `json:"Node.js version"`
	Checksum string `json:"archive of Node.js"`
}

// headersAside is a folder beside the layers that is none: in the same file system, so that nothing is copied.
const headersAside = "headers-aside"

// nodeSpecs are the runtime and, by itself, its headers: they are as many bytes again, no image needs them, and a build only to
// compile something.
func (b *builder) nodeSpecs(log *ui.Branch) (runtime, headers layer.Spec, err error) {
	archive, err := b.resolve("node", b.plan.Node.Version, log)
	if err != nil {
		return runtime, headers, err
	}
	b.nodeKey = nodeKey{b.common, archive.Version, string(archive.GetChecksum())}
	aside := filepath.Join(b.in.Layers.Path, headersAside)
	unpack := func(ctx context.Context, dir string) error {
		if err := b.unpack(ctx, archive, dir, log); err != nil {
			return err
		}
		if err := removeOtherHeaders(dir, b.common.Arch); err != nil {
			return err
		}
		return moveAside(filepath.Join(dir, "include"), aside)
	}
	runtime = layer.Spec{
		Name: "node", Title: "Node.js " + archive.Version, Ship: b.plan.Node.Launch.Node, Keep: true, Log: log.Header,
		Key: b.nodeKey,
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := unpack(ctx, dir); err != nil {
				return nil, err
			}
			if err := writeNPMRC(dir); err != nil {
				return nil, err
			}
			return nil, removeMatching(dir, "share", "CHANGELOG.md", "README.md", "lib/node_modules/npm/docs", "lib/node_modules/npm/man")
		},
	}
	headers = layer.Spec{
		Name: "headers", Title: "Headers of Node.js", Keep: true, Log: log.Header, Key: b.nodeKey,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Default(headersVariable(archive.Version), dir)
			return vars
		},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if !isDir(aside) { // the runtime was not unpacked from the archive in this build
				if err := unpack(ctx, dir); err != nil {
					return nil, err
				}
				if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
					return nil, err
				}
			}
			return nil, os.Rename(aside, filepath.Join(dir, "include"))
		},
	}
	return runtime, headers, nil
}

// moveAside moves a folder; without it there is an empty one.
func moveAside(dir, aside string) error {
	if err := errors.Join(os.RemoveAll(aside), os.MkdirAll(dir, 0o755)); err != nil {
		return err
	}
	return os.Rename(dir, aside)
}

// writeNPMRC keeps npm from looking for newer versions of itself, in the build and in a container. A file and no variable: the
// image's environment is the app's. https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#global-config-file
func writeNPMRC(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "etc"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "etc", "npmrc"), []byte("update-notifier=false\n"), 0o644)
}

// removeOtherHeaders removes OpenSSL's headers for machines of other kinds: half of the files of Node.js, which every build would
// unpack. The header that chooses among them asks for the compiler's target. https://github.com/nodejs/node/tree/main/deps/openssl
func removeOtherHeaders(dir, arch string) error {
	own, known := map[string]string{"amd64": "linux-x86_64", "arm64": "linux-aarch64"}[arch]
	found, err := filepath.Glob(filepath.Join(dir, "include/node/openssl/archs/*"))
	if err != nil || !known {
		return err
	}
	for _, folder := range found {
		if filepath.Base(folder) == own {
			continue
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
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
