package build

import (
	"context"
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
	runtime, err := b.nodeSpec(log)
	if err != nil {
		return err
	}
	b.node, err = b.set.Make(runtime)
	return err
}

type nodeKey struct {
	common
	Version  string `json:"Node.js version"`
	Checksum string `json:"archive of Node.js"`
}

func (b *builder) nodeSpec(log *ui.Branch) (layer.Spec, error) {
	archive, err := b.resolve("node", b.plan.Node.Version, log)
	if err != nil {
		return layer.Spec{}, err
	}
	b.nodeKey = nodeKey{b.common, archive.Version, string(archive.GetChecksum())}
	return layer.Spec{
		Name: "node", Title: "Node.js " + archive.Version, Keep: true, Log: log.Header,
		Key: b.nodeKey,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Default(headersVariable(archive.Version), dir)
			vars.Default("npm_config_update_notifier", "false")
			return vars
		},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := b.unpack(ctx, archive, dir, log); err != nil {
				return nil, err
			}
			if err := removeOtherHeaders(dir, b.common.Arch); err != nil {
				return nil, err
			}
			return nil, removeMatching(dir, "share", "CHANGELOG.md", "README.md", "lib/node_modules/npm/docs", "lib/node_modules/npm/man")
		},
	}, nil
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
