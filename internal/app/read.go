package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// maxFile bounds what is read of one file: the largest real lock files are a few MB.
const maxFile = 64 << 20

type reader struct {
	fsys     fs.FS
	asked    Asked
	problems []error
}

// text is the contents of a file without a byte order mark; "" and false when there is none.
// This is the one place that tells absent from unreadable: the latter is a problem and counts as present but empty.
func (r *reader) text(name string) (string, bool) {
	info, err := fs.Stat(r.fsys, name)
	if absent(err) {
		return "", false
	}
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("it has %d MB, at most %d MB are read", info.Size()>>20, maxFile>>20)
	}
	var data []byte
	if err == nil && info.Mode().IsRegular() {
		data, err = fs.ReadFile(r.fsys, name)
	}
	if err != nil {
		r.problem(&fail.Error{
			ID: "app/unreadable", What: show.Name(name) + " cannot be read", Why: show.Reason(err), Err: err,
			Fix: "Make it a readable file, or delete it if the app does not need it.",
		})
	}
	return string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), true
}

func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid)
}

func (r *reader) problem(err error) { r.problems = append(r.problems, err) }

// exists tells whether there is a file (not a folder) of that name.
func (r *reader) exists(name string) bool {
	info, err := fs.Stat(r.fsys, name)
	return err == nil && !info.IsDir()
}

func (r *reader) isDir(name string) bool {
	info, err := fs.Stat(r.fsys, name)
	return err == nil && info.IsDir()
}

// notSource names folders that are made by tools and never decide what an installation looks like.
func notSource(name string) bool {
	switch name {
	case ".git", "node_modules", "__pycache__", ".venv":
		return true
	}
	return false
}

// lines are a text's lines without comments, surrounding space and empty ones.
func lines(text string) []string { return manager.Lines(text) }
