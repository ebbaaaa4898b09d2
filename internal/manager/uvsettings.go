package manager

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// uvSettings are uv's settings in the app.
type uvSettings struct {
	files   []string       // a uv.toml
	options []string       // what a pyproject.toml has of them
	values  map[string]any // those that apply: uv.toml replaces [tool.uv]
	from    string         // the file that has values
}

// requiredVersion returns the version of uv that the app requires, and the file that has it.
func (uv uvSettings) requiredVersion() (version, file string) {
	if version, _ = uv.values["required-version"].(string); version == "" {
		return "", ""
	}
	return version, uv.from
}

// readUVSettings looks for them where uv does: in the directory in which it works, or else in the nearest one above.
// https://docs.astral.sh/uv/concepts/configuration-files/
func readUVSettings(src Source) uvSettings {
	for dir := "."; strings.Count(dir, "..") < deepest; dir = path.Join("..", dir) {
		text, own := src.Text(path.Join(dir, "uv.toml"))
		project := pyprojectIn(src, dir)
		if !own && project.Tool.UV == nil {
			continue
		}
		uv := uvSettings{values: project.Tool.UV, from: path.Join(dir, "pyproject.toml")}
		if len(uv.values) > 0 {
			options, _ := json.Marshal(uv.values) // TOML's infinity is the one value that JSON has not
			uv.options = []string{string(options)}
		}
		if own {
			uv.from, uv.values = path.Join(dir, "uv.toml"), map[string]any{}
			uv.files = []string{uv.from}
			_, _ = limits.DecodeTOML(text, &uv.values) // uv reports what is wrong with it
		}
		return uv
	}
	return uvSettings{}
}

// deepest is how many directories one of the app may lie below its root, and some more.
const deepest = 8
