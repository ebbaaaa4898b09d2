package manager

import "github.com/tandem-cnb/tandem/internal/limits"

// Packages returns what pyproject.toml lists. Without a lockfile nothing lists their dependencies.
func (projectManager) Packages(src Source, w Wanted, on Machine) Listed {
	project := readPyproject(src)
	lines := project.Project.Dependencies
	for _, extra := range w.Extras {
		list, _ := project.Project.Optional[extra].([]any)
		for _, line := range list {
			text, _ := line.(string)
			lines = append(lines, text)
		}
	}
	var found []ListedPackage
	for _, line := range lines {
		p, applies, _ := requirement(line, on)
		if p.File = "pyproject.toml"; applies && p.Name != "" {
			found = append(found, withServer(p, line)...)
		}
	}
	return listedIn(found, false)
}

// Packages returns the packages of the lockfile, which is complete.
// https://packaging.python.org/en/latest/specifications/pylock-toml/#packages
func (pylockManager) Packages(src Source, w Wanted, on Machine) Listed {
	file := pylockFiles(w)[0]
	text, ok := src.Text(file)
	var lock struct {
		Packages []struct {
			Name, Version, Marker string
			Wheels                []struct{ Name, URL, Path string }
		}
	}
	if !ok || len(text) > maxListed {
		return Listed{}
	}
	if _, err := limits.DecodeTOML(text, &lock); err != nil {
		return Listed{} // Read reports what is wrong with it
	}
	var found []ListedPackage
	complete := true
	for _, p := range lock.Packages {
		applies, known := on.marker(p.Marker)
		complete = complete && known
		var wheels []string
		for _, wheel := range p.Wheels {
			wheels = append(wheels, wheel.Name+wheel.URL+wheel.Path)
		}
		if applies {
			found = append(found, ListedPackage{Normal(p.Name), p.Version, file, on.wheels(wheels), ""})
		}
	}
	return listedIn(found, complete)
}
