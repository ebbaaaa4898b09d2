// Package fetch downloads, verifies and unpacks the archives of releases. It does not choose any.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"
	"github.com/paketo-buildpacks/libpak/v2/log"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Limits of a download.
const (
	attempts  = 3
	firstWait = 500 * time.Millisecond // before the second attempt; four times as long before the third
	// tooLong ends an attempt whose server has stopped sending: libpak limits the connecting, not the reading.
	tooLong = 15 * time.Minute
)

// Fetcher gets archives from the first of these that has one:
//
//   - the directory dependencies of the buildpack, in the offline package
//   - a mirror or a mapping, from libpak's bindings and BP_DEPENDENCY_MIRROR
//   - the URL in the inventory
//
// It is a value without state, so several goroutines may fetch at once, each another archive.
type Fetcher struct {
	cache libpak.DependencyCache
	wait  time.Duration
}

// Say takes a line for the log, such as ui.Branch.Body. Fetch calls it from the caller's goroutine only.
type Say func(format string, args ...any)

// NewFetcher reads the settings for downloads, which go below the directory scratch. What is wrong with the settings
// is a *fail.Error: download/settings or download/bad-mirror.
func NewFetcher(bp libcnb.Buildpack, bindings libcnb.Bindings, scratch string) (Fetcher, error) {
	// libpak's logger must not be shared by goroutines, and its lines show the user name of a URL, often a token. Fetch
	// logs what happens instead.
	cache, err := libpak.NewDependencyCache(bp.Info.ID, bp.Info.Version, bp.Path, bindings, log.NewDiscardLogger())
	if err != nil {
		return Fetcher{}, &fail.Error{
			ID:   "download/settings",
			What: "The settings for downloads cannot be used",
			Why:  err.Error(),
			Fix:  fail.Fix{fail.Say{Text: "Correct the variable or the service binding."}},
			Err:  err,
		}
	}
	if err := checkMirrors(cache.DependencyMirrors); err != nil {
		return Fetcher{}, err
	}
	cache.DownloadPath = scratch
	return Fetcher{cache: cache, wait: firstWait}, nil
}

// Fetch gets dep's archive, whose checksum libpak verifies, and gives the path of the file. It tries three times if
// the network or the server fails, twice if the checksum is wrong, and tells say what it does. A context that ends
// stops it at once. Errors are *fail.Error: download/checksum or download/unreachable; the context's own; or internal
// ones.
func (f Fetcher) Fetch(ctx context.Context, r versions.Release, say Say) (string, error) {
	if err := f.forget(r); err != nil {
		return "", fmt.Errorf("fetch %s %s: %w", r.ID.Project(), r.Version, err)
	}
	return f.fetch(ctx, r, say)
}

// forget removes the files at the path to which dep is downloaded. libpak takes a file there for verified if it is next
// to <checksum>.toml, which proves nothing: other code may have written both.
func (f Fetcher) forget(r versions.Release) error {
	sum := checksum(r)
	if raw, err := hex.DecodeString(sum); err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("no checksum: %q", sum) // it names the directory, and without it libpak verifies nothing
	}
	place := filepath.Join(f.cache.DownloadPath, sum)
	return errors.Join(os.RemoveAll(place), os.RemoveAll(place+".toml"))
}

// fetch is like Fetch, but keeps older files. It waits between attempts, and stops when ctx is done.
func (f Fetcher) fetch(ctx context.Context, r versions.Release, say Say) (string, error) {
	wait := f.wait
	for n := 1; ; n++ {
		path, address, err := f.try(ctx, r, say)
		if err == nil {
			return path, nil
		}
		if cause := context.Cause(ctx); cause != nil {
			return "", fmt.Errorf("fetch %s %s: %w", r.ID.Project(), r.Version, cause)
		}
		p := diagnose(err)
		if n >= p.attempts {
			return "", p.failure(r, address, n)
		}
		say("%s; next attempt in %s", p.text, wait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait *= 4
	}
}

// try makes one attempt. It also returns the URL that libpak used, after mirrors and mappings, without credentials.
func (f Fetcher) try(ctx context.Context, r versions.Release, say Say) (path, address string, err error) {
	if err := context.Cause(ctx); err != nil {
		return "", "", err // a copy from a file:// mirror does not ask the context
	}
	ctx, cancel := context.WithTimeout(ctx, tooLong)
	defer cancel()
	address = r.URI
	asked := false
	file, err := f.cache.Artifact(dependency(r), func(request *http.Request) (*http.Request, error) {
		address, asked = secret.PublicURL(request.URL.String()), true
		say("Downloading %s", address)
		request.Close = true // libpak makes a client for each download; nothing will use its connection again
		return request.WithContext(ctx), nil
	})
	if err != nil {
		// What was written so far; nothing else uses this directory.
		partial := filepath.Join(f.cache.DownloadPath, checksum(r))
		if gone := os.RemoveAll(partial); gone != nil {
			return "", address, gone
		}
		return "", address, err
	}
	if !asked {
		// It is from the offline package or a file:// mirror.
		say("Found here, not downloaded: %s %s", r.ID.Name(), r.Version)
	}
	return file.Name(), address, file.Close()
}

// checksum returns the archive's digest as libpak writes it: lower-case digits.
func checksum(r versions.Release) string { return strings.ToLower(r.SHA256) }

// dependency returns a release as libpak describes it.
func dependency(r versions.Release) libpak.BuildModuleDependency {
	dep := libpak.BuildModuleDependency{
		ID:              string(r.ID),
		Name:            r.ID.Project(),
		Version:         r.Version,
		URI:             r.URI,
		Checksum:        libpak.Checksum(r.Checksum()),
		CPEs:            []string{r.CPE()},
		PURLS:           []string{r.PURL()},
		Arch:            r.Arch,
		OS:              "linux",
		StripComponents: uint(max(0, r.Strip)),
	}
	dep.EOLDate, _ = time.Parse(time.DateOnly, r.EOL) // zero if unknown; libpak only writes it down
	for _, l := range r.Licenses() {
		dep.Licenses = append(dep.Licenses, libpak.BuildModuleDependencyLicense(l))
	}
	return dep
}
