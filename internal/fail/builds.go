package fail

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// schema returns the lines with which a new project.toml begins. Without its schema pack looks for everything else
// elsewhere, and does not say so. https://buildpacks.io/docs/reference/config/project-descriptor/
func schema(platform Platform) []string {
	if platform != NewProject {
		return nil
	}
	return []string{indent + "[_]", indent + `schema-version = "0.2"`}
}

// build returns the lines that change what a build is made with. In Kubernetes, a builder is an object of the cluster.
func build(b Build, platform Platform) (lines []string) {
	switch {
	case platform == Kubernetes && b.CPU != "":
		return []string{indent + "nodeSelector: {kubernetes.io/arch: " + show.Name(b.CPU) + "}"}
	case platform == Kubernetes && len(b.Buildpacks) > 0:
		const text = "# a builder with these buildpacks, in this order: "
		return []string{indent + text + strings.Join(b.Buildpacks, ", ")}
	case platform == Kubernetes:
		return []string{indent + "# a builder with the build image and the run image of " + b.Builder}
	case b.CPU != "": // project.toml has nothing like it
		return []string{indent + pack + b.Options()}
	}
	lines = append(schema(platform), indent+"[io.buildpacks]", indent+"builder = "+tomlString(b.Builder))
	var group []string
	for _, one := range b.Buildpacks {
		group = append(group, "{uri = "+tomlString(one)+"}")
	}
	if len(group) > 0 {
		lines = append(lines, indent+"group = ["+strings.Join(group, ", ")+"]")
	}
	lines[0] += "  # in project.toml; an option --builder of pack wins"
	return lines
}
