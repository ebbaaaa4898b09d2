package node

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the Node.js of a build: one to install, or that of an earlier buildpack.
type Runtime struct {
	layer.Contents
	Headers layer.Contents // for compiling; few builds need their contents
	Version string
	ID      string // differs between runtimes of one version: the checksum of the archive, or the directory
}

// Declare compares the runtime and its headers with what earlier builds have left. It makes nothing.
func Declare(in In) (rt Runtime, err error) {
	if note := in.Envs.HeapNote(); note != "" {
		in.Log.Body("%s", note)
	}
	if other := in.App.Others.Node; other != nil {
		return adopt(*other, in.Envs.Tools()), nil
	}
	release := in.Plan.Node.Release
	from := &source{in: in, release: release}
	rt = Runtime{Version: release.Version, ID: release.Checksum()}
	made, err := in.Layers.Tree(from.runtimeTree(keyOf(in, rt)))
	if err != nil {
		return rt, err
	}
	headers, err := in.Layers.Tree(from.headersTree(keyOf(in, rt)))
	rt.Contents, rt.Headers = made, gypHeaders{headers, in.Envs.Tools(), rt.Version}
	return rt, err
}

// runtimeKey is the key of the runtime and of its headers, and a part of all other keys of Node.js: programs are
// compiled for one version.
type runtimeKey struct {
	layer.Common
	Version  string `json:"node" say:"Node.js version"`
	Checksum string `json:"archive" say:"archive of Node.js"`
}

// keyOf returns the key for a runtime. ID replaces the checksum where an earlier buildpack has installed it.
func keyOf(in In, rt Runtime) runtimeKey { return runtimeKey{in.Common, rt.Version, rt.ID} }

// notNeeded lists the files of Node.js that neither a build nor an image uses.
var notNeeded = []string{"share", "CHANGELOG.md", "README.md", "lib/node_modules/npm/docs", "lib/node_modules/npm/man"}

// source is the archive of which the layers of the runtime and of its headers are made.
type source struct {
	in      In
	release versions.Release
	// headers lists the archive's include directory once the layer of the runtime has moved it to headersDir. The layer
	// of the headers takes it from there. nil: it is not there.
	headers archive.Manifest
}

// runtimeTree returns the layer of Node.js without headers. Only an image with a process that runs Node.js gets it.
func (s *source) runtimeTree(key runtimeKey) layer.Tree {
	log := s.in.Log
	return layer.Tree{
		Meta: layer.Meta{Name: plan.NodeLayer, Title: "Node.js " + s.release.Version, Key: key, Log: log.Header},
		Ship: s.in.Plan.Node.Launch.Node, Keep: true,
		Sealed: &layer.Sealed{
			Warn: log.Warn, StepsWrite: true, // npm install -g of a hook
			Fill: func(ctx context.Context, dir string) (_ layer.Filled, listed archive.Manifest, err error) {
				err = s.in.Fill(plan.NodeLayer, func() (err error) { listed, err = s.unpack(ctx, dir); return err })
				if err == nil {
					err = errors.Join(writeNPMRC(dir, listed), layer.RemoveListed(dir, listed, notNeeded...))
				}
				return layer.Filled{BOM: []bom.Component{bom.OfRelease(s.release)}}, listed, err
			},
		},
	}
}

// headersTree returns a layer of its own: no image needs headers, and a build only to compile something. They are a
// fifth of the files.
func (s *source) headersTree(key runtimeKey) layer.Tree {
	log := s.in.Log
	return layer.Tree{
		Meta: layer.Meta{Name: plan.HeadersLayer, Title: "Headers of Node.js", Key: key, Log: log.Debug},
		Keep: true, Late: true,
		Sealed: &layer.Sealed{
			Warn: log.Warn,
			Fill: func(ctx context.Context, dir string) (known layer.Filled, _ archive.Manifest, err error) {
				if s.headers == nil { // the runtime was not unpacked from the archive in this build
					if _, err := s.unpack(ctx, dir); err != nil {
						return known, nil, err
					}
					if err := emptyDir(dir); err != nil {
						return known, nil, err
					}
				}
				listed := s.headers
				s.headers = nil // the directory is moved below
				return known, listed, s.in.Fill(plan.HeadersLayer, func() error {
					return os.Rename(headersDir(s.in), filepath.Join(dir, "include"))
				})
			},
		},
	}
}

// headersDir returns a directory in the file system of the layers, so that moving headers copies nothing.
func headersDir(in In) string { return filepath.Join(in.Private, "headers") }

// unpack unpacks the archive into dir and moves the headers to headersDir. It returns the manifest of the rest.
func (s *source) unpack(ctx context.Context, dir string) (archive.Manifest, error) {
	listed, err := s.in.Fetch.Install(ctx, s.release, dir, s.in.Log.Body)
	if err != nil {
		return nil, err
	}
	if err := removeOtherHeaders(dir, s.in.Common.Arch, listed); err != nil {
		return nil, err
	}
	if err := layer.MakeListedDir(dir, listed, "include"); err != nil {
		return nil, err
	}
	aside := headersDir(s.in)
	if err := errors.Join(os.RemoveAll(aside), os.Rename(filepath.Join(dir, "include"), aside)); err != nil {
		return nil, err
	}
	s.headers = listed.Cut("include")
	return listed, nil
}

// writeNPMRC keeps npm from looking for newer versions of itself, in the build and in a container. It is a file, not a
// variable: the image's environment is the app's.
// https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#global-config-file
func writeNPMRC(dir string, listed archive.Manifest) error {
	return layer.WriteListed(dir, listed, "etc/npmrc", []byte("update-notifier=false\n"))
}

// emptyDir removes what is in dir.
func emptyDir(dir string) error {
	return errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755), os.Chmod(dir, 0o755))
}

// removeOtherHeaders removes OpenSSL's headers for other architectures. They are half of the files of Node.js, and
// every build would unpack them. The header that includes one of them selects it by the compiler's target.
// https://github.com/nodejs/node/tree/main/deps/openssl
func removeOtherHeaders(dir, arch string, listed archive.Manifest) error {
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
