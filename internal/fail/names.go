package fail

import (
	"cmp"
	"strings"
)

// The published names. The documentation uses no others.
const (
	Image   = "tandemcnb/python-node:0.1" // moves within 0.1
	Builder = "heroku/builder:26"         // recommended by its authors, for amd64 and arm64
)

// ProjectCommand returns the command that builds the app in a directory with the settings of its project.toml.
func ProjectCommand(dir string) string { return "pack build " + imageName(dir) }

// BuildCommand returns the command that builds the app in a directory with pack. dir is the directory's name.
func BuildCommand(dir string) string {
	return ProjectCommand(dir) + " --builder " + Builder + " --buildpack " + Image
}

// imageName returns the name of an image for the app in a directory of that name. Docker accepts lowercase letters and
// digits, with single separators between them. https://github.com/distribution/reference
func imageName(dir string) string {
	other := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	return cmp.Or(strings.Join(strings.FieldsFunc(strings.ToLower(dir), other), "-"), "app")
}
