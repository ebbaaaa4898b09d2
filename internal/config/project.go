package config

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Project has the settings of project.toml that pack uses in a build.
// https://buildpacks.io/docs/reference/config/project-descriptor/
type Project struct {
	Env              map[string]string
	Exclude, Include []string // patterns of files, as in .gitignore
	Exists           bool     // there is a project.toml
}

// ProjectFile is pack's file in the app's root.
// https://buildpacks.io/docs/reference/config/project-descriptor/
const ProjectFile = "project.toml"

// descriptor is project.toml in both of its schemas.
type descriptor struct {
	Underscore struct {
		Version string `toml:"schema-version"`
	} `toml:"_"`
	Build struct {
		Exclude, Include []string
		Env              []variable
	}
	IO struct {
		Buildpacks struct {
			Exclude, Include []string
			Env              struct{ Build []variable }
			Build            struct{ Env []variable }
		}
	}
}

// variable is a table of a list of variables.
type variable struct{ Name, Value string }

// ReadProject reads project.toml as pack does: the lifecycle does not know the file. Without a version it has the first
// schema. The error is the user's.
func ReadProject(fsys fs.FS) (Project, error) {
	text, err := limits.Read(fsys, ProjectFile, limits.Size(ProjectFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Project{Env: map[string]string{}}, nil
	} else if err != nil {
		return Project{}, &fail.Error{
			ID: "app/unreadable", What: ProjectFile + " cannot be read", Why: show.Reason(err), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Make it a readable file, or delete it: pack reads it too."}},
		}
	}
	var d descriptor
	if _, err := limits.DecodeTOML(string(text), &d); err != nil {
		return Project{}, projectError("is not valid TOML", "parse "+ProjectFile+": "+show.Reason(err),
			"Correct it at the place named: pack refuses it too.", err)
	}
	project := d.project()
	if err := project.checkPatterns(); err != nil {
		return Project{}, err
	}
	return project, nil
}

// Platform returns how a fix shows settings to the app's user.
func (p Project) Platform() fail.Platform {
	if p.Exists {
		return fail.Project
	}
	return fail.NewProject
}

// project returns the settings of the schema that the file declares.
func (d descriptor) project() Project {
	first, later := d.Build, d.IO.Buildpacks
	project, vars := Project{map[string]string{}, first.Exclude, first.Include, true}, first.Env
	if version := d.Underscore.Version; version != "" && version != "0.1" {
		project.Exclude, project.Include = later.Exclude, later.Include
		vars = slices.Concat(later.Env.Build, later.Build.Env) // the first is an old place for them
	}
	for _, v := range vars {
		project.Env[v.Name] = v.Value
	}
	return project
}

// checkPatterns returns an error if there are more patterns than are compared with every file.
func (p Project) checkPatterns() error {
	if max(len(p.Exclude), len(p.Include)) <= limits.Patterns {
		return nil
	}
	return projectError("has too many patterns", fmt.Sprintf("At most %d are read.", limits.Patterns),
		"Exclude or include whole directories instead of single files.", nil)
}

// projectError returns the error for a project.toml that cannot be used. cause may be nil.
func projectError(what, why, fix string, cause error) error {
	return &fail.Error{
		ID: "app/project-toml", What: ProjectFile + " " + what, Why: why, Err: cause,
		Fix: fail.Fix{fail.Say{Text: fix}},
	}
}
