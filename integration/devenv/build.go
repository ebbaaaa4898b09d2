package devenv

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Build describes one `pack build`.
type Build struct {
	App, Image string
	Builder    Builder           // that of the method Builder if it has no image
	Env        map[string]string // build-time variables
	Bindings   map[string]string // service bindings: name to directory
	Flags      []string          // more flags of pack
	ClearCache bool
	Watch      io.Writer // also gets the log while it is printed; may be nil
}

// PackBuild builds an image and returns everything pack printed, which also goes to Log while it runs. The host's CA
// bundle is bound, since a proxy may be between the build and registries.
func (e *Env) PackBuild(ctx context.Context, b Build) (log string, err error) {
	if b.Builder.Image == "" {
		if b.Builder, err = e.Builder(ctx); err != nil {
			return "", err
		}
	}
	if b.Bindings, err = e.bindings(b.Bindings); err != nil {
		return "", err
	}
	var kept strings.Builder
	err = e.pack(ctx, b.watched(e.Log, &kept), b.arguments()...)
	return kept.String(), err
}

// DownloadSBOM runs pack with the arguments that write the bills of materials of an image into a directory.
func (e *Env) DownloadSBOM(ctx context.Context, args ...string) error {
	return told(e.pack(ctx, io.Discard, args...))
}

func (b Build) watched(out ...io.Writer) io.Writer {
	if b.Watch != nil {
		out = append(out, b.Watch)
	}
	return io.MultiWriter(out...)
}

// arguments returns those of pack. b.Flags comes last and wins.
func (b Build) arguments() []string {
	args := []string{"build", b.Image, "--path", b.App, "--builder", b.Builder.Image, "--trust-builder",
		"--network", "host"}
	if b.Builder.Buildpack == "" {
		args = append(args, "--pull-policy", "never") // our base images are in no registry
	} else {
		args = append(args, "--pull-policy", "if-not-present", "--buildpack", b.Builder.Buildpack)
	}
	args = append(args, environment(b.Env)...)
	for _, name := range slices.Sorted(maps.Keys(b.Bindings)) {
		args = append(args, "--volume", b.Bindings[name]+":/platform/bindings/"+name+":ro")
	}
	if b.ClearCache {
		args = append(args, "--clear-cache")
	}
	return append(args, b.Flags...)
}

// environment returns a flag --env for each variable, in the order of the names.
func environment(vars map[string]string) (flags []string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		flags = append(flags, "--env", name+"="+vars[name])
	}
	return flags
}

// bindings returns those given and one with the host's CA bundle, if the host has one.
func (e *Env) bindings(given map[string]string) (map[string]string, error) {
	bundle, err := e.HostCertificates()
	if err != nil {
		return given, nil // macOS has none in a file; then the containers' own must do
	}
	dir, err := e.Kept(fmt.Sprintf("bindings/ca-certificates-%x", sha256.Sum256(bundle)), func(dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "type"), []byte("ca-certificates\n"), 0o644),
			os.WriteFile(filepath.Join(dir, "host.pem"), bundle, 0o644))
	})
	all := map[string]string{"ca-certificates": dir}
	maps.Copy(all, given)
	return all, err
}

// HostCertificates returns the authorities that this machine trusts, in PEM form.
func (e *Env) HostCertificates() ([]byte, error) {
	if file := e.vars["SSL_CERT_FILE"]; file != "" {
		return os.ReadFile(file)
	}
	return os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
}
