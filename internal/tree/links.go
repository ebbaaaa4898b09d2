package tree

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// maxLinks bounds the links of one path, as the kernel does.
// https://man7.org/linux/man-pages/man7/path_resolution.7.html
const maxLinks = 40

// follow calls do with name. If that leads out, it calls do again with the name behind the links. For os.Root an
// absolute link leads out wherever it leads, and hooks make such links into the app.
func (f dirFS) follow(name string, do func(name string) error) error {
	err := outside(do(name))
	if !errors.Is(err, app.ErrOutside) {
		return err
	}
	if behind, ok := f.behind(name); ok {
		return outside(do(behind))
	}
	return err
}

// behind returns what name leads to, without a link in it; ok is false if that is not below the root. It looks at
// nothing outside.
func (f dirFS) behind(name string) (done string, ok bool) {
	done = "."
	links := 0
	for left := strings.Split(name, "/"); len(left) > 0; {
		part := left[0]
		next := path.Join(done, part)
		left = left[1:]
		switch {
		case part == ".." && done == ".":
			return "", false
		case part == ".." || part == "." || part == "":
			done = next
			continue
		}
		target, err := f.link(next)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return next, true // so do says that it is not there
		case err != nil:
			return "", false
		case target == "":
			done = next
			continue
		}
		if links++; links > maxLinks {
			return "", false
		}
		if fromRoot, absolute := strings.CutPrefix(target, "/"); absolute {
			target, done = fromRoot, "."
		}
		left = slices.Concat(strings.Split(target, "/"), left)
	}
	return done, true
}

// link returns the target of the link name, or "" if name is not a link. An absolute target is that of the machine
// without the path of the root; the error is app.ErrOutside if it is not below the root.
func (f dirFS) link(name string) (target string, err error) {
	info, err := f.root.Lstat(name)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return "", err
	}
	target, err = f.root.Readlink(name)
	if err != nil || !path.IsAbs(target) {
		return target, err
	}
	base, err := filepath.Abs(f.root.Name())
	if err != nil {
		return "", err
	}
	below, ok := strings.CutPrefix(target+"/", base+"/")
	if !ok {
		return "", app.ErrOutside
	}
	return "/" + below, nil
}
