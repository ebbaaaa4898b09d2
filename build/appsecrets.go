package build

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/show"
)

// appName is the Place of a secret.Leak in the app's own files.
const appName = "the app"

// lookAfterInstall fails if the installation, or a hook before it, has written a credential into the app. Packages in
// the app are looked at where they are packed.
func (h Host) lookAfterInstall(d decisions) error {
	var roots []string
	for _, project := range d.plan.Projects() {
		roots = append(roots, app.Names(project.Roots)...)
	}
	found, err := search{h.Source, d.clock}.find(h.guard.secrets.shipped, roots)
	if err == nil && len(found) > 0 {
		return found[0]
	}
	return err
}

// lookAtEnd searches the files of the app that will be in the image. A credential for package managers is an error.
// Other secrets are warnings, because app steps get them and some are meant for pages.
func (h Host) lookAtEnd(d decisions) error {
	if err := h.lookAfterInstall(d); err != nil {
		return err
	}
	if err := h.logPrograms(d); err != nil {
		return err
	}
	found, err := search{h.Source, d.clock}.find(h.guard.secrets.own, nil)
	const named = 3
	for _, leak := range found[:min(len(found), named)] {
		h.main().Warn("%s has the value of %s, and is in the image. Whoever gets a page or the image may read it",
			leak.Entry, leak.Name)
	}
	if more := len(found) - named; more > 0 {
		h.main().Warn("%d more files have values that look secret", more)
	}
	return err
}

// search looks for secrets in what the build has written.
type search struct {
	source fs.FS // the app
	clock  clock
}

// find returns the secrets in the files of the app that are newer than the build, except those below the
// directories in skip. It looks at nothing where there are no secrets.
func (s search) find(secrets *secret.Set, skip []string) (found []*secret.Leak, err error) {
	if secrets == nil {
		return nil, nil
	}
	err = fs.WalkDir(s.source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrPermission): // what the build cannot read, it has not written
			return nil
		case errors.Is(err, limits.ErrLarge):
			return notSearched(name, err)
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skip, name):
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil || !s.isNew(info) {
			return ignoreAbsent(err)
		}
		finder := secrets.Finder()
		_, err = io.WriteString(finder, name+"\n")
		if err == nil {
			err = s.copyTo(finder, name, d)
		}
		var met *secret.Found
		if errors.As(err, &met) {
			found = append(found, &secret.Leak{Place: appName, Entry: secrets.Mask(name), Name: met.Name})
			return nil
		}
		return ignoreAbsent(err)
	})
	if err != nil {
		return nil, fmt.Errorf("look for credentials in the app: %w", err)
	}
	return found, nil
}

// notSearched returns the error about a directory with too many entries to search for credentials.
func notSearched(name string, err error) error {
	return &fail.Error{
		ID: "app/unreadable", What: show.Name(name) + " cannot be searched for credentials", Err: err,
		Why: fmt.Sprintf("The build has credentials, and this directory has more than %d entries.", limits.Entries),
		Fix: fail.Fix{fail.Say{Text: "Divide its files among several directories, or keep it out of the app."}},
	}
}

// ignoreAbsent lets files go that were removed meanwhile, or that the build cannot read.
func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// isNew reports whether a file was written after touch gave every source the build's start time. tar and cp set the
// time of what they write back, but cannot set the time of the change. A source that gets other permissions has a new
// one, and is none.
func (s search) isNew(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch written := info.ModTime(); {
	case written.Equal(s.clock.started):
		return false
	case written.After(s.clock.started), !ok:
		return true
	}
	return time.Unix(stat.Ctim.Unix()).After(s.clock.touched)
}

// copyTo writes the contents of a file, or the target of a link, to w. Links are not followed: what they lead to is
// searched by its own name, or is not the app's. Pipes, sockets and devices have no contents in the image.
func (s search) copyTo(w io.Writer, name string, d fs.DirEntry) error {
	switch d.Type() {
	case fs.ModeSymlink:
		target, err := fs.ReadLink(s.source, name)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, target)
		return err
	case 0:
		in, err := s.source.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(w, in)
		return err
	}
	return nil
}
