package python

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the interpreter of a build.
type Runtime struct {
	layer.Contents
	Release versions.Release
	Origin  string // what differs between interpreters of one version: the archive's checksum, or the directory
}

// declareRuntime returns the interpreter, which is not created yet. An earlier buildpack's is used if there is one.
func declareRuntime(in In) (rt Runtime, err error) {
	if other := in.App.Others.Python; other != nil {
		adopted := layer.Adopted(run.Part{Dir: other.Dir}, layer.Filled{})
		return Runtime{Contents: adopted, Release: in.Plan.Python.Release, Origin: other.Dir}, nil
	}
	release := in.Plan.Python.Release
	rt = Runtime{Release: release, Origin: release.Checksum()}
	rt.Contents, err = in.Layers.Tree(runtimeTree(in, release))
	return rt, err
}

// runtimeKey is the key of the layer python. Checksum is the SHA-256 of the downloaded archive.
type runtimeKey struct {
	layer.Common
	Version  string `json:"version" say:"Python version"`
	Checksum string `json:"archive" say:"archive of Python"`
	Removed  string `json:"removed" say:"files that are removed from Python"`
}

// desktop lists the files that draw windows, with Tcl and Tk: no server has a screen.
func desktop() []string {
	return []string{
		"lib/python3.*/tkinter", "lib/python3.*/turtle.py", "lib/python3.*/turtledemo", "lib/python3.*/idlelib",
		"lib/python3.*/lib-dynload/_tkinter*", "lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread*", "lib/libtcl*",
		"lib/libtk*", "bin/idle*", "share/man",
	}
}

// installers lists pip and what belongs to it. The packages have an environment of their own, made by uv, and scanners
// report what pip vendors.
func installers() []string {
	const packages = "lib/python3.*/site-packages/"
	return []string{
		"bin/pip*", "lib/python3.*/ensurepip",
		packages + "pip", packages + "pip-*", packages + "setuptools", packages + "setuptools-*",
		packages + "pkg_resources", packages + "_distutils_hack", packages + "distutils-precedence.pth",
		packages + "wheel", packages + "wheel-*",
	}
}

// removed lists what the layer has not of Python's archive.
func (in In) removed() []string {
	if in.App.MakesEnvironment() {
		return desktop()
	}
	return append(desktop(), installers()...)
}

// runtimeTree describes the layer of the interpreter. It has neither GUI modules nor manual pages, and no pip unless a
// hook or a process may create an environment with it.
func runtimeTree(in In, release versions.Release) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{
			Name: plan.PythonLayer, Title: "Python " + release.Version, Log: in.Log.Header,
			Key: runtimeKey{in.Common, release.Version, release.Checksum(), layer.Digest(in.removed()...)},
		},
		Ship: true, Keep: true,
		Sealed: &layer.Sealed{
			Warn: in.Log.Warn,
			Fill: func(ctx context.Context, dir string) (_ layer.Filled, listed archive.Manifest, err error) {
				err = in.Fill(plan.PythonLayer, func() (err error) {
					listed, err = in.Fetch.Install(ctx, release, dir, in.Log.Body)
					return err
				})
				if err == nil {
					err = layer.RemoveListed(dir, listed, in.removed()...)
				}
				if err == nil {
					err = relocate(dir, listed)
				}
				if err == nil {
					err = linkListed(dir, listed)
				}
				return layer.Filled{BOM: []bom.Component{bom.OfRelease(release)}}, listed, err
			},
		},
	}
}

// relocate corrects the CPython that was unpacked into dir, an absolute path. The files with which C extensions are
// built have the paths and the compiler of python-build-standalone's own build. Examples are the prefix /install,
// clang, llvm-ar, flags that gcc does not know, and directories that do not exist. Its documentation says so in
// "Behavior Quirks: References to Build-Time Paths". uv corrects the same in interpreters that it installs. A second
// call changes nothing.
//
// The manifest is updated too, but only for files that had the listed contents. Other changes made meanwhile remain
// differences.
func relocate(dir string, listed archive.Manifest) error {
	found := 0
	for _, pattern := range []string{
		"lib/python3.*/_sysconfigdata*.py",
		"lib/python3.*/config-*/Makefile",
		"lib/pkgconfig/*.pc",
	} {
		names, err := filepath.Glob(filepath.Join(tree.Literal(dir), pattern))
		if err != nil {
			return fmt.Errorf("relocate Python: %w", err)
		}
		for _, name := range names {
			if err := relocateFile(name, dir, listed); err != nil {
				return fmt.Errorf("relocate Python: %w", err)
			}
		}
		found += len(names)
	}
	if found == 0 {
		return fmt.Errorf("relocate Python: no lib/python3.*/_sysconfigdata*.py in %s", dir)
	}
	return nil
}

// relocateFile corrects the words of one file. It replaces the file and keeps its mode.
func relocateFile(name, dir string, listed archive.Manifest) error {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() { // python3.pc is a link to python-3.13.pc
		return err
	}
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	text := word.ReplaceAllFunc(old, func(w []byte) []byte { return []byte(relocateWord(string(w), dir)) })
	if bytes.Equal(text, old) {
		return nil
	}
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		return err
	}
	if e, ok := listed[filepath.ToSlash(rel)]; ok && e == archive.FileOf(old, e.Mode) {
		listed.Put(filepath.ToSlash(rel), archive.FileOf(text, e.Mode))
	}
	// A new file: a hard link to the old one is relocated on its own.
	return errors.Join(os.Remove(name), os.WriteFile(name, text, info.Mode().Perm()),
		os.Chmod(name, info.Mode().Perm()))
}

var (
	// Word by word, since words look the same in Python's strings (of both kinds), make's variables and pkg-config's
	// lines, and strings that continue on the next line break between words.
	word      = regexp.MustCompile(`[^\s'"]+`)
	buildPath = regexp.MustCompile(`^(-[IL]|[\w-]+=)?/install(/.*)?$`)
	compiler  = regexp.MustCompile(`^(\w+=)?(?:/tools/.*/)?(clang\+\+|clang|llvm-ar|llvm-ranlib)$`)
	// A backslash ends a word too early: \" in a string. Such values are left as they are.
	clangOnly = regexp.MustCompile(`^(-fdebug-default-version=[^\\]*|-flto=(thin|full)|` +
		`-fprofile-instr-(use|generate)(=[^\\]*)?|-[IL]/tools/deps[^\\]*)$`)
)

// gnu names the tools that every distribution's compiler packages bring.
var gnu = map[string]string{"clang": "cc", "clang++": "c++", "llvm-ar": "ar", "llvm-ranlib": "ranlib"}

// relocateWord returns a word with dir instead of the build's prefix, and with common names of the compiler's programs.
// It is empty for an option that only clang knows.
func relocateWord(w, dir string) string {
	if m := buildPath.FindStringSubmatch(w); m != nil {
		return m[1] + dir + m[2]
	}
	if m := compiler.FindStringSubmatch(w); m != nil {
		return m[1] + gnu[m[2]]
	}
	if clangOnly.MatchString(w) {
		return ""
	}
	return w
}
