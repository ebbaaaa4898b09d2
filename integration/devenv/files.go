package devenv

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// Kept returns the path Home/name. If it is missing, fill makes it as a directory of another name first, so that no
// process sees half of it. Calls at the same time wait for the first one.
func (e *Env) Kept(name string, fill func(dir string) error) (string, error) {
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

// copyTree copies the directory from to the directory to. If link is set, it makes hard links where it can, but for the
// metadata of layers: builds write these in place.
func copyTree(from, to string, link bool) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case entry.Type() == fs.ModeSymlink:
			to, err := os.Readlink(path)
			return errors.Join(err, os.Symlink(to, target))
		case !entry.Type().IsRegular():
			return nil // sockets and devices are no part of an app
		case link && filepath.Ext(path) != ".toml":
			return linkFile(path, target)
		}
		return copyFile(path, target)
	})
}

// copyFile copies contents and permissions. It makes the directory of to if it is missing.
func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, content, info.Mode().Perm()))
}

// linkFile makes a hard link where the file system can, and a copy elsewhere.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

// DigestFile returns the SHA-256 of a file's content, in hex.
func DigestFile(path string) (string, error) {
	content, err := os.ReadFile(path)
	return fmt.Sprintf("%x", sha256.Sum256(content)), err
}

// tarGz packs names below dir into file so that equal contents give equal bytes: sorted, owned by root, with one time.
// It uses GNU tar, which is there wherever it is called: on Linux without a container registry.
func (e *Env) tarGz(ctx context.Context, dir, file string, names ...string) error {
	argv := []string{"tar", "--create", "--file", file, "--use-compress-program", "gzip -n -6", "--sort=name",
		"--format=gnu", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@315532801", "--mode=u+rw,go=rX",
		"--directory", dir}
	return e.run(ctx, dir, append(argv, names...)...)
}

// Layer returns the archive of a layer for images: it has names of the directory dir, below another directory. id
// changes with the files.
func (e *Env) Layer(ctx context.Context, id, dir, below string, names ...string) (string, error) {
	made, err := e.Kept("layers/"+id, func(out string) error {
		moved := []string{"--transform", "s,^," + below + "/,S"} // S: not what symbolic links contain
		return e.tarGz(ctx, dir, filepath.Join(out, "layer.tgz"), append(moved, names...)...)
	})
	return filepath.Join(made, "layer.tgz"), err
}
