package debian

import (
	"embed"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Known is a library of the system that packages of Python or Node.js need; see libraries.toml.
type Known struct {
	// Name is for whoever reads the file, and for its errors.
	Name string
	// Says and Node are patterns: of what a build of a Python package says, and of the library's names in that of a
	// package of Node.js. Header are names of files without which a compiler fails.
	Says, Node string
	Header     []string
	// Loads are parts of the names by which Python loads the library.
	Loads []string
	// Build and Run are Debian's packages to compile against it and to load it.
	Build, Run string
	// Instead is a package that needs no library, and Wheel a requirement that includes it.
	Instead, Wheel string
	// Sdist are packages of Python that are made against it, and of which no release has a wheel for Linux. Of Often,
	// many releases have none.
	Sdist, Often []string
	// InBuilder says that the images of fail.Builder have the library.
	InBuilder bool
	// User are packages of Python that load the library when they run, without one of those in Unless.
	User, Unless []string
	// NPM are packages of Node.js that are always compiled against it. Node.js itself loads it from the series NodeFrom
	// on; 0 is never.
	NPM      []string
	NodeFrom int
	// Geo says that GeoDjango loads it too.
	Geo bool
	// Image are Debian's packages for that. Dev is one whose libraries are such packages.
	Image, Dev string
	// Find says that User look for it by ctypes.util.find_library, which finds nothing in a layer.
	Find bool
	// Vars are variables of the image: paths in the packages, in which {triplet} is the architecture's directory.
	Vars map[string]string
}

// Absent returns the packages of the table that a release of a distribution, such as "ubuntu 22.04", does not have and
// does not need.
func Absent(release string) []string {
	var file struct{ Absent map[string][]string }
	if _, err := toml.Decode(read("libraries.toml"), &file); err != nil {
		panic(err) // it has a test
	}
	return file.Absent[release]
}

// data has libraries.toml, and runimages.txt with the packages of well-known run images.
//
//go:embed libraries.toml runimages.txt
var data embed.FS

// read returns the text of a file of data.
func read(name string) string {
	text, err := data.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text)
}

// Libraries returns the known libraries in the order of their file, which has a test.
func Libraries() []Known {
	var file struct{ Library []Known }
	if _, err := toml.Decode(read("libraries.toml"), &file); err != nil {
		panic(err)
	}
	return file.Library
}

// Compiles reports whether a Python package is compiled against the library, if no wheel fits the machine.
func (k Known) Compiles(name string) bool {
	return slices.Contains(k.Sdist, name) || slices.Contains(k.Often, name)
}

// IsIn reports whether an image has the library whose headers are in Dev: a package that has a number for "-dev". An
// image with Dev itself has it too.
func (k Known) IsIn(image map[string]bool) bool {
	if image[k.Dev] {
		return true
	}
	for name := range image {
		number, ok := strings.CutPrefix(name, strings.TrimSuffix(k.Dev, "-dev"))
		if ok && number != "" && '0' <= number[0] && number[0] <= '9' {
			return true
		}
	}
	return false
}
