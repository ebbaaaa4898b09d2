package release

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// architectures are those of the image.
var architectures = []string{"amd64", "arm64"}

// metadataLabel is what pack and kpack read of a buildpack's image.
// https://github.com/buildpacks/spec/blob/main/distribution.md
const metadataLabel = "io.buildpacks.buildpackage.metadata"

// serveRegistry starts a registry on this machine and returns its host and what ends it.
func serveRegistry() (host string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "tandem-registry-")
	if err != nil {
		return "", nil, err
	}
	server := httptest.NewServer(registry.New(registry.WithBlobHandler(registry.NewDiskBlobHandler(dir)),
		registry.Logger(log.New(io.Discard, "", 0))))
	return server.Listener.Addr().String(), func() { server.Close(); _ = os.RemoveAll(dir) }, nil
}

// push pushes one index with the images of both architectures, under all tags, and writes its digest into a file.
func (r release) push(ctx context.Context, image string) error {
	dir, err := os.MkdirTemp("", "tandem-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var index v1.ImageIndex = empty.Index
	for _, arch := range architectures {
		built, err := r.image(arch, filepath.Join(dir, arch))
		if err != nil {
			return fmt.Errorf("the image for %s: %w", arch, err)
		}
		platform := &v1.Platform{OS: "linux", Architecture: arch}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: built, Descriptor: v1.Descriptor{Platform: platform}})
	}
	for _, tag := range r.tags() {
		ref, err := name.NewTag(image + ":" + tag)
		if err != nil {
			return err
		}
		if err := remote.WriteIndex(ref, index, withCredentials(ctx)...); err != nil {
			return fmt.Errorf("push %s: %w", ref, err)
		}
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(r.dev.Log, "   %s@%s\n", image, digest)
	err = os.WriteFile(r.path("digest"), []byte(digest.String()+"\n"), 0o644)
	return errors.Join(err, output("digest="+digest.String()))
}

// output gives a value to the later steps of a workflow of GitHub, if there is one.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
func output(line string) error {
	file := os.Getenv("GITHUB_OUTPUT")
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, line)
	return errors.Join(err, f.Close())
}

func withCredentials(ctx context.Context) []remote.Option {
	return []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
}

// image returns the image of the buildpack for an architecture, from the file that pack has made. Its entrypoint is the
// command tandem, so that `docker run IMAGE explain /app` works. pack and kpack ignore it. The layers are read from dir
// when the image is pushed.
func (r release) image(arch, dir string) (v1.Image, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := untar(r.path("tandem-linux-"+arch+".cnb"), dir); err != nil {
		return nil, err
	}
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	if len(manifest.Manifests) != 1 {
		return nil, fmt.Errorf("the file has %d images, want 1", len(manifest.Manifests))
	}
	image, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config := *file.Config.DeepCopy()
	config.Entrypoint = []string{"/cnb/buildpacks/tandem_python-node/" + r.version + "/bin/tandem"}
	return mutate.Config(image, config)
}

// untar unpacks the OCI layout of a .cnb file, which has files and directories only.
func untar(file, dir string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for reader := tar.NewReader(f); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := unpackFile(root, filepath.Clean("./"+header.Name), reader); err != nil {
			return err
		}
	}
}

func unpackFile(root *os.Root, name string, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	out, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Close())
}
