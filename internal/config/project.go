package config

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/BurntSushi/toml"
)

// Project is what project.toml says to pack about a build. https://buildpacks.io/docs/reference/config/project-descriptor/
type Project struct {
	Env              map[string]string
	Exclude, Include []string // patterns of files, as in .gitignore
}

type variable struct{ Name, Value string }

// ReadProject reads it as pack does: the lifecycle does not know the file. Without a version it is of the first form.
func ReadProject(fsys fs.FS) (Project, error) {
	var descriptor struct {
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
	text, err := fs.ReadFile(fsys, "project.toml")
	if errors.Is(err, fs.ErrNotExist) {
		return Project{Env: map[string]string{}}, nil
	} else if err != nil {
		return Project{}, fmt.Errorf("read project.toml: %w", err)
	}
	if _, err := toml.Decode(string(text), &descriptor); err != nil {
		return Project{}, fmt.Errorf("parse project.toml: %w", err)
	}
	first, later := descriptor.Build, descriptor.IO.Buildpacks
	project, vars := Project{map[string]string{}, first.Exclude, first.Include}, first.Env
	if version := descriptor.Underscore.Version; version != "" && version != "0.1" {
		project.Exclude, project.Include = later.Exclude, later.Include
		vars = slices.Concat(later.Env.Build, later.Build.Env) // the first is an old place for them
	}
	for _, v := range vars {
		project.Env[v.Name] = v.Value
	}
	return project, nil
}
