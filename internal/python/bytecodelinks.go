package python

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// removeBytecode removes bytecode from the lib directory of a layer, and links to it. It returns the removed paths,
// relative to dir.
func removeBytecode(dir string) (removed []string, err error) {
	err = walkLib(dir, func(name string, d fs.DirEntry) error {
		if d.Name() != app.ByteCodeDir {
			return nil
		}
		if rel, err := filepath.Rel(dir, name); err == nil {
			removed = append(removed, rel)
		}
		if err := os.RemoveAll(name); err != nil {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	return removed, err
}

// linkBytecode gives each directory of Python files in the lib directory of a layer a link to where their bytecode is
// in the layer bytecode, if it has any. The layer can be a PYTHONPYCACHEPREFIX. It returns the links with
// their targets, relative to dir. The variable itself would hide the bytecode next to the app's files, and a process
// that starts without the launcher would not have it.
func linkBytecode(dir string) (links map[string]string, err error) {
	links = map[string]string{}
	err = walkLib(dir, func(name string, d fs.DirEntry) error {
		if !d.Type().IsRegular() || !strings.HasSuffix(name, ".py") {
			return nil
		}
		link := filepath.Join(filepath.Dir(name), app.ByteCodeDir)
		rel, err := filepath.Rel(dir, link)
		if err == nil && links[rel] == "" {
			links[rel] = bytecodeOf(dir, filepath.Dir(name))
			err = os.Symlink(links[rel], link)
		}
		return err
	})
	return links, err
}

// linkListed does what linkBytecode does, with a manifest, and removes bytecode that came with Python.
func linkListed(dir string, listed archive.Manifest) error {
	removed, err := removeBytecode(dir)
	if err != nil {
		return err
	}
	for _, name := range removed {
		listed.Cut(name)
	}
	links, err := linkBytecode(dir)
	for name, target := range links {
		listed.Put(name, archive.Entry{Mode: fs.ModeSymlink, Target: target})
	}
	return err
}

// relinkBytecode removes all bytecode from a layer and links its directories.
func relinkBytecode(dir string) error {
	if _, err := removeBytecode(dir); err != nil {
		return err
	}
	_, err := linkBytecode(dir)
	return err
}

// bytecodeOf returns the directory in the layer bytecode for the sources in a directory of the layer dir.
func bytecodeOf(dir, sources string) string {
	return filepath.Join(filepath.Dir(dir), plan.ByteCodeLayer, sources)
}

// makeTargets creates the directories to which the links in layers lead. Programs that copy a package may fail at a
// link to nothing.
func makeTargets(layers []layer.Contents) error {
	for _, l := range layers {
		err := walkLib(l.Dir(), func(name string, d fs.DirEntry) error {
			if d.Name() != app.ByteCodeDir {
				return nil
			}
			return os.MkdirAll(bytecodeOf(l.Dir(), filepath.Dir(name)), 0o755)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// walkLib calls do for what is in the lib directory of a layer, which may not exist.
func walkLib(dir string, do func(name string, d fs.DirEntry) error) error {
	return filepath.WalkDir(filepath.Join(dir, "lib"), func(name string, d fs.DirEntry, err error) error {
		if d == nil && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return do(name, d)
	})
}

// lendBytecode makes bytecode of an earlier build available to the steps of this build, which run before it is known
// what the processes import. They compare it with the sources and write what is missing. No image gets these files.
// https://peps.python.org/pep-0552/
func (in In) lendBytecode(ctx context.Context) error {
	dir := in.Envs.ByteCode()
	if dir == "" {
		return nil
	}
	lent, err := in.Layers.Lend(ctx, plan.ByteCodeLayer, dir)
	if err != nil || !lent {
		return err
	}
	return compareWithSources(dir)
}

// compareWithSources makes Python compare the bytecode in dir with its sources.
func compareWithSources(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		file, err := root.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = file.WriteAt([]byte{hashCompared}, flagsAt)
		return errors.Join(err, file.Close())
	})
}

// The flags of a bytecode file begin at flagsAt. With hashCompared, Python compares the hash of the source.
const (
	flagsAt      = 4
	hashCompared = 3
)
