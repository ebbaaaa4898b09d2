// Package release makes, checks and publishes what a version of the buildpack consists of. Each of its commands is a
// target of make, which the workflow of releases calls. It signs nothing.
package release

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Commands are the commands of Run that work without credentials, in the order of a release.
var Commands = []string{"check", "files", "image", "verify", "notes"}

// release is one version that is being published.
type release struct {
	dev     *devenv.Env
	version string // of buildpack.toml
}

// Run executes one of the Commands, or "dry": all of them, with a registry that ends with the process. tag is the
// version's tag, or empty in a dry run. image is the image's name without a tag.
func Run(ctx context.Context, dev *devenv.Env, command, tag, image string) error {
	version, err := dev.Version()
	if err != nil {
		return err
	}
	r := release{dev, version}
	switch command {
	case "check":
		return r.check(tag)
	case "files":
		return r.files(ctx)
	case "image":
		return r.push(ctx, image)
	case "verify":
		return r.verify(ctx, image)
	case "notes":
		return r.notes(tag)
	case "dry":
		return r.dry(ctx)
	}
	return fmt.Errorf("release has no command %q; it has %s", command, strings.Join(Commands, ", "))
}

// dry runs all commands as for a tag. The changelog may still call the version unreleased.
func (r release) dry(ctx context.Context) error {
	registry, stop, err := serveRegistry()
	if err != nil {
		return err
	}
	defer stop()
	for _, command := range Commands {
		fmt.Fprintf(r.dev.Log, "release-%s\n", command)
		if err := Run(ctx, r.dev, command, "", registry+"/tandemcnb/python-node"); err != nil {
			return fmt.Errorf("release-%s: %w", command, err)
		}
	}
	return nil
}

// dir returns the directory of the release's files.
func (r release) dir() string { return filepath.Join(r.dev.Root, "dist/release") }

// path returns the path of a file of the release.
func (r release) path(name string) string { return filepath.Join(r.dir(), name) }

// tags returns the tags of the image: that of the version, which never moves, and that of its minor version.
func (r release) tags() []string {
	minor := r.version[:strings.LastIndex(r.version, ".")]
	return []string{r.version, minor}
}

// notes writes the changelog's section of the version, which is the text of the release.
func (r release) notes(tag string) error {
	text, err := os.ReadFile(filepath.Join(r.dev.Root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	section, err := section(string(text), r.version, tag == "")
	if err != nil {
		return err
	}
	return os.WriteFile(r.path("notes.md"), []byte(section), 0o644)
}
