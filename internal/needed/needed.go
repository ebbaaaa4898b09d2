// Package needed reads which shared libraries the ELF files of a directory need and the directory does not have. It
// decides nothing.
package needed

import (
	"debug/elf"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Libraries has a file that needs each library, by the library's soname. Paths are relative to the directory.
type Libraries map[string]string

// Of returns what the ELF files of fsys need and no file of fsys provides. A library may be loaded by another file
// first, so that it is not important in which directory it is. Files for another architecture than arch, "amd64" or
// "arm64", and for musl are skipped, as are files that are not valid.
func Of(fsys fs.FS, arch string) (Libraries, error) {
	machine := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[arch]
	found, names := Libraries{}, map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !isLibrary(name):
			return nil
		}
		names[path.Base(name)] = true // a link is a name too
		if !d.Type().IsRegular() {
			return nil
		}
		needs, soname, err := read(fsys, name, machine)
		names[soname] = true
		for _, library := range needs {
			if found[library] == "" {
				found[library] = name
			}
		}
		return err
	})
	// glibc and gcc are in every image that can run Python or Node.js. The host brings graphics drivers.
	platform := regexp.MustCompile(`^(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|anl|mvec|gcc_s|stdc\+\+|cuda|` +
		`nvidia-ml))\.so\.\d+$`)
	ordinary := regexp.MustCompile(`^[\w.+-]{1,80}$`) // it is written in a record and in the log
	maps.DeleteFunc(found, func(library, _ string) bool {
		return names[library] || platform.MatchString(library) || !ordinary.MatchString(library)
	})
	return found, err
}

// isLibrary reports whether a file may have code that is loaded, by its name: not every file can be opened.
func isLibrary(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.") || strings.HasSuffix(base, ".node") ||
		path.Base(path.Dir(name)) == "bin" && !strings.Contains(base, ".")
}

// read returns the sonames that an ELF file needs, and its own. A file for another machine needs nothing.
func read(fsys fs.FS, name string, machine elf.Machine) (needs []string, own string, err error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	reader, ok := file.(io.ReaderAt)
	if !ok {
		return nil, "", errors.New("read " + name + ": not a file of a disk")
	}
	object, err := elf.NewFile(reader)
	if err != nil || object.Machine != machine {
		return nil, "", nil // a script, or a program that the loader refuses too
	}
	needs, _ = object.ImportedLibraries() // without a dynamic section it needs none
	if slices.ContainsFunc(needs, func(n string) bool { return strings.HasPrefix(n, "libc.musl-") }) {
		return nil, "", nil
	}
	if names, err := object.DynString(elf.DT_SONAME); err == nil && len(names) > 0 {
		own = names[0]
	}
	return needs, own, nil
}

// String returns the libraries as a record has them: a line for each, with its file. Parse reads it.
func (l Libraries) String() string {
	var lines []string
	for _, library := range slices.Sorted(maps.Keys(l)) {
		lines = append(lines, library+" "+strings.ReplaceAll(l[library], "\n", " "))
	}
	return strings.Join(lines, "\n")
}

// Parse reverses String. What String has not written is skipped.
func Parse(text string) Libraries {
	found := Libraries{}
	for line := range strings.Lines(text) {
		if library, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			found[library] = file
		}
	}
	return found
}
