package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Path is a slash-separated path below the app's directory: relative, cleaned, without "..", and not the directory
// itself. Only In makes one, and only a Path may become a layer's root or be changed or removed.
type Path string

// In returns the path of name, as it is written in a file of the directory dir. Both are relative to the app's
// directory and slash-separated; dir is "." for the app's directory itself. The error says why name is not a Path.
func In(dir, name string) (Path, error) {
	if path.IsAbs(name) {
		return "", fmt.Errorf("%q is an absolute path", name)
	}
	joined := path.Join(dir, name)
	switch {
	case name == "" || joined == ".":
		return "", fmt.Errorf("%q is the app's own directory", name)
	case strings.ContainsRune(name, 0) || !fs.ValidPath(joined):
		return "", fmt.Errorf("%q is not a path below the app's directory", name)
	}
	return Path(joined), nil
}

// Names returns paths as text.
func Names(paths []Path) (names []string) {
	for _, p := range paths {
		names = append(names, string(p))
	}
	return names
}

// Errors of files that do not belong to the app, or must not be read.
var (
	ErrOutside = errors.New("it is a link that leads out of the app")
	ErrSpecial = errors.New("it is a pipe, a socket or a device")
)

// cause returns the reason in an error about a file, without the operation and the path. It returns other errors
// unchanged.
func cause(err error) error {
	for _, known := range []error{ErrOutside, ErrSpecial} {
		if errors.Is(err, known) {
			return known
		}
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// Reason returns the cause of a failed operation as text, without the path, which the log shows next to it.
func Reason(err error) string { return show.Reason(cause(err)) }

// Refused names a file of the app that could not be read or changed, with the reason.
func Refused(name string, err error) string { return fmt.Sprintf("%s (%s)", name, Reason(err)) }
