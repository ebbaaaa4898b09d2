package debian

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Triplet returns the name of an architecture, "amd64" or "arm64", in directories of libraries.
// https://wiki.debian.org/Multiarch/Tuples
func Triplet(arch string) string {
	return map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[arch] + "-linux-gnu"
}

// File is the name and the version of a package that apt has downloaded.
type File struct{ Name, Version string }

// ParseFile returns what the name of the file says: NAME_VERSION_ARCH.deb. A colon in the version is escaped.
func ParseFile(file string) File {
	parts := strings.Split(strings.TrimSuffix(path.Base(file), ".deb"), "_")
	if len(parts) < 2 {
		return File{Name: parts[0]}
	}
	version, err := url.PathUnescape(parts[1])
	if err != nil {
		version = parts[1]
	}
	return File{parts[0], version}
}

// IsBasic reports whether the package is never unpacked. The image has the C library and the tools of an installation,
// and other interpreters would replace those of Tandem.
func (f File) IsBasic() bool {
	return strings.HasPrefix(f.Name, "libc6") || strings.HasPrefix(f.Name, "libc-") || slices.Contains([]string{
		"base-files", "base-passwd", "bash", "coreutils", "dash",
		"debconf", "debianutils", "dpkg", "apt", "perl-base", "python3", "python3-minimal", "nodejs", "sed", "tar",
	}, f.Name)
}

// LibrariesOf returns the packages with the libraries of packages with headers, from what apt-cache show prints. A
// package with headers depends on exactly its own version of these.
func LibrariesOf(printed string) (names []string) {
	exact := regexp.MustCompile(`^(lib[^ ]+) \(= `)
	for line := range strings.Lines(printed) {
		list, ok := strings.CutPrefix(line, "Depends:")
		if !ok {
			continue
		}
		for relation := range strings.SplitSeq(list, ",") {
			m := exact.FindStringSubmatch(strings.TrimSpace(relation))
			if m != nil && !strings.HasSuffix(m[1], "-dev") {
				names = append(names, m[1])
			}
		}
	}
	return names
}
