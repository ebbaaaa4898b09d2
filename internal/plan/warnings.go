package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Removed returns hints about local artifacts that are removed from the source.
func Removed(a app.App) []note.Note {
	var said note.List
	var lines []string
	for _, path := range a.Uploaded {
		lines = append(lines, show.Name(string(path))+" came with the source: it is neither used nor shipped")
	}
	said.Hints("app/local-artifact", show.Notes(lines)...)
	return said
}

// GPUPackages returns the hint about packages that only a machine with a GPU needs: how many there are and how large.
// tensorflow reports whether one of them is TensorFlow. by installs them.
func GPUPackages(count int, size string, tensorflow bool, by manager.ID) []note.Note {
	cure := "Without them: https://docs.astral.sh/uv/guides/integration/pytorch/"
	switch {
	case tensorflow:
		cure = "Without them: require tensorflow-cpu"
	case by == manager.Requirements || by == manager.Project:
		cure = "Without them: UV_TORCH_BACKEND=cpu"
	}
	var said note.List
	said.Hint("python/gpu-packages", "Python packages: those for GPUs (%d) have %s. %s", count, size, cure)
	return said
}

// Private warns of files that should not be in an image. .git is in the image only if the user sets BP_KEEP_GIT.
// project is the app's project.toml, of which the warning repeats nothing.
func Private(a app.App, c config.Config, project config.Project) []note.Note {
	found := slices.DeleteFunc(slices.Clone(a.Private), func(name string) bool {
		return path.Base(name) == ".git" && !c.Image.KeepGit.On
	})
	if len(found) == 0 {
		return nil
	}
	var names []string
	for _, name := range found {
		names = append(names, show.Name(name))
	}
	lines := []string{"these files will be in the image, where all who have it can read them:"}
	for line := range strings.SplitSeq(show.Below(names), "\n") {
		lines = append(lines, "  "+strings.TrimSpace(line))
	}
	lines = append(lines, "  To keep them out, exclude them in project.toml:")
	if !project.Exists {
		lines = append(lines, "      [_]", "      schema-version = \"0.2\"", "      [io.buildpacks]")
	}
	text := strings.Join(append(lines, excluded(project.Exclude, found)...), "\n")
	return []note.Note{{ID: "app/private-file", Severity: note.Warning, Text: text}}
}

// excluded returns the lines of project.toml that exclude the files of before, which it excludes already, and found.
func excluded(before, found []string) []string {
	lines := []string{"      exclude = ["}
	for _, name := range slices.Concat(before, found) {
		lines = append(lines, fmt.Sprintf("        %q,", name))
	}
	return append(lines, "      ]")
}

// Misspelled returns a warning for each variable of env whose name is almost one that the metadata of a buildpack.toml
// declares.
func Misspelled(metadata map[string]any, env map[string]string) []note.Note {
	var said note.List
	said.Warnings("config/misspelled", config.Misspelled(metadata, env)...)
	return said
}

// unverified returns a warning for each variable of env and each setting of the app that turns off the verification of
// TLS certificates.
func (p Plan) unverified(env map[string]string) (said []note.Note) {
	var sources []string
	for _, name := range manager.UnverifiedVariables(env) {
		sources = append(sources, "the variable "+name)
	}
	if p.Python != nil {
		for _, s := range p.Python.Sources.Unverified {
			sources = append(sources, s.Name+" in "+show.Name(s.File))
		}
	}
	for _, project := range p.Projects() {
		for _, settings := range project.Files {
			for _, line := range settings.Lines {
				if name := manager.UnverifiedLine(line); name != "" {
					sources = append(sources, name+" in "+show.Name(project.Package.Path(settings.File)))
				}
			}
		}
	}
	return Unverified(sources...)
}

// Unverified returns a warning for each setting that turns off the verification of TLS certificates. The names of the
// settings include where they come from.
func Unverified(settings ...string) []note.Note {
	var texts []string
	for _, setting := range settings {
		texts = append(texts, "TLS certificates are not verified, so a server in between can replace packages: "+
			setting)
	}
	var said note.List
	said.Warnings("download/unverified", show.Notes(texts)...)
	return said
}
