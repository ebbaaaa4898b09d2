package bench

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"

	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// The base images that package devenv makes.
const (
	buildImage = "tandem/build:bookworm"
	runImage   = "tandem/run:bookworm"
)

//go:embed opponents
var opponentFiles embed.FS

// runtimes are what the opponents get: the lines that Tandem takes for the examples.
var runtimes = []struct {
	id            versions.ID
	version, file string
}{
	{"node", "24", "node.tar.gz"},
	{"cpython", "3.13", "python.tar.gz"},
	{"uv", "", "uv.tar.gz"},
}

// fetchRuntimes puts the archives of the runtimes into b.dir/runtimes: those that Tandem's own buildpack has with it, or the vendors'.
func (b *bench) fetchRuntimes(ctx context.Context) error {
	archives, err := b.dev.Archives(ctx)
	if err != nil {
		return err
	}
	inventory, err := versions.Load(cmp.Or(archives, b.dev.Root), os.ReadFile) // the root has none: then it is the shipped one
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.path("runtimes"), 0o755); err != nil {
		return err
	}
	for _, r := range runtimes {
		dep, err := inventory.Choose(versions.Ask{ID: r.id, First: versions.Request{Want: r.version}}, runtime.GOARCH)
		if err != nil {
			return err
		}
		b.versions = append(b.versions, dep.ID.Project()+" "+dep.Version)
		target := b.path("runtimes/" + r.file)
		if archives == "" {
			err = download(ctx, dep.URI, dep.Checksum(), target)
		} else if address, failed := url.Parse(dep.URI); failed != nil {
			err = failed
		} else {
			err = copyFile(filepath.Join(archives, path.Base(address.Path)), target)
		}
		if err != nil {
			return fmt.Errorf("get %s: %w", r.id, err)
		}
	}
	return nil
}

// download fetches a file that has the sum "sha256:...".
func download(ctx context.Context, address, sum, target string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	out, err := os.Create(target)
	if err != nil {
		return err
	}
	defer out.Close()
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, hash), response.Body); err != nil {
		return err
	}
	if got := "sha256:" + hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("%s answers %s with the sum %s, want %s", address, response.Status, got, sum)
	}
	return nil
}

// makeImages makes the images that the Dockerfiles begin with.
func (b *bench) makeImages(ctx context.Context) error {
	dir := b.path("runtimes")
	if err := copyFile(filepath.Join(b.binding(), "host.pem"), filepath.Join(dir, "ca.pem")); err != nil {
		return err
	}
	content, err := opponentFiles.ReadFile("opponents/docker/images.Dockerfile")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), content, 0o644); err != nil {
		return err
	}
	for _, name := range []string{"node", "python", "uv"} {
		if _, err := b.engine.docker(ctx, "build", "--network", "host", "--target", name, "--tag", "tandem/bench-"+name, dir); err != nil {
			return err
		}
	}
	return nil
}

// makeBuildpack writes one of the buildpacks that Tandem is compared with and returns its folder.
func (b *bench) makeBuildpack(name string) (string, error) {
	dir := b.path("buildpacks/" + name)
	files := map[string]string{"steps.sh": "steps.sh", "detect": "bin/detect", name + "/build": "bin/build"}
	for from, to := range files {
		content, err := opponentFiles.ReadFile(path.Join("opponents", from))
		if err != nil {
			return "", err
		}
		if err := writeFile(filepath.Join(dir, to), content, 0o755); err != nil {
			return "", err
		}
	}
	for _, r := range runtimes {
		if err := copyFile(b.path("runtimes/"+r.file), filepath.Join(dir, "runtimes", r.file)); err != nil {
			return "", err
		}
	}
	toml := fmt.Sprintf("api = \"0.10\"\n[buildpack]\nid = \"tandem-bench/%s\"\nversion = \"1.0.0\"\n[[targets]]\nos = \"linux\"\n", name)
	return dir, writeFile(filepath.Join(dir, "buildpack.toml"), []byte(toml), 0o644)
}

// makeBuilder has pack make a builder image with the one buildpack id in the folder dir.
func (b *bench) makeBuilder(ctx context.Context, image, id, dir string) error {
	config := b.path(path.Base(image) + ".toml")
	text := fmt.Sprintf("[[buildpacks]]\nuri = %q\n[[order]]\n[[order.group]]\nid = %q\n[lifecycle]\nuri = %q\n[build]\nimage = %q\n[[run.images]]\nimage = %q\n",
		dir, id, b.lifecycle, buildImage, runImage)
	if err := writeFile(config, []byte(text), 0o644); err != nil {
		return err
	}
	sh := run.Shell{Dir: b.dir, Env: b.packVars(), Out: io.Discard}
	return told(sh.Run(ctx, b.pack, "builder", "create", image, "--config", config, "--pull-policy", "never"))
}

func writeFile(name string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, mode)
}
