package devenv

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies the directory from to the directory to. If link is set, it makes hard links where it can.
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
		case link:
			return linkFile(path, target)
		}
		return copyFile(path, target)
	})
}

// copyFile copies contents and permissions. It makes the directory of to if it is missing.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// linkFile makes a hard link where the file system can, and a copy elsewhere.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

// digestFile returns the SHA-256 of a file's content, in hex.
func digestFile(path string) (string, error) {
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
