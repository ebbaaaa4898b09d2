package devenv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Builder is what pack builds with: a builder image and, when that is somebody else's, our buildpack's folder.
type Builder struct {
	Image     string
	Buildpack string // "" when the builder has it
}

// Builder makes a builder ready, once for e: a public one where a container registry answers, else our own with the
// buildpack in it. It starts a Docker Engine when none runs.
func (e *Env) Builder(ctx context.Context) (Builder, error) {
	return e.builder.get(func() (Builder, error) { return e.makeBuilder(ctx) })
}

func (e *Env) makeBuilder(ctx context.Context) (Builder, error) {
	if err := e.Engine(ctx); err != nil {
		return Builder{}, err
	}
	public, err := e.PublicBuilder(ctx)
	if err != nil {
		return Builder{}, err
	}
	if public != "" {
		buildpack, err := e.Buildpack(ctx)
		return Builder{Image: public, Buildpack: buildpack}, err
	}
	var buildpack, lifecycle string
	err = run.Parallel(ctx, // one waits for the network and the disk while the other computes
		func(ctx context.Context) error { return e.BaseImages(ctx) },
		func(ctx context.Context) (err error) {
			if _, err = e.Pack(ctx); err != nil {
				return err
			}
			if lifecycle, err = e.LifecycleArchive(ctx); err != nil {
				return err
			}
			buildpack, err = e.Buildpack(ctx)
			return err
		})
	if err != nil {
		return Builder{}, err
	}
	return Builder{Image: ownBuilder}, e.createBuilder(ctx, buildpack, lifecycle)
}

// createBuilder makes our builder unless the one that is there was made from the same things.
func (e *Env) createBuilder(ctx context.Context, buildpack, lifecycle string) error {
	contents, err := digestTree(buildpack)
	if err != nil {
		return err
	}
	made := filepath.Join(e.Home, "builder.made-from")
	from, last := inputs(contents, LifecycleVersion, e.ImageID(ctx, buildImage), e.ImageID(ctx, runImage)), e.ImageID(ctx, ownBuilder)
	if old, err := os.ReadFile(made); err == nil && string(old) == from+last {
		return nil
	}
	return e.step("make "+ownBuilder, func() error {
		id, _, err := identity(buildpack)
		if err != nil {
			return err
		}
		config := builderTOML(id, lifecycle, Bases{buildImage, runImage}, buildpack)
		if err := e.packBuilder(ctx, ownBuilder, config); err != nil {
			return err
		}
		image := e.ImageID(ctx, ownBuilder)
		if last != "" && last != image { // the same things give the same image, and its name would be removed
			_ = e.run(ctx, "", "docker", "image", "rm", last) // refused while something uses it: then it stays
		}
		return os.WriteFile(made, []byte(from+image), 0o644)
	})
}

// inputs is one digest of all of them; an input's end can't be taken for the next one's beginning.
func inputs(all ...string) string {
	sum := sha256.New()
	for _, input := range all {
		fmt.Fprintf(sum, "%q\n", input)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// packBuilder has pack make the builder image that config describes.
func (e *Env) packBuilder(ctx context.Context, image, config string) error {
	work, err := os.MkdirTemp(e.Home, ".builder-*") // another one may be made at the same time
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	file := filepath.Join(work, "builder.toml")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return err
	}
	return told(e.pack(ctx, io.Discard, "builder", "create", image, "--config", file, "--pull-policy", "never"))
}

// builderTOML is the configuration of a builder with the buildpacks that are to be had at uris; it builds with the one id.
// https://buildpacks.io/docs/reference/config/builder-config/
func builderTOML(id, lifecycle string, on Bases, uris ...string) string {
	text := "description = \"Debian with buildpacks, for demos and tests\"\n\n"
	for _, uri := range uris {
		text += fmt.Sprintf("[[buildpacks]]\nuri = %q\n\n", uri)
	}
	return text + fmt.Sprintf(`[[order]]
[[order.group]]
id = %q

[lifecycle]
uri = %q

[build]
image = %q

[[run.images]]
image = %q
`, id, lifecycle, on.Build, on.Run)
}
