package limits

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
)

// ErrLarge is the error of a file or a directory that has more than may be read.
var ErrLarge = errors.New("it is too large")

// Read returns the contents of the file name if they have at most max bytes. The error is ErrLarge if there is more, or
// one of fsys.
func Read(fsys fs.FS, name string, max int64) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return ReadAndClose(file, name, max)
}

// ReadAndClose is like Read, for an open file, which it closes. It ignores the size that the file system reports: files
// of /proc report 0.
func ReadAndClose(file fs.File, name string, max int64) ([]byte, error) {
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	large := &fs.PathError{Op: "read", Path: name, Err: ErrLarge}
	if info.Mode().IsRegular() && info.Size() > max {
		return nil, large
	}
	var data bytes.Buffer
	data.Grow(int(min(max, info.Size())) + bytes.MinRead) // without it large files are copied many times
	if n, err := data.ReadFrom(io.LimitReader(file, max+1)); err != nil || n > max {
		return nil, cmp.Or(err, error(large))
	}
	return data.Bytes(), nil
}
