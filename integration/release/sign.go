package release

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// sign signs the image and the checksums, and attaches to the image of each architecture its bill of materials, as an
// attestation. It verifies what it has signed, as SECURITY.md tells users to.
func (r release) sign(ctx context.Context, image string) error {
	by, err := r.signer(ctx)
	if err != nil {
		return err
	}
	digest, err := r.pushed()
	if err != nil {
		return err
	}
	bundle := r.path(sums + ".sigstore.json")
	err = errors.Join(
		by.does(ctx, image+"@"+digest, []string{"sign"}, []string{"verify"}),
		by.does(ctx, r.path(sums), []string{"sign-blob", "--bundle", bundle},
			[]string{"verify-blob", "--bundle", bundle}))
	if err != nil {
		return err
	}
	digests, err := r.digests(ctx, image, digest)
	for arch, digest := range digests {
		bom := r.path("tandem-linux-" + arch + ".cnb" + bomSuffix)
		err = errors.Join(err, by.does(ctx, image+"@"+digest,
			[]string{"attest", "--type", "cyclonedx", "--predicate", bom},
			[]string{"verify-attestation", "--type", "cyclonedx"}))
	}
	return err
}

// signer is who signs: a key, or a run of a workflow.
type signer struct {
	cosign       func(ctx context.Context, args ...string) error
	sign, verify []string // options of cosign
}

// does signs what is named, and verifies that.
func (s signer) does(ctx context.Context, what string, sign, verify []string) error {
	for _, args := range [][]string{append(sign, s.sign...), append(verify, s.verify...)} {
		if err := s.cosign(ctx, append(args, what)...); err != nil {
			return err
		}
	}
	return nil
}

// signer returns who signs. Without a key it is the workflow that runs: GitHub confirms its file and its tag. A key is
// made if it does not exist. Its signatures are in no public log, so that verifying needs to know of none.
// https://docs.github.com/actions/reference/workflows-and-actions/variables#default-environment-variables
func (r release) signer(ctx context.Context) (s signer, err error) {
	dir := cmp.Or(filepath.Dir(r.key), r.dir())
	s.cosign = func(ctx context.Context, args ...string) error { return r.dev.Cosign(ctx, dir, args...) }
	if r.key == "" {
		workflow := os.Getenv("GITHUB_WORKFLOW_REF")
		if workflow == "" {
			return s, errors.New("only a workflow of GitHub can sign a release; make release-dry signs with a key of " +
				"its own")
		}
		s.sign = []string{"--yes"}
		s.verify = []string{"--certificate-identity", "https://github.com/" + workflow,
			"--certificate-oidc-issuer", "https://token.actions.githubusercontent.com"}
		return s, nil
	}
	services := filepath.Join(dir, "no-services.json")
	s.sign = []string{"--yes", "--key", r.key, "--signing-config", services}
	s.verify = []string{"--key", strings.TrimSuffix(r.key, ".key") + ".pub", "--insecure-ignore-tlog"}
	return s, errors.Join(s.cosign(ctx, "signing-config", "create", "--out", services),
		s.cosign(ctx, "generate-key-pair"))
}

// pushed returns the digest of the index that was pushed.
func (r release) pushed() (string, error) {
	text, err := os.ReadFile(r.path("digest"))
	return strings.TrimSpace(string(text)), err
}

// digests returns the digest of each architecture's image in an index of the registry.
func (r release) digests(ctx context.Context, image, digest string) (map[string]string, error) {
	ref, err := name.NewDigest(image + "@" + digest)
	if err != nil {
		return nil, err
	}
	index, err := remote.Index(ref, withCredentials(ctx)...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", ref, err)
	}
	return digestsOf(index)
}

func digestsOf(index v1.ImageIndex) (map[string]string, error) {
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, m := range manifest.Manifests {
		found[m.Platform.Architecture] = m.Digest.String()
	}
	return found, nil
}
