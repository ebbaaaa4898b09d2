package devenv

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Build is one `pack build`.
type Build struct {
	App, Image string
	Env        map[string]string // build-time variables
	Bindings   map[string]string // service bindings: name to folder
	Flags      []string          // more of pack's
	ClearCache bool
	Watch      io.Writer // also gets the log, while it is printed; nil: nobody
}

// PackBuild builds an image and returns everything pack printed, which also goes to Log while it runs. The host's CA
// bundle is bound, since a proxy may stand between build and registries.
func (e *Env) PackBuild(ctx context.Context, b Build) (log string, err error) {
	builder, err := e.Builder(ctx)
	if err != nil {
		return "", err
	}
	return e.PackBuildOn(ctx, builder, b)
}

// PackBuildOn is PackBuild with another builder than ours.
func (e *Env) PackBuildOn(ctx context.Context, builder Builder, b Build) (log string, err error) {
	bindings, err := e.bindings(b.Bindings)
	if err != nil {
		return "", err
	}
	var kept strings.Builder
	err = e.pack(ctx, b.watched(e.Log, &kept), b.arguments(builder, bindings)...)
	return kept.String(), err
}

func (b Build) watched(out ...io.Writer) io.Writer {
	if b.Watch != nil {
		out = append(out, b.Watch)
	}
	return io.MultiWriter(out...)
}

// arguments are pack's; what b.Flags says comes last and wins.
func (b Build) arguments(builder Builder, bindings map[string]string) []string {
	args := []string{"build", b.Image, "--path", b.App, "--builder", builder.Image, "--trust-builder", "--network", "host"}
	if builder.Buildpack == "" {
		args = append(args, "--pull-policy", "never") // our base images are in no registry
	} else {
		args = append(args, "--pull-policy", "if-not-present", "--buildpack", builder.Buildpack)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Env)) {
		args = append(args, "--env", name+"="+b.Env[name])
	}
	for _, name := range slices.Sorted(maps.Keys(bindings)) {
		args = append(args, "--volume", bindings[name]+":/platform/bindings/"+name+":ro")
	}
	if b.ClearCache {
		args = append(args, "--clear-cache")
	}
	return append(args, b.Flags...)
}

// bindings adds one with the host's CA bundle to those given, if the host has one.
func (e *Env) bindings(given map[string]string) (map[string]string, error) {
	bundle, err := e.HostCertificates()
	if err != nil {
		return given, nil // macOS keeps none in a file; then the containers' own must do
	}
	all := map[string]string{"ca-certificates": filepath.Join(e.Home, "bindings/ca-certificates")}
	files := map[string][]byte{"type": []byte("ca-certificates\n"), "host.pem": bundle}
	if err := os.MkdirAll(all["ca-certificates"], 0o755); err != nil {
		return nil, err
	}
	for name, content := range files {
		path := filepath.Join(all["ca-certificates"], name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
			continue // a build may be reading it
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
	}
	maps.Copy(all, given)
	return all, nil
}

// HostCertificates are the authorities that this machine trusts, in PEM form.
func (e *Env) HostCertificates() ([]byte, error) {
	return os.ReadFile(firstSet(e.vars["SSL_CERT_FILE"], "/etc/ssl/certs/ca-certificates.crt"))
}
