package devenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// kept returns the path Home/name. If it is missing, fill makes it as a directory of another name first, so that no
// process sees half of it. Calls at the same time wait for the first one.
func (e *Env) kept(name string, fill func(dir string) error) (string, error) {
	path := filepath.Join(e.Home, name)
	_, err, _ := e.making.Do(path, func() (any, error) {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		return nil, scratch(filepath.Dir(path), func(dir string) error {
			if err := errors.Join(os.Chmod(dir, 0o755), fill(dir)); err != nil {
				return err
			}
			if err := os.Rename(dir, path); !errors.Is(err, fs.ErrExist) { // another process was quicker
				return err
			}
			return nil
		})
	})
	return path, err
}

// scratch calls fn with a new directory below Home, which it removes afterwards.
func (e *Env) scratch(fn func(dir string) error) error { return scratch(e.Home, fn) }

func scratch(parent string, fn func(dir string) error) error {
	dir, err := os.MkdirTemp(parent, ".scratch-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return fn(dir)
}

// locked calls fn while no other process that uses Home does the same.
func (e *Env) locked(ctx context.Context, fn func() error) error {
	lock := flock.New(filepath.Join(e.Home, "lock"))
	defer lock.Close()
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	return fn()
}

// once makes a value at the first call of get, and again after an error.
type once[T any] struct {
	mu    sync.Mutex
	made  bool
	value T
}

func (o *once[T]) get(make func() (T, error)) (T, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.made {
		return o.value, nil
	}
	value, err := make()
	o.value, o.made = value, err == nil
	return value, err
}

// Memory returns a directory for builds in memory, "" if there is none or not enough for several builds at a time.
// Tests unpack and remove the same tens of thousands of files again and again. On ext4 without a journal, which virtual
// machines often have, each new file waits for a walk over those just removed (recently_deleted in the kernel's
// fs/ext4/ialloc.c), which took a third of all time.
func Memory() string {
	const dir, wanted, noExec = "/dev/shm", 8 << 30, 8 // ST_NOEXEC of statfs(2)
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) != nil || fs.Flags&noExec != 0 || int64(fs.Bavail)*int64(fs.Bsize) < wanted {
		return ""
	}
	return dir
}
