package devenv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copyTree copies the folder from to the folder to; link makes hard links instead where the file system can.
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
			return copyLink(path, target)
		case !entry.Type().IsRegular():
			return nil // sockets and devices are no part of an app
		case link:
			return linkFile(path, target)
		}
		return copyFile(path, target)
	})
}

func copyLink(from, to string) error {
	target, err := os.Readlink(from)
	if err != nil {
		return err
	}
	return os.Symlink(target, to)
}

// copyFile copies contents and permissions; the folder of to is made when it isn't there.
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
	return writeFile(in, to, info.Mode().Perm())
}

func writeFile(in io.Reader, target string, mode fs.FileMode) error {
	out, err := os.OpenFile(target, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// linkFile makes a hard link where the file system can, else a copy.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to)
}

// digestTree is a SHA-256 in hex of everything a build can see of a folder: names, links, permissions and contents.
func digestTree(dir string) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%q %v ", rel, info.Mode())
		switch {
		case entry.Type() == fs.ModeSymlink:
			target, err := os.Readlink(path)
			fmt.Fprintf(sum, "%q\n", target)
			return err
		case entry.Type().IsRegular():
			content, err := digestFile(path)
			fmt.Fprintln(sum, content)
			return err
		}
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

func digestFile(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// tarGz packs names below dir into file so that equal contents give equal bytes: sorted, owned by root, with one time.
// It uses GNU tar, which is there wherever this path is taken (Linux without a container registry).
func (e *Env) tarGz(ctx context.Context, dir, file string, names ...string) error {
	argv := []string{"tar", "--create", "--file", file, "--use-compress-program", "gzip -n -6", "--sort=name", "--format=gnu",
		"--owner=0", "--group=0", "--numeric-owner", "--mtime=@315532801", "--mode=u+rw,go=rX", "--directory", dir}
	return e.run(ctx, dir, append(argv, names...)...)
}
