package build

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/git"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// clone removes the repositories of the clone that the app is from.
type clone struct {
	steps.Dirs
	log  *ui.Branch
	keep bool // the commits stay
}

// forget removes each .git of the app: the repository, those of submodules, and the files that name them. A clone
// has the credentials of the pipeline that made it. Its timestamps would change the layer of the same commit in each
// build. BP_KEEP_GIT keeps the commits.
func (c clone) forget() error {
	all, err := c.clones()
	if err != nil {
		return err
	}
	var left []string
	for _, p := range all {
		var err error
		if c.keep {
			err = c.reduceClone(p)
		} else {
			err = c.Tree.RemoveAll(p)
		}
		if err == nil {
			continue
		}
		if c.hasCredentials(string(p)) {
			return cloneError(p, err)
		}
		left = append(left, app.Refused(string(p), err))
	}
	if len(left) > 0 {
		c.log.Warn("could not be removed from the clone, and is in the image: %s", show.Series(left))
	}
	if !c.keep && len(all) > len(left) {
		c.log.Header(".git is not in the image. If something needs the commits in a container, set %s=true",
			config.KeepGit)
	}
	return nil
}

// cloneError returns the error of a .git that the build can neither remove nor reduce.
func cloneError(p app.Path, err error) error {
	return &fail.Error{
		ID: "app/git", What: show.Name(string(p)) + " cannot be removed from the app", Err: err,
		Why: fmt.Sprintf("It may have credentials of the clone, and the image would have them: %s.", app.Reason(err)),
		Fix: fail.Fix{
			fail.Say{Text: "Let the build's user own the app's files, or do not upload it. In project.toml:"},
			fail.Edit{Lines: []string{"[_]", `schema-version = "0.2"`, "[io.buildpacks]", `exclude = [".git"]`}},
		},
	}
}

// clones returns the paths of all files and directories named .git.
func (c clone) clones() (found []app.Path, err error) {
	err = fs.WalkDir(c.Source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return skipUnreadable(d, err)
		}
		if d.Name() != ".git" {
			return nil
		}
		p, err := app.In(".", name)
		found = append(found, p)
		if err == nil && d.IsDir() {
			err = fs.SkipDir
		}
		return err
	})
	return found, err
}

// reduceClone removes from a .git what an image must not have.
func (c clone) reduceClone(p app.Path) error {
	info, err := fs.Lstat(c.Source, string(p))
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return c.reduceRepository(p)
	case info.Mode().IsRegular() && c.namesRepository(p):
		return nil
	}
	return c.Tree.RemoveAll(p)
}

// namesRepository reports whether a .git file, as in submodules, names a directory of the app.
// https://git-scm.com/docs/gitrepository-layout#_description
func (c clone) namesRepository(p app.Path) bool {
	text, err := limits.Read(c.Source, string(p), 4<<10)
	dir, found := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	target, inErr := app.In(path.Dir(string(p)), dir)
	return err == nil && found && inErr == nil && c.HasDir(string(target))
}

// reduceRepository reduces the config of a repository and the repositories of its submodules. It removes all other
// entries that git.Keeps does not allow, such as hooks and logs.
func (c clone) reduceRepository(p app.Path) error {
	return c.eachEntry(p, func(entry app.Path, d fs.DirEntry) error {
		switch {
		case d.Name() == "config" && d.Type().IsRegular():
			return c.reduceConfig(entry)
		case d.Name() == "modules" && d.IsDir():
			return c.reduceModules(entry)
		case !git.Keeps(d.Name()) || d.Type() != 0 && !d.IsDir():
			return c.Tree.RemoveAll(entry)
		}
		return nil
	})
}

// reduceModules reduces the repositories of submodules. The name of one may have slashes.
func (c clone) reduceModules(p app.Path) error {
	return c.eachEntry(p, func(entry app.Path, d fs.DirEntry) error {
		switch {
		case !d.IsDir():
			return c.Tree.RemoveAll(entry)
		case c.HasFile(path.Join(string(entry), "HEAD")) || c.HasFile(path.Join(string(entry), "config")):
			return c.reduceRepository(entry)
		}
		return c.reduceModules(entry)
	})
}

// eachEntry calls do for each entry of a directory of the app, also after an error, and returns the joined errors.
func (c clone) eachEntry(p app.Path, do func(entry app.Path, d fs.DirEntry) error) error {
	entries, err := fs.ReadDir(c.Source, string(p))
	for _, d := range entries {
		entry, inErr := app.In(string(p), d.Name())
		if inErr == nil {
			inErr = do(entry, d)
		}
		err = errors.Join(err, inErr)
	}
	return err
}

// reduceConfig rewrites a config with only the settings that git.Reduce keeps. A config that cannot be read is removed.
func (c clone) reduceConfig(p app.Path) error {
	text, err := limits.Read(c.Source, string(p), git.MaxConfig)
	if err != nil {
		return errors.Join(err, c.Tree.RemoveAll(p))
	}
	reduced, _ := git.Reduce(string(text))
	return c.Tree.Write(p, []byte(reduced), 0o644)
}

// hasCredentials reports whether what is left at name may have credentials: a config with more than URLs, an unreadable
// file, or a file that git does not write itself.
func (c clone) hasCredentials(name string) bool {
	found := errors.New("found")
	return nil != fs.WalkDir(c.Source, name, func(file string, d fs.DirEntry, err error) error {
		switch base := path.Base(file); {
		case err != nil:
			return err
		case git.Keeps(base) || git.Harmless(base):
			if d.IsDir() {
				return fs.SkipDir
			}
		case base == "config" && d.Type().IsRegular():
			text, err := limits.Read(c.Source, file, git.MaxConfig)
			if _, cut := git.Reduce(string(text)); err != nil || cut {
				return found
			}
		case !d.IsDir() && file != name && !strings.HasSuffix(base, ".sample"):
			return found
		}
		return nil
	})
}

// skipUnreadable lets a walk through the app go on behind what cannot be read.
func skipUnreadable(d fs.DirEntry, err error) error {
	switch {
	case d == nil: // the root itself
		return err
	case d.IsDir():
		return fs.SkipDir
	}
	return nil
}
