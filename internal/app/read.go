package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// reader reads one part of the facts. All readers of an app share its source; what is unreadable is noted by the part.
type reader struct {
	*source
	requested  Requested
	unreadable []Unreadable
}

// source is an app, of which every file and every directory is read once.
type source struct {
	fsys fs.FS
	// files and dirs have what was read, by clean paths. A directory that cannot be listed is tried again.
	files map[string]file
	dirs  map[string][]fs.DirEntry

	bytes, entries int64 // what was read and listed
	tooMany        error // the app has more directories or files than are listed
}

// file is the result of reading a file. If err is not nil, found is true and text is empty.
type file struct {
	text   string // without a byte order mark
	script bool   // it begins with a shebang
	found  bool
	err    error // for the user
}

// newReader returns a reader of an app of which nothing is read yet.
func newReader(fsys fs.FS) *reader {
	return &reader{source: &source{fsys: fsys, files: map[string]file{}, dirs: map[string][]fs.DirEntry{}}}
}

// part returns a reader for facts that may not be needed. It notes its own unreadable files.
func (r *reader) part() *reader { return &reader{source: r.source, requested: r.requested} }

// text returns the contents of a file without a byte order mark; "" and false if there is no such file. A directory, or
// a link that leads out of the app, cannot be read: it is noted as a problem, and treated as an empty file.
func (r *reader) text(name string) (string, bool) {
	f := r.read(name, limits.Size(name))
	isIt := func(u Unreadable) bool { return u.Err == f.err } //nolint:errorlint // the same one, not its kind
	if f.err != nil && !slices.ContainsFunc(r.unreadable, isIt) {
		r.problem(path.Clean(name), f.err)
	}
	return f.text, f.found
}

// quiet returns the text of a small file, and reports no problem if there is none.
func (r *reader) quiet(name string) (string, bool) {
	if r.bytes > limits.AllFiles/2 { // the rest of the budget is for files that matter
		return "", false
	}
	f := r.read(name, min(limits.Size(name), limits.Script))
	return strings.TrimSpace(f.text), f.found && f.err == nil
}

// cannotRead reports whether a file exists but cannot be read. Its text is then no other problem.
func (r *reader) cannotRead(name string) bool { return r.read(name, limits.Size(name)).err != nil }

// minFileCost is the least that a file takes of limits.AllFiles: many small files take time too.
const minFileCost = 8 << 10

// read reads a file once. It is the only place that distinguishes absent from unreadable.
func (s *source) read(name string, size int64) file {
	name = path.Clean(name)
	if f, done := s.files[name]; done {
		return f
	}
	data, err := s.contents(name, size)
	f := file{
		text: strings.TrimPrefix(string(data), "\xef\xbb\xbf"), script: strings.HasPrefix(string(data), shebang),
		found: !absent(err),
	}
	if err != nil && f.found {
		f.err = &fail.Error{
			ID: "app/unreadable", What: show.Name(name) + " cannot be read", Why: Reason(err), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Make it a readable file, or delete it if the app does not need it."}},
		}
	}
	if isPointer(data) {
		f.err = pointerError(name)
	}
	s.files[name] = f
	return f
}

// contents opens a file once, and not at all if its size says that it is too large.
func (s *source) contents(name string, size int64) (data []byte, err error) {
	info, err := s.stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a directory")
	case !info.Mode().IsRegular():
		return nil, ErrSpecial
	}
	// The file may be larger than its size says, so that the read is limited too.
	left := max(0, limits.AllFiles-s.bytes)
	if err = limits.ErrLarge; info.Size() <= min(size, left) {
		data, err = limits.Read(s.fsys, name, min(size, left))
	}
	s.bytes += max(int64(len(data)), minFileCost)
	switch {
	case errors.Is(err, limits.ErrLarge) && left < size:
		return nil, fmt.Errorf("the files that are read have more than %s together", show.Size(limits.AllFiles))
	case errors.Is(err, limits.ErrLarge):
		return nil, fmt.Errorf("it has more than %s", show.Size(size))
	}
	return data, err
}

// absent reports whether err means that the file does not exist, or that no file can have that name.
func absent(err error) bool {
	return slices.ContainsFunc([]error{fs.ErrNotExist, fs.ErrInvalid, syscall.ENOTDIR, syscall.ENAMETOOLONG},
		func(is error) bool { return errors.Is(err, is) })
}

// stat follows links within the app. If the directory was listed, absent files cost no system call.
func (s *source) stat(name string) (fs.FileInfo, error) {
	if all, listed := s.dirs[path.Dir(name)]; listed && name != "." && !hasEntry(all, path.Base(name)) {
		return nil, fs.ErrNotExist
	}
	return fs.Stat(s.fsys, name)
}

// exists reports whether there is a file of that name, or a link to one within the app.
func (r *reader) exists(name string) bool {
	info, err := r.stat(path.Clean(name))
	return err == nil && info.Mode().IsRegular()
}

// mayBeFile reports whether an entry of that name may be meant as a file: also a pipe, or a link that leads out of the
// app. Reading it reports the problem.
func (r *reader) mayBeFile(name string) bool {
	info, err := r.stat(path.Clean(name))
	return err == nil && !info.IsDir() || err != nil && !absent(err)
}

// isDir reports whether name is a directory, or a link to one within the app.
func (r *reader) isDir(name string) bool {
	info, err := r.stat(path.Clean(name))
	return err == nil && info.IsDir()
}
