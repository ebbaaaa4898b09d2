package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// CompositeBuilder makes a builder with the composite around the buildpack, as a platform team would, and returns its name.
func (e *Env) CompositeBuilder(ctx context.Context) (string, error) {
	const builder = "tandem/demo-composite-builder"
	return builder, e.compositeBuilder(ctx, builder, composite{name: "tandem"}, bases{buildImage, runImage})
}

// bases are the images that a builder builds and runs in.
type bases struct{ build, run string }

func (e *Env) compositeBuilder(ctx context.Context, builder string, c composite, on bases) error {
	if _, err := e.Builder(ctx); err != nil { // the base images
		return err
	}
	lifecycle, err := e.lifecycleArchive(ctx)
	if err != nil {
		return err
	}
	uri, err := e.packComposite(ctx, c)
	if err != nil {
		return err
	}
	return e.packBuilder(ctx, builder, builderTOML(uri, "tandem/"+c.name, lifecycle, on))
}

// packComposite packages the buildpack as demos use it, and a composite around it, into the Docker Engine.
func (e *Env) packComposite(ctx context.Context, c composite) (uri string, err error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return "", err
	}
	const component = "tandem/demo-component"
	image := "tandem/demo-composite-" + c.name
	config := filepath.Join(e.Home, "component.toml")
	text := fmt.Sprintf("[buildpack]\nuri = %q\n\n[platform]\nos = \"linux\"\n", buildpack)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return "", err
	}
	flags := []string{"--pull-policy", "never", "--target", "linux/" + runtime.GOARCH}
	if err := e.packPackage(ctx, config, component, flags...); err != nil {
		return "", err
	}
	if config, err = e.config(c, e.Home, "docker://"+component); err != nil {
		return "", err
	}
	return "docker://" + image, e.packPackage(ctx, config, image, flags...)
}
