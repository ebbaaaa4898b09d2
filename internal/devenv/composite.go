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
	if _, err := e.Builder(ctx); err != nil { // the base images
		return "", err
	}
	lifecycle, err := e.lifecycleArchive(ctx)
	if err != nil {
		return "", err
	}
	composite, err := e.packComposite(ctx)
	if err != nil {
		return "", err
	}
	const builder = "tandem/demo-composite-builder"
	return builder, e.packBuilder(ctx, builder, builderTOML(composite, "tandem/tandem", lifecycle))
}

// packComposite packages the buildpack as demos use it, and the composite around it, into the Docker Engine.
func (e *Env) packComposite(ctx context.Context) (uri string, err error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return "", err
	}
	const component, composite = "tandem/demo-component", "tandem/demo-composite"
	config := filepath.Join(e.Home, "component.toml")
	text := fmt.Sprintf("[buildpack]\nuri = %q\n\n[platform]\nos = \"linux\"\n", buildpack)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return "", err
	}
	flags := []string{"--pull-policy", "never", "--target", "linux/" + runtime.GOARCH}
	if err := e.packPackage(ctx, config, component, flags...); err != nil {
		return "", err
	}
	if config, err = e.composite(e.Home, "docker://"+component); err != nil {
		return "", err
	}
	return "docker://" + composite, e.packPackage(ctx, config, composite, flags...)
}
