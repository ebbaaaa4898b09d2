package devenv

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// composites are the directories of meta, ours alone first.
var composites = []string{"tandem", "heroku", "paketo"}

// Component is the image of the buildpack that CompositeBuilder leaves in the Docker Engine.
const Component = "tandem/demo-component"

// CompositeBuilder makes a builder with the composite around the buildpack, as a platform team would, once for e, and
// returns its name.
func (e *Env) CompositeBuilder(ctx context.Context) (string, error) {
	const builder = "tandem/demo-composite-builder"
	return e.aroundUs.get(func() (string, error) {
		if _, err := e.Builder(ctx); err != nil { // the base images
			return "", err
		}
		uri, err := e.PackComposite(ctx, "tandem", nil)
		if err != nil {
			return "", err
		}
		return builder, e.createBuilder(ctx, builder, contents{id: "tandem/tandem", on: Debian, uris: []string{uri}})
	})
}

// PackComposite packages meta/name around the buildpack as demos use it, as an image of the Docker Engine, and returns
// its URI. others are other URIs for dependencies, by those in its package.toml.
func (e *Env) PackComposite(ctx context.Context, name string, others map[string]string) (uri string, err error) {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return "", err
	}
	if err := e.PackFolder(ctx, buildpack, Component); err != nil {
		return "", err
	}
	c, err := e.composite(name, "docker://"+Component)
	if err != nil {
		return "", err
	}
	for i, dependency := range c.Dependencies {
		c.Dependencies[i].URI = cmp.Or(others[dependency.URI], dependency.URI)
	}
	image := "tandem/demo-composite-" + name
	return "docker://" + image, e.packPackage(ctx, c, image, imageFlags(image)...)
}

// packageConfig is a package.toml. https://buildpacks.io/docs/reference/config/package-config/
type packageConfig struct {
	Buildpack    location            `toml:"buildpack"`
	Dependencies []location          `toml:"dependencies"`
	Targets      []map[string]string `toml:"targets"`
}

type location struct {
	URI string `toml:"uri"`
}

// readPackage returns the package.toml of a directory with ours as the URI of our buildpack among its dependencies.
func readPackage(dir, ours string) (c packageConfig, err error) {
	if _, err := toml.DecodeFile(filepath.Join(dir, "package.toml"), &c); err != nil {
		return c, fmt.Errorf("parse package.toml of %s: %w", dir, err)
	}
	c.Buildpack.URI = filepath.Join(dir, c.Buildpack.URI)
	for i, dependency := range c.Dependencies {
		if strings.Contains(dependency.URI, "/tandemcnb/") {
			c.Dependencies[i].URI = ours
		}
	}
	return c, nil
}

func (e *Env) composite(name, ours string) (packageConfig, error) {
	return readPackage(filepath.Join(e.Root, "meta", name), ours)
}

// Others returns the URIs of other people's buildpacks in meta/name.
func (e *Env) Others(name string) (uris []string, err error) {
	c, err := e.composite(name, "")
	for _, dependency := range c.Dependencies {
		if dependency.URI != "" {
			uris = append(uris, dependency.URI)
		}
	}
	return uris, err
}

// available returns the composites whose dependencies are all in a registry that answers. The log says what is missing
// of the others.
func (e *Env) available(ctx context.Context) (found []string, err error) {
	for _, name := range composites {
		others, err := e.Others(name)
		if err != nil {
			return nil, err
		}
		missing := slices.IndexFunc(others, func(uri string) bool { return !e.published(ctx, image(uri)) })
		if missing < 0 {
			found = append(found, name)
			continue
		}
		fmt.Fprintf(e.Log, "meta/%s is left out: no registry answers for %s\n", name, image(others[missing]))
	}
	return found, nil
}

func image(uri string) string { return strings.TrimPrefix(uri, "docker://") }
