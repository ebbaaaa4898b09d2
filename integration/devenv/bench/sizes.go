package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// sizes is the table of images and caches after the last build.
func (b *bench) sizes(ctx context.Context) (table, error) {
	t := table{{"after the last build", "image, MB", "caches, MB", "files in caches"}}
	for _, o := range b.opponents {
		size, err := b.dev.Inspect(ctx, o.image, "{{.Size}}")
		if err != nil {
			return nil, err
		}
		caches, count, err := b.caches(ctx, o)
		if err != nil {
			return nil, err
		}
		t = append(t, []string{o.name, megabytes(size), megabytes(caches), count})
	}
	return t, nil
}

func megabytes(bytes string) string {
	n, _ := strconv.ParseFloat(strings.TrimSpace(bytes), 64) // Docker and awk write numbers
	return fmt.Sprintf("%.0f", n/1e6)
}

// caches returns how much o keeps between builds, in bytes and in files: for pack those in the lifecycle's archives.
// What BuildKit keeps is the same for all that use the engine, and so it is 0 unless that is our own.
func (b *bench) caches(ctx context.Context, o *opponent) (size, count string, err error) {
	if o.dockerfile != "" && !b.memory {
		return "0", "", nil
	} else if o.dockerfile != "" {
		size, err = b.dev.Docker(ctx, "system", "df", "--format", `{{if eq .Type "Build Cache"}}{{.Size}}{{end}}`)
		return strings.NewReplacer("GB", "e9", "MB", "e6", "kB", "e3", "B", "").Replace(size), "", err
	}
	volumes, err := b.volumes(ctx, o)
	if err != nil {
		return "", "", err
	}
	argv := []string{"run", "--rm", "--user", "0:0", "--network", "host", "--entrypoint", "bash"}
	for _, name := range volumes {
		argv = append(argv, "--volume", name+":/cache/"+name+":ro")
	}
	const counts = `find /cache -type f -printf '%s\n' | awk '{ n += $1 } END { printf "%d ", n }'
find /cache -name '*.tar' -exec tar -tf {} \; | grep -vc '/$'`
	out, err := b.dev.Docker(ctx, append(argv, devenv.Debian.Run, "-c", counts)...)
	size, count, _ = strings.Cut(out, " ")
	return size, count, err
}
