package debian

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Search says where a build finds programs, headers and libraries. The build image or an earlier buildpack has them,
// maybe without a Debian package.
type Search struct {
	Machine fs.FS             // the root directory of the build image
	Vars    map[string]string // of the platform
	Arch    string            // "amd64" or "arm64"
}

// Build returns the packages of the table that a compiler does not need, because it finds their files, sorted.
func (s Search) Build() []string {
	return s.packages(map[string][]string{
		"bin":     filepath.SplitList(s.Vars["PATH"]),
		"include": s.dirs("include", "CPATH", "C_INCLUDE_PATH"),
		"pkgconfig": append(filepath.SplitList(s.Vars["PKG_CONFIG_PATH"]), s.below(
			"usr/lib/pkgconfig", "usr/lib/{triplet}/pkgconfig", "usr/share/pkgconfig", "usr/local/lib/pkgconfig",
			"usr/local/share/pkgconfig")...),
		"lib": s.dirs("lib", "LIBRARY_PATH", "LD_LIBRARY_PATH"),
	})
}

// Run returns the packages of the table whose libraries an earlier buildpack has in a layer, sorted. Nothing else of
// the build image is certainly in the run image.
func (s Search) Run() []string {
	libraries := filepath.SplitList(s.Vars["LD_LIBRARY_PATH"])
	return s.packages(map[string][]string{"lib": libraries, "loads": libraries})
}

// packages returns the packages with a file in one of the directories of its kind.
func (s Search) packages(dirs map[string][]string) (names []string) {
	for name, files := range shownBy() {
		shows := func(file string) bool {
			kind, pattern, _ := strings.Cut(file, "/")
			return slices.ContainsFunc(dirs[kind], func(dir string) bool { return s.has(dir, pattern) })
		}
		if slices.ContainsFunc(files, shows) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// dirs returns the directories in lists of variables, and those of the system for headers or libraries.
func (s Search) dirs(kind string, variables ...string) (dirs []string) {
	for _, name := range variables {
		dirs = append(dirs, filepath.SplitList(s.Vars[name])...)
	}
	return append(dirs, s.below("usr/"+kind, "usr/"+kind+"/{triplet}", "usr/local/"+kind)...)
}

// below returns absolute directories, and replaces {triplet} by the name of the architecture.
func (s Search) below(dirs ...string) []string {
	for i, dir := range dirs {
		dirs[i] = "/" + strings.ReplaceAll(dir, "{triplet}", Triplet(s.Arch))
	}
	return dirs
}

// has reports whether an absolute directory has a file of that name, which may be a pattern.
func (s Search) has(dir, pattern string) bool {
	found, err := fs.Glob(s.Machine, path.Join(strings.TrimPrefix(path.Clean(dir), "/"), pattern))
	return err == nil && len(found) > 0 // a directory with brackets in its name is passed over
}

// shownBy returns the files that show that a package is there, by its name: see libraries.toml.
func shownBy() map[string][]string {
	var file struct{ Files map[string][]string }
	if _, err := toml.Decode(read("libraries.toml"), &file); err != nil {
		panic(err) // it has a test
	}
	return file.Files
}
