package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// docker runs the client and returns what it wrote to its standard output.
func (g *engine) docker(ctx context.Context, args ...string) (string, error) {
	out, err := run.Shell{Env: g.vars, Out: io.Discard}.Quiet().Output(ctx, append([]string{g.client}, args...)...)
	return strings.TrimSpace(out), told(err)
}

// told adds the end of a failed command's output to its error.
func told(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("%s: %w\n%s", strings.Join(failed.Argv, " "), err, failed.Tail)
}

// load copies images from the usual engine, unless this is the usual one.
func (g *engine) load(ctx context.Context, usual *engine, images ...string) error {
	if !g.own {
		return nil
	}
	file := filepath.Join(ramdisk, "images.tar")
	defer os.Remove(file)
	if _, err := usual.docker(ctx, append([]string{"save", "--output", file}, images...)...); err != nil {
		return err
	}
	_, err := g.docker(ctx, "load", "--input", file)
	return err
}

// imageID is an image's id, "" when there is none.
func (g *engine) imageID(ctx context.Context, image string) string {
	id, err := g.docker(ctx, "image", "inspect", "--format", "{{.Id}}", image)
	if err != nil {
		return ""
	}
	return id
}

func (g *engine) imageSize(ctx context.Context, image string) (int64, error) {
	size, err := g.docker(ctx, "image", "inspect", "--format", "{{.Size}}", image)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(size, 10, 64)
}

// removeImage removes what id names; one that is used or already gone stays as it is.
func (g *engine) removeImage(ctx context.Context, id string) {
	if id != "" {
		_, _ = g.docker(ctx, "image", "rm", id)
	}
}

// volumes are those that pack made for image.
func (g *engine) volumes(ctx context.Context, image string) ([]string, error) {
	names, err := g.docker(ctx, "volume", "ls", "--quiet", "--filter", "name=pack-cache-library_"+image+"_latest")
	return strings.Fields(names), err
}

// size is what a cache holds.
type size struct{ bytes, files int64 }

// count counts what pack's volumes for image hold: the bytes of the lifecycle's archives, and the files in them.
func (g *engine) count(ctx context.Context, image string) (size, error) {
	names, err := g.volumes(ctx, image)
	if err != nil {
		return size{}, err
	}
	argv := []string{"run", "--rm", "--user", "0:0", "--network", "host", "--entrypoint", "bash"}
	for i, name := range names {
		argv = append(argv, "--volume", fmt.Sprintf("%s:/cache/%d:ro", name, i))
	}
	const count = `find /cache -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'
find /cache -name '*.tar' -exec tar -tf {} \; | grep -vc '/$'`
	out, err := g.docker(ctx, append(argv, runImage, "-c", count)...)
	if err != nil {
		return size{}, err
	}
	var all size
	_, err = fmt.Fscan(bytes.NewBufferString(out), &all.bytes, &all.files)
	return all, err
}

// dockerCache is what BuildKit keeps: of the engine as a whole, so that it says something only about one of our own.
func (b *bench) dockerCache(ctx context.Context) (size, error) {
	if !b.engine.own {
		return size{}, nil
	}
	sizes, err := b.engine.docker(ctx, "system", "df", "--format", "{{.Type}}\t{{.Size}}")
	if err != nil {
		return size{}, err
	}
	_, rest, _ := strings.Cut(sizes, "Build Cache\t")
	text, _, _ := strings.Cut(rest, "\n")
	return parseSize(text)
}

// parseSize reads sizes as docker writes them: "1.234GB".
func parseSize(text string) (size, error) {
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}} {
		if number, found := strings.CutSuffix(text, unit.name); found {
			n, err := strconv.ParseFloat(number, 64)
			return size{bytes: int64(n * unit.bytes)}, err
		}
	}
	return size{}, fmt.Errorf("docker gives the size %q", text)
}
