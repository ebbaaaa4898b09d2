// Package release makes, checks and publishes what a version of the buildpack consists of. Each of its commands is a
// target of make, which the workflow of releases calls. It creates no release and logs in nowhere.
package release

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Commands are the commands of Run, in the order of a release. A dry run has all of them.
var Commands = []string{"check", "files", "image", "verify", "start", "sign", "notes"}

// release is one version that is being published.
type release struct {
	dev     *devenv.Env
	version string // of buildpack.toml
	key     string // the private key that signs, with the public one next to it; empty for the identity of a workflow
	carried string // what the buildpack has of runtimes, as for make package; empty in a release
}

// Run executes one of the Commands, or "dry": all of them, with a registry that ends with the process. tag is the
// version's tag, or empty in a dry run. image is the image's name without a tag.
func Run(ctx context.Context, dev *devenv.Env, command, tag, image string) error {
	version, err := dev.Version()
	if err != nil {
		return err
	}
	r := release{dev: dev, version: version}
	if command == "dry" {
		return r.dry(ctx)
	}
	return r.run(ctx, command, tag, image)
}

func (r release) run(ctx context.Context, command, tag, image string) error {
	switch command {
	case "check":
		return r.check(tag)
	case "files":
		return r.files(ctx)
	case "image":
		return r.push(ctx, image)
	case "verify":
		return r.verify(ctx, image)
	case "start":
		return r.start(ctx, image)
	case "sign":
		return r.sign(ctx, image)
	case "notes":
		return r.notes(tag)
	}
	return fmt.Errorf("release has no command %q; it has %s", command, strings.Join(Commands, ", "))
}

// dry runs all commands as for a tag, with a key that nobody has afterwards. The changelog may still call the version
// unreleased. Where the vendors of the runtimes do not answer, the buildpack has some, so that the quick start can
// build. Without a Docker Engine there is no quick start.
func (r release) dry(ctx context.Context) error {
	registry, stop, err := serveRegistry()
	if err != nil {
		return err
	}
	defer stop()
	keys, err := os.MkdirTemp("", "tandem-keys-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(keys)
	r.key = filepath.Join(keys, "cosign.key")
	if made, err := r.dev.Archives(ctx); err != nil {
		return err
	} else if made != "" {
		r.carried = "python@3.14,node@24"
	}
	for _, command := range Commands {
		fmt.Fprintf(r.dev.Log, "release-%s\n", command)
		err := r.run(ctx, command, "", registry+"/tandemcnb/python-node")
		if command == "start" && errors.Is(err, devenv.ErrNoEngine) {
			fmt.Fprintf(r.dev.Log, "   %v\n", err)
		} else if err != nil {
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
