package bench

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// The targets of a run: where builds leave their images.
const (
	Engine   = "engine"
	Registry = "registry"
)

// baseRepository has the image on which those of an opponent are made.
const baseRepository = "base"

// target is a registry on the loopback interface to which one opponent publishes its images. They are in memory.
type target struct {
	host   string // with the port
	server *http.Server
	images atomic.Pointer[http.Handler]
}

// serve starts an empty registry. The caller must close its server.
func serve() (*target, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &target{host: listener.Addr().String()}
	t.empty()
	t.server = &http.Server{Handler: t}
	go func() { _ = t.server.Serve(listener) }() // its error is that it was closed
	return t, nil
}

// ServeHTTP passes a request to the images that there are now.
func (t *target) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	(*t.images.Load()).ServeHTTP(w, q)
}

// empty forgets all images.
func (t *target) empty() {
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	t.images.Store(&images)
}

// ref returns the name of an image in this registry.
func (t *target) ref(image string) string { return t.host + "/" + image }

// check returns an error unless the registry has exactly these repositories.
func (t *target) check(ctx context.Context, want ...string) error {
	host, err := name.NewRegistry(t.host)
	if err != nil {
		return err
	}
	found, err := remote.Catalog(ctx, host)
	if err != nil {
		return err
	}
	if !slices.Equal(found, want) {
		return fmt.Errorf("the registry has the images %q before a cold build, not %q", found, want)
	}
	return nil
}

// size returns the bytes of an image's layers in this registry.
func (t *target) size(image string) (bytes int64, err error) {
	ref, err := name.ParseReference(t.ref(image))
	if err != nil {
		return 0, err
	}
	published, err := remote.Image(ref)
	if err != nil {
		return 0, err
	}
	manifest, err := published.Manifest()
	if err != nil {
		return 0, err
	}
	for _, layer := range manifest.Layers {
		bytes += layer.Size
	}
	return bytes, nil
}

// refill empties the registry of o, but for the image on which those of o are made: a registry has it before the
// first build.
func (b *bench) refill(ctx context.Context, o *opponent) error {
	o.target.empty()
	if err := o.target.check(ctx); err != nil {
		return err
	}
	if err := b.push(ctx, o.base(), o.target.ref(baseRepository)); err != nil {
		return err
	}
	if _, err := b.dev.Docker(ctx, "image", "rm", o.target.ref(baseRepository)); err != nil {
		return err
	}
	return o.target.check(ctx, baseRepository)
}

// push publishes an image of the engine under another name.
func (b *bench) push(ctx context.Context, image, ref string) error {
	if _, err := b.dev.Docker(ctx, "tag", image, ref); err != nil {
		return err
	}
	_, err := b.dev.Docker(ctx, "push", "--quiet", ref)
	return err
}
