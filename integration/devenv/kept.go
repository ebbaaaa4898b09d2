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
)

// kept is the path Home/name. When it isn't there, fill makes it as a folder under another name first, so that nobody sees half of it.
// Who asks while it is being made waits for it.
func (e *Env) kept(name string, fill func(dir string) error) (string, error) {
	path := filepath.Join(e.Home, name)
	_, err, _ := e.making.Do(path, func() (any, error) { return nil, keep(path, fill) })
	return path, err
}

func keep(path string, fill func(dir string) error) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".making-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if err := fill(dir); err != nil {
		return err
	}
	if err := os.Rename(dir, path); err != nil && !errors.Is(err, fs.ErrExist) { // another process was quicker
		return err
	}
	return nil
}

// locked does fn while no other process that uses Home does the same.
func (e *Env) locked(ctx context.Context, fn func() error) error {
	file, err := os.OpenFile(filepath.Join(e.Home, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer file.Close() // which gives the lock back
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return fn()
		} else if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("lock %s: %w", file.Name(), err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// once makes a value the first time it is asked for, also when several goroutines ask; after an error it tries again.
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
