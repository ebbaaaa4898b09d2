package npmfeed

import (
	"context"
	"crypto/sha1" //nolint:gosec // old locks have nothing else; npm accepts it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// newHash returns the hash of an algorithm in the list of strongest.
func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case "sha1":
		return sha1.New() //nolint:gosec // old locks have nothing else, and npm accepts it
	case "sha256":
		return sha256.New()
	case "sha384":
		return sha512.New384()
	}
	return sha512.New()
}

// Limits of one download.
const (
	maxArchive = 256 << 20        // bytes
	silence    = 30 * time.Second // without a byte
	// A network in which nothing answers is not asked for each package.
	connecting = 10 * time.Second
	mayFail    = 5 // downloads, until one has succeeded
)

// download is an archive on its way. Its fields may be read once done is closed.
type download struct {
	done chan struct{}
	file string
	err  error
}

// NewClient returns a client for Start. It uses the proxies and the certificates of this process, and follows no
// redirect from https to http.
func NewClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: connecting}).DialContext,
			ForceAttemptHTTP2: true, DisableCompression: true,
			MaxIdleConnsPerHost: downloads, TLSHandshakeTimeout: silence, ResponseHeaderTimeout: silence,
		},
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			if len(via) > 5 || via[0].URL.Scheme == "https" && to.URL.Scheme != "https" {
				return errors.New("the redirect is not followed")
			}
			return nil
		},
	}
}

// wanted returns the download of an archive, and begins it if it is new. The URL is the lock's, or npm's own for an
// archive that the lock does not name.
func (f *Feed) wanted(ctx context.Context, sum digest, address string) *download {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.archives[sum]
	if d != nil {
		return d
	}
	d = &download{done: make(chan struct{})}
	f.archives[sum] = d
	f.busy.Go(func() {
		defer close(d.done)
		select {
		case f.turns <- struct{}{}:
			defer func() { <-f.turns }()
			d.file, d.err = f.fetchIf(ctx, address)
		case <-ctx.Done():
			d.err = ctx.Err()
		}
	})
	return d
}

// fetchIf downloads an archive unless all downloads fail.
func (f *Feed) fetchIf(ctx context.Context, address string) (file string, err error) {
	if f.failed.Load() >= mayFail {
		return "", errors.New("no download succeeds")
	}
	if file, err = f.fetch(ctx, address); err != nil {
		f.failed.Add(1)
	} else {
		f.failed.Store(-1 << 30) // the network is there
	}
	return file, err
}

// fetch downloads an archive into a file of the feed. Its digest is compared when it is unpacked. It tries once: npm
// tries again.
func (f *Feed) fetch(ctx context.Context, address string) (file string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := time.AfterFunc(silence, cancel)
	defer idle.Stop()
	get, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	get.Header.Set("Accept", "*/*")
	get.Header.Set("User-Agent", "tandem")
	response, err := f.client.Do(get)
	if err != nil {
		if named, ok := errors.AsType[*url.Error](err); ok {
			err = named.Err // without the URL, which may have credentials
		}
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", errors.New(response.Status)
	}
	out, err := os.CreateTemp(f.dir, "*.tgz")
	if err != nil {
		return "", err
	}
	defer out.Close()
	_, err = io.Copy(out, io.LimitReader(alive{response.Body, idle}, maxArchive)) // the digest of more is another one
	return out.Name(), err
}

// alive restarts a timer with each read.
type alive struct {
	io.Reader
	idle *time.Timer
}

func (r alive) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.idle.Reset(silence)
	return n, err
}

// verified returns the contents of a file that has the digest. They are read once, so that nothing else is unpacked
// than what was compared.
func verified(file string, want digest) ([]byte, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxArchive))
	if err != nil {
		return nil, err
	}
	sum := newHash(want.algorithm)
	sum.Write(data)
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != want.sum {
		return nil, fmt.Errorf("the digest is %s-%s", want.algorithm, got)
	}
	return data, nil
}
