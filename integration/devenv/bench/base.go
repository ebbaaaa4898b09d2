package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// base is the opponent whose buildpack another checkout of the repository has.
const base = "base"

// Digests builds each example with the buildpack of the checkout in the directory root and with this one, and prints
// the layers that are not the same to the byte.
func Digests(ctx context.Context, dev *devenv.Env, root string) (err error) {
	apps, err := filepath.Glob(filepath.Join(dev.Root, "examples/*/package.json"))
	if err != nil {
		return err
	}
	say := dev.Log
	dev.Log = io.Discard
	if err := builders(ctx, dev, root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tandem-digests-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, app := range apps {
		app := filepath.Dir(app)
		name := filepath.Base(app)
		differ, err := compare(ctx, dev, app, filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(say, "%-16s layers that differ: %v\n", name, differ)
	}
	return nil
}

// builders makes one with each of the two buildpacks.
func builders(ctx context.Context, dev *devenv.Env, root string) error {
	theirs, err := dev.BuildpackOf(ctx, root)
	if err != nil {
		return err
	}
	ours, err := dev.Buildpack(ctx)
	if err != nil {
		return err
	}
	return errors.Join(dev.BuilderOf(ctx, (&opponent{name: base}).builder(), devenv.Debian, theirs),
		dev.BuilderOf(ctx, (&opponent{name: tandem}).builder(), devenv.Debian, ours))
}

// isolate moves the images of other opponents with the same layers out of the engine, and that of o back. Otherwise the
// engine has these layers already, and o is faster than without the other one.
func (b *bench) isolate(ctx context.Context, o *opponent) error {
	if b.Base == "" || b.Target == Registry {
		return nil
	}
	for _, other := range b.opponents {
		if other == o || b.dev.ImageID(ctx, other.image) == "" {
			continue
		}
		if _, err := b.dev.Docker(ctx, "save", "--output", b.saved(other), other.image); err != nil {
			return err
		}
		if _, err := b.dev.Docker(ctx, "image", "rm", other.image); err != nil {
			return err
		}
	}
	if _, err := os.Stat(b.saved(o)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err := b.dev.Docker(ctx, "load", "--input", b.saved(o))
	return errors.Join(err, os.Remove(b.saved(o)))
}

// saved returns the file with the image of o while that is not in the engine.
func (b *bench) saved(o *opponent) string { return b.path(o.image + ".tar") }

// compare builds app twice without a cache and returns the names of the layers that differ.
func compare(ctx context.Context, dev *devenv.Env, app, scratch string) (differ []string, err error) {
	staged, err := dev.Stage(ctx, app, scratch)
	if err != nil {
		return nil, err
	}
	var layers [2]map[string]string
	for i, name := range []string{base, tandem} {
		o := &opponent{name: name, image: "tandem-digests-" + filepath.Base(app)}
		log, err := dev.PackBuild(ctx, devenv.Build{App: staged, Image: o.image, ClearCache: true,
			Builder: devenv.Builder{Image: o.builder()}})
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", name, err, log)
		}
		layers[i], err = dev.LayerDigests(ctx, o.image)
		_, gone := dev.Docker(ctx, "image", "rm", "--force", o.image)
		if err := errors.Join(err, gone); err != nil {
			return nil, err
		}
	}
	names := slices.Concat(slices.Collect(maps.Keys(layers[0])), slices.Collect(maps.Keys(layers[1])))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if layers[0][name] != layers[1][name] {
			differ = append(differ, name)
		}
	}
	return differ, nil
}
