package app

import (
	"path"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// scripts reads the scripts of Pipenv and pdm in dir. A file that cannot be parsed has none: its own reader says so.
func (r *reader) scripts(dir string) Scripts {
	var pipfile struct {
		Scripts map[string]any `toml:"scripts"`
	}
	var project struct {
		Tool struct {
			PDM struct {
				Scripts map[string]any `toml:"scripts"`
			} `toml:"pdm"`
		} `toml:"tool"`
	}
	text, _ := r.quiet(path.Join(dir, "Pipfile"))
	_, _ = limits.DecodeTOML(text, &pipfile) // see above
	text, _ = r.quiet(path.Join(dir, "pyproject.toml"))
	_, _ = limits.DecodeTOML(text, &project)
	return Scripts{plainScripts(pipfile.Scripts), plainScripts(project.Tool.PDM.Scripts)}
}

// plainScripts returns scripts as Scripts has them; nil if there are none. Neither tool runs a shell, so a text with
// operators of a shell is not a command.
func plainScripts(scripts map[string]any) map[string]string {
	if len(scripts) == 0 {
		return nil
	}
	plain := map[string]string{}
	for name, script := range scripts {
		text, _ := script.(string)
		if commands, err := shell.Split(text); err != nil || len(commands) != 1 {
			text = ""
		}
		plain[name] = text
	}
	return plain
}
