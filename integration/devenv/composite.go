package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// CompositeBuilder makes a builder with the composite around the buildpack, as a platform team would, once for e, and returns its
// name.
func (e *Env) CompositeBuilder(ctx context.Context) (string, error) {
	const builder = "tandem/demo-composite-builder"
	return e.aroundUs.get(func() (string, error) {
		return builder, e.compositeBuilder(ctx, builder, composite{name: "tandem"}, Bases{buildImage, runImage})
	})
}

// Bases are the images that a builder builds and runs in.
type Bases struct{ Build, Run string }

func (e *Env) compositeBuilder(ctx context.Context, builder string, c composite, on Bases) error {
	if _, err := e.Builder(ctx); err != nil { // the base images
		return err
	}
	lifecycle, err := e.LifecycleArchive(ctx)
	if err != nil {
		return err
	}
	uri, err := e.packComposite(ctx, c)
	if err != nil {
		return err
	}
	return e.packBuilder(ctx, builder, builderTOML("tandem/"+c.name, lifecycle, on, uri))
}

// PackComposite packages meta/name with other people's buildpacks at other addresses than it has, in the same order, and returns its own.
func (e *Env) PackComposite(ctx context.Context, name string, others ...string) (uri string, err error) {
	return e.packComposite(ctx, composite{name, others})
}

// Component is the image of the buildpack that CompositeBuilder leaves in the Docker Engine.
const Component = "tandem/demo-component"

// packComposite packages the buildpack as demos use it, and a composite around it, into the Docker Engine.
func (e *Env) packComposite(ctx context.Context, c composite) (uri string, err error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(e.Home, ".composite-*") // another one may be made at the same time
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	image := "tandem/demo-composite-" + c.name
	if err := e.PackFolder(ctx, buildpack, Component); err != nil {
		return "", err
	}
	config, err := e.config(c, work, "docker://"+Component)
	if err != nil {
		return "", err
	}
	return "docker://" + image, e.packPackage(ctx, config, image, toEngine()...)
}

// toEngine are pack's flags for an image of this machine's processor that the Docker Engine keeps.
func toEngine() []string {
	return []string{"--pull-policy", "never", "--target", "linux/" + runtime.GOARCH}
}

// PackFolder packages a buildpack's folder as an image for this machine's processor.
func (e *Env) PackFolder(ctx context.Context, folder, image string) error {
	work, err := os.MkdirTemp(e.Home, ".package-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	config := filepath.Join(work, "package.toml")
	text := fmt.Sprintf("[buildpack]\nuri = %q\n\n[platform]\nos = \"linux\"\n", folder)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return err
	}
	return e.packPackage(ctx, config, image, toEngine()...)
}

// composite is a folder of meta: a package of TOML around ours, and others' for some.
type composite struct {
	name   string
	others []string // addresses of the other packages in it
}

// composites are all of meta, ours alone first.
func (e *Env) composites() (all []composite, err error) {
	for _, name := range []string{"tandem", "heroku", "paketo"} {
		others, err := e.Others(name)
		if err != nil {
			return nil, err
		}
		all = append(all, composite{name, others})
	}
	return all, nil
}

// Others are the addresses of other people's buildpacks in meta/name.
func (e *Env) Others(name string) (uris []string, err error) {
	var config struct{ Dependencies []struct{ URI string } }
	if _, err := toml.DecodeFile(filepath.Join(e.Root, "meta", name, "package.toml"), &config); err != nil {
		return nil, fmt.Errorf("parse package.toml of meta/%s: %w", name, err)
	}
	for _, dependency := range config.Dependencies {
		if !strings.Contains(dependency.URI, "/tandemcnb/") {
			uris = append(uris, dependency.URI)
		}
	}
	return uris, nil
}

// available are the composites of which everything can be had. Of the others the log says what is missing.
func (e *Env) available(ctx context.Context) (found []composite, err error) {
	all, err := e.composites()
	for _, c := range all {
		if missing := e.notPublished(ctx, c.others); missing != "" {
			fmt.Fprintf(e.Log, "meta/%s is left out: no registry answers for %s\n", c.name, missing)
			continue
		}
		found = append(found, c)
	}
	return found, err
}

// notPublished is the first of some images that no registry has, "" when all are there.
func (e *Env) notPublished(ctx context.Context, uris []string) string {
	for _, uri := range uris {
		image := strings.TrimPrefix(uri, "docker://")
		short, cancel := context.WithTimeout(ctx, 10*time.Second)
		err := e.run(short, "", "docker", "manifest", "inspect", image)
		cancel()
		if err != nil {
			return image
		}
	}
	return ""
}

// suffix is what a composite's file or image has in its name.
func (c composite) suffix() string {
	if c.name == "tandem" {
		return "meta"
	}
	return c.name
}

// config writes dir/meta.toml: the composite's package.toml around the component at uri.
func (e *Env) config(c composite, dir, uri string) (string, error) {
	meta := filepath.Join(e.Root, "meta", c.name)
	config := map[string]any{}
	if _, err := toml.DecodeFile(filepath.Join(meta, "package.toml"), &config); err != nil {
		return "", fmt.Errorf("parse the composite's package.toml: %w", err)
	}
	config["buildpack"] = map[string]any{"uri": meta}
	dependencies := []map[string]any{{"uri": uri}}
	for _, other := range c.others {
		dependencies = append(dependencies, map[string]any{"uri": other})
	}
	config["dependencies"] = dependencies
	text, err := toml.Marshal(config)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "meta.toml")
	return file, os.WriteFile(file, text, 0o644)
}
