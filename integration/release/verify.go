package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// verify reads from the registry what was pushed, and compares it and the files with what a release must be.
func (r release) verify(ctx context.Context, image string) error {
	if err := r.verifyFiles(ctx); err != nil {
		return err
	}
	pushed, err := r.pushed()
	if err != nil {
		return err
	}
	for _, tag := range r.tags() {
		ref, err := name.NewTag(image + ":" + tag)
		if err != nil {
			return err
		}
		index, err := remote.Index(ref, withCredentials(ctx)...)
		if err != nil {
			return fmt.Errorf("read %s: %w", ref, err)
		}
		if err := r.verifyIndex(index, pushed); err != nil {
			return fmt.Errorf("%s: %w", ref, err)
		}
	}
	return nil
}

// verifyIndex compares the digest, the architectures, and each image's entrypoint and label.
func (r release) verifyIndex(index v1.ImageIndex, want string) error {
	digest, err := index.Digest()
	if err != nil || digest.String() != want {
		return errors.Join(err, fmt.Errorf("the digest is %s, want %s", digest, want))
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	var found []string
	for _, m := range manifest.Manifests {
		found = append(found, m.Platform.Architecture)
		image, err := index.Image(m.Digest)
		if err != nil {
			return err
		}
		if err := r.verifyImage(image); err != nil {
			return fmt.Errorf("the image for %s: %w", m.Platform.Architecture, err)
		}
	}
	if !slices.Equal(found, architectures) {
		return fmt.Errorf("the architectures are %v, want %v", found, architectures)
	}
	return nil
}

func (r release) verifyImage(image v1.Image) error {
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	var metadata struct{ ID, Version string }
	if err := json.Unmarshal([]byte(file.Config.Labels[metadataLabel]), &metadata); err != nil {
		return fmt.Errorf("parse the label %s: %w", metadataLabel, err)
	}
	if metadata.ID != "tandem/python-node" || metadata.Version != r.version {
		return fmt.Errorf("the label %s has %s %s, want version %s", metadataLabel, metadata.ID, metadata.Version,
			r.version)
	}
	want := "/" + r.version + "/bin/tandem"
	if entrypoint := file.Config.Entrypoint; len(entrypoint) != 1 || !strings.HasSuffix(entrypoint[0], want) {
		return fmt.Errorf("the entrypoint is %v, want …%s", entrypoint, want)
	}
	return nil
}
