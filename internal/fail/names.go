package fail

import "github.com/tandem-cnb/tandem/internal/show"

// The published names. The documentation uses no others.
const (
	Image   = "tandemcnb/python-node:0.1" // moves within 0.1
	Builder = "heroku/builder:26"         // recommended by its authors, for amd64 and arm64
)

// ProjectCommand returns the command that builds an app with the settings of its project.toml.
func ProjectCommand(name string) string { return "pack build " + show.Word(name) }

// BuildCommand returns the command that builds an app with pack. name is the name of the image.
func BuildCommand(name string) string {
	return "pack build " + show.Word(name) + " --builder " + Builder + " --buildpack " + Image
}
