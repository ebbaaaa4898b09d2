package manager

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// PackageNames returns the names of the Python packages that a lockfile or a requirements file lists, normalized. file
// is its path. Unlike Packages of a manager, it reads one file of any size, with all groups, extras and markers. Every
// build asks it, and a name that is not installed does no harm.
func PackageNames(file, text string) (names []string) {
	add := func(name string) { names = append(names, Normal(name)) }
	addLine := func(line string) {
		if p, _, _ := requirement(line, Machine{}); p.Name != "" && !strings.HasPrefix(line, "-") {
			names = append(names, p.Name)
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
		for _, line := range project.Project.Dependencies {
			addLine(line)
		}
	default:
		for _, line := range logicalLines(text) {
			addLine(line)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// EditsCatalogs returns the Python packages with which people edit translations in a running app, so that it needs the
// .po files of its packages. The names are normal.
func EditsCatalogs() []string {
	return []string{"django-rosetta", "django-translation-manager"}
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
