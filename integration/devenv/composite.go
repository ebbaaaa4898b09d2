package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
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
	image := "tandem/demo-composite-" + name
	c := composite{name, "docker://" + Component, others}
	return "docker://" + image, e.packComposite(ctx, c, image, imageFlags(image)...)
}

// ours matches the URI of the buildpack in the package.toml of a composite, dependency the URIs of all.
var (
	ours       = regexp.MustCompile(`docker://[^"]*/tandemcnb/[^"]*`)
	dependency = regexp.MustCompile(`(?m)^uri = "(docker://.*)"$`)
)

// composite is a directory of meta, whose package.toml is a template: the URIs in it are replaced.
type composite struct {
	name   string
	uri    string            // of our buildpack
	others map[string]string // of other people's buildpacks, by those in package.toml
}

func (e *Env) packComposite(ctx context.Context, c composite, image string, flags ...string) error {
	meta := filepath.Join(e.Root, "meta", c.name)
	content, err := os.ReadFile(filepath.Join(meta, "package.toml"))
	if err != nil {
		return err
	}
	text := ours.ReplaceAllLiteralString(string(content), c.uri)
	text = strings.Replace(text, `uri = "."`, fmt.Sprintf("uri = %q", meta), 1)
	for from, to := range c.others {
		text = strings.ReplaceAll(text, `"`+from+`"`, `"`+to+`"`)
	}
	return e.scratch(func(dir string) error {
		config := filepath.Join(dir, "package.toml")
		return errors.Join(os.WriteFile(config, []byte(text), 0o644), e.packPackage(ctx, config, image, flags...))
	})
}

// Others returns the URIs of other people's buildpacks in meta/name.
func (e *Env) Others(name string) (uris []string, err error) {
	text, err := os.ReadFile(filepath.Join(e.Root, "meta", name, "package.toml"))
	for _, found := range dependency.FindAllStringSubmatch(string(text), -1) {
		if !ours.MatchString(found[1]) {
			uris = append(uris, found[1])
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
		missing := slices.IndexFunc(others, func(uri string) bool { return !e.published(ctx, uri) })
		if missing >= 0 {
			image := strings.TrimPrefix(others[missing], "docker://")
			fmt.Fprintf(e.Log, "meta/%s is left out: no registry answers for %s\n", name, image)
			continue
		}
		found = append(found, name)
	}
	return found, nil
}

func (e *Env) published(ctx context.Context, uri string) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := e.Docker(ctx, "manifest", "inspect", strings.TrimPrefix(uri, "docker://"))
	return err == nil
}
