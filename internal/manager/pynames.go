package manager

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// PackageNames returns the names of the Python packages that a lockfile or a requirements file lists, normalized. file
// is its path. It does not follow included files, and it reads all groups and extras.
func PackageNames(file, text string) (names []string) {
	add := func(name string) {
		if name != "" {
			names = append(names, Normal(name))
		}
	}
	switch path.Base(file) {
	case "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml":
		for line := range strings.Lines(text) { // each is a line of its own: the tools write these files
			if value, ok := strings.CutPrefix(line, "name = "); ok {
				add(strings.Trim(strings.TrimSpace(value), `"'`))
			}
		}
	case "Pipfile.lock":
		if !json.Valid([]byte(text)) { // another reader reports that
			return nil
		}
		in := jsonReader{json.NewDecoder(strings.NewReader(text))}
		in.object(func(category string) {
			if category == "_meta" {
				in.skip()
				return
			}
			in.object(func(name string) { add(name); in.skip() })
		})
	case "pyproject.toml":
		project := readPyproject(Source{Text: func(string) (string, bool) { return text, true }})
		for _, requirement := range project.Project.Dependencies {
			add(requirementName(requirement))
		}
	default:
		for _, line := range logicalLines(text) {
			add(requirementName(line))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// requirementName returns the name at the beginning of a requirement. It is empty for an option, a path or a URL.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#names
func requirementName(requirement string) string {
	end := strings.IndexFunc(requirement, func(r rune) bool {
		return !strings.ContainsRune("-_.", r) && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	})
	name, rest := requirement, ""
	if end >= 0 {
		name, rest = requirement[:end], requirement[end:]
	}
	if strings.HasPrefix(name, "-") || strings.HasPrefix(name, ".") || rest != "" && strings.Contains("/:+", rest[:1]) {
		return ""
	}
	return name
}

// CallsNode reports how a Python package uses programs of Node.js: always, or only if the app's settings name one.
func CallsNode(name string) (always, byName bool) {
	switch name {
	case "django-pipeline", "django-tailwind", "django-node-assets", "django-static-precompiler":
		return true, false
	case "django-compressor", "webassets", "flask-assets":
		return false, true
	}
	return false, false
}
