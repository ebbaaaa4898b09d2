package devenv

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// ProjectEnv are the build's variables of app's project.toml. pack reads them itself and lets its own --env win, but the lifecycle
// does not know the file. https://buildpacks.io/docs/reference/config/project-descriptor/
func ProjectEnv(app string) (map[string]string, error) {
	var descriptor struct {
		IO struct {
			Buildpacks struct {
				Build struct {
					Env []struct{ Name, Value string }
				}
			}
		}
	}
	vars := map[string]string{}
	file := filepath.Join(app, "project.toml")
	if _, err := toml.DecodeFile(file, &descriptor); errors.Is(err, fs.ErrNotExist) {
		return vars, nil
	} else if err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	for _, v := range descriptor.IO.Buildpacks.Build.Env {
		vars[v.Name] = v.Value
	}
	return vars, nil
}
