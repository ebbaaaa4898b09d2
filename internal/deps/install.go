package deps

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// errNotFollowed says that there was no growing file: the archive lies in the buildpack, or came before anybody looked.
var errNotFollowed = errors.New("not followed")

// Install fetches dep's archive and unpacks it into dir, which is emptied first. It unpacks what has come while the rest
// still comes: nothing of it is used before Fetch has verified the whole. Errors are those of Fetch and Unpack.
func (f Fetcher) Install(ctx context.Context, dep libpak.BuildModuleDependency, dir string, say func(format string, args ...any)) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	var path string
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		path, failed = f.Fetch(ctx, dep, say)
	}()
	err := f.follow(ctx, dep, dir, done)
	<-done
	if failed != nil || err == nil {
		return failed
	}
	// Not followed, or an attempt failed half way and was repeated: now the file is whole.
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	return Unpack(ctx, path, dir, int(dep.StripComponents))
}

// follow unpacks the file that libpak is writing, until done is closed and all of it is read.
func (f Fetcher) follow(ctx context.Context, dep libpak.BuildModuleDependency, dir string, done <-chan struct{}) error {
	file, err := f.growing(dep, done)
	if err != nil {
		return err
	}
	defer file.Close()
	content, err := gzip.NewReader(bufio.NewReaderSize(&tail{file, done}, 1<<20))
	if err != nil {
		return err
	}
	return archive.Extract(ctx, content, dir, archive.Options{Strip: int(dep.StripComponents)})
}

// poll is how often a file that is being written is looked at: a tenth of what unpacking a megabyte takes.
const poll = 2 * time.Millisecond

// growing waits for the one file in the folder of dep's download.
func (f Fetcher) growing(dep libpak.BuildModuleDependency, done <-chan struct{}) (*os.File, error) {
	pattern := filepath.Join(f.cache.DownloadPath, dep.GetChecksum().Hash(), "*")
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

// tail reads a file that somebody else is still writing.
type tail struct {
	file *os.File
	done <-chan struct{} // closed when nothing more will come
}

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
