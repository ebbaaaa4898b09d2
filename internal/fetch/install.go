package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// errNotFollowed says that there was no growing file: the archive is part of the buildpack, or was complete too soon.
var errNotFollowed = errors.New("not followed")

// Install fetches the archive of a release, unpacks it into dir, which is emptied first, and returns its manifest. It
// unpacks while it downloads, so that a build does not wait for the unpacking, a second for Node.js. dir then has the
// entries of one stream, read once, with the release's checksum: a file that Fetch has verified may have been changed
// since. After an error dir is empty or does not exist. Errors are the same as Fetch's, or internal, and say what was
// to be installed.
func (f Fetcher) Install(ctx context.Context, r versions.Release, dir string, say Say) (archive.Manifest, error) {
	listed, err := f.install(ctx, r, dir, say)
	if err != nil {
		return nil, fmt.Errorf("install %s %s: %w", r.ID, r.Version, err)
	}
	return listed, nil
}

// install downloads and unpacks at the same time. The stream that was unpacked decides: if it has the checksum, a
// failure of the download no longer matters.
func (f Fetcher) install(ctx context.Context, r versions.Release, dir string, say Say) (archive.Manifest, error) {
	if err := errors.Join(os.RemoveAll(dir), f.forget(r)); err != nil {
		return nil, fmt.Errorf("install %s: %w", r.ID.Project(), err)
	}
	var path string
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed = fail.Recovered(func() (err error) {
			path, err = f.fetch(ctx, r, say)
			return err
		})
	}()
	listed, err := f.follow(ctx, r, dir, done)
	<-done
	if err == nil { // the stream has the checksum, whatever happened to the file
		return listed, nil
	}
	if failed != nil {
		return nil, failed
	}
	// Not followed, or an attempt failed half way and was repeated: now the file is whole.
	return f.installFile(ctx, path, r, dir)
}

// installFile unpacks a file that is complete, into an empty dir. A wrong checksum is a *fail.Error that names the
// file.
func (f Fetcher) installFile(
	ctx context.Context, path string, r versions.Release, dir string,
) (archive.Manifest, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	defer file.Close()
	listed, err := unpackExactly(ctx, file, r, dir)
	var other *mismatchError
	if errors.As(err, &other) {
		p := problem{fix: replace, got: other.got, err: err}
		if strings.HasPrefix(path, f.cache.CachePath+string(filepath.Separator)) {
			p.fix = repackage
		}
		return nil, p.failure(r, path, 1)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return listed, nil
}

// follow unpacks the file that libpak is writing, until done is closed and all bytes are read. The error is
// errNotFollowed, or says why what was written so far cannot be unpacked: another attempt may have begun a new file.
func (f Fetcher) follow(
	ctx context.Context, r versions.Release, dir string, done <-chan struct{},
) (archive.Manifest, error) {
	file, err := f.growing(r, done)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return unpackExactly(ctx, &tail{file, done}, r, dir)
}

// poll is how often a file that is being written is looked at: a tenth of what unpacking a megabyte takes.
const poll = 2 * time.Millisecond

// growing waits for the one file in the directory of the download, and opens it.
func (f Fetcher) growing(r versions.Release, done <-chan struct{}) (*os.File, error) {
	pattern := filepath.Join(f.cache.DownloadPath, checksum(r), "*")
	for {
		if found, err := filepath.Glob(pattern); err != nil {
			return nil, err
		} else if len(found) > 0 {
			return os.Open(found[0])
		}
		select {
		case <-done:
			return nil, errNotFollowed
		case <-time.After(poll):
		}
	}
}

// tail reads a file that is still being written. Nothing tells it that the file has grown, so it looks again and again.
type tail struct {
	file *os.File
	done <-chan struct{} // closed when nothing more will come
}

// Read returns io.EOF only when the writer has ended and all of the file is read.
func (t *tail) Read(p []byte) (int, error) {
	for {
		var last bool
		select {
		case <-t.done:
			last = true // what is there now is all
		default:
		}
		n, err := t.file.Read(p)
		if n > 0 || err != nil && err != io.EOF || last {
			return n, err
		}
		time.Sleep(poll)
	}
}
