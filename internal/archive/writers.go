package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Files up to this size are read into memory and written by another goroutine; larger ones cost more to copy than to
// create.
const smallFile = 256 << 10

// writers creates files below a root, several at a time.
type writers struct {
	root   *os.Root
	jobs   chan job       // of small files; wait closes it
	all    sync.WaitGroup // the goroutines
	buffer sync.Pool      // of *bytes.Buffer
}

// file is a file to create.
type file struct {
	name string
	mode fs.FileMode
	size int64
	sum  *[sha256.Size]byte // where its digest goes; nil if no manifest is wanted
}

// job is a small file with its contents.
type job struct {
	file
	data *bytes.Buffer
}

// Measured on two cores with 15,036 files, 233 MB, unpacked into memory. It took 1.2 s without writers, 1.3 s with one,
// 0.65 s with two, 0.6 s with three, 0.8 s with four or eight. On a disk the disk decides.
const workers = 2

// startWriters starts the goroutines. A failed write cancels the context of the extraction with the error; wait must be
// called in any case.
func startWriters(root *os.Root, cancel context.CancelCauseFunc) *writers {
	w := &writers{root: root, jobs: make(chan job, 64)}
	w.buffer.New = func() any { return new(bytes.Buffer) }
	for range workers {
		w.all.Go(func() {
			for j := range w.jobs { // all of them, also after an error: nothing else empties the channel
				if err := fail.Recovered(func() error { return w.createSmall(j) }); err != nil {
					cancel(err)
				}
			}
		})
	}
	return w
}

// wait returns when all files are written. No file may be passed to write after it.
func (w *writers) wait() {
	close(w.jobs)
	w.all.Wait()
}

// write takes the file's contents from r; a small file is created later.
func (w *writers) write(f file, r io.Reader) error {
	if f.size > smallFile {
		return w.createSummed(f, r)
	}
	data := w.buffer.Get().(*bytes.Buffer)
	data.Reset()
	data.Grow(int(f.size) + bytes.MinRead) // or it grows, copying, while it is filled
	if _, err := data.ReadFrom(r); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	w.jobs <- job{f, data}
	return nil
}

// createSmall creates a file whose contents are in memory, and computes its digest.
func (w *writers) createSmall(j job) error {
	defer w.buffer.Put(j.data)
	if j.sum != nil {
		*j.sum = sha256.Sum256(j.data.Bytes())
	}
	return w.create(j.file, j.data)
}

// createSummed creates a large file and computes its digest.
func (w *writers) createSummed(f file, r io.Reader) error {
	if f.sum == nil {
		return w.create(f, r)
	}
	sum := sha256.New()
	if err := w.create(f, io.TeeReader(r, sum)); err != nil {
		return err
	}
	*f.sum = [sha256.Size]byte(sum.Sum(nil))
	return nil
}

// create creates a file, instead of one that has the name already.
func (w *writers) create(f file, r io.Reader) error {
	// O_EXCL never follows a link that is there already.
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	out, err := w.root.OpenFile(f.name, flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if err = w.root.Remove(f.name); err == nil {
			out, err = w.root.OpenFile(f.name, flags, 0o600)
		}
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	if err == nil {
		err = out.Chmod(f.mode) // not at OpenFile: the umask would take bits away
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	return nil
}
