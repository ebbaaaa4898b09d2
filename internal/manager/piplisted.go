package manager

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// Packages returns the packages of the categories that are wanted.
func (pipenvManager) Packages(src Source, w Wanted, on Machine) Listed {
	text, ok := src.Text("Pipfile.lock")
	categories := map[string]map[string]json.RawMessage{}
	if !ok || json.Unmarshal([]byte(text), &categories) != nil {
		return Listed{}
	}
	var found []ListedPackage
	complete := true
	for _, group := range append([]string{"default"}, w.Groups...) {
		if group == "dev-packages" {
			group = "develop"
		}
		for name, raw := range categories[group] {
			var p struct{ Version, Markers string }
			if json.Unmarshal(raw, &p) != nil {
				complete = false
			}
			applies, known := on.marker(p.Markers)
			complete = complete && known
			if applies {
				one := ListedPackage{Name: Normal(name), Version: exactVersion(p.Version), File: "Pipfile.lock"}
				found = append(found, one)
			}
		}
	}
	// The order of a map is random, and two categories may have a package.
	slices.SortFunc(found, func(a, b ListedPackage) int { return strings.Compare(a.Version, b.Version) })
	return listedIn(found, complete)
}

// Packages returns the packages in requirements files and in those that they include.
func (requirementsManager) Packages(src Source, w Wanted, on Machine) Listed {
	return listRequirements(src, w.Files, on)
}

// Packages returns the same packages as for uv.
func (pipManager) Packages(src Source, w Wanted, on Machine) Listed {
	return listRequirements(src, w.Files, on)
}

// listRequirements returns the packages of requirements files. The list is complete if a tool has written the files:
// then it has the dependencies too.
func listRequirements(src Source, files []string, on Machine) Listed {
	r := requirementsList{on: on, complete: true}
	seen := map[string]bool{}
	for queue := slices.Clone(files); len(queue) > 0 && len(seen) <= maxIncluded; queue = queue[1:] {
		name := path.Clean(queue[0])
		text, ok := src.Text(name)
		if seen[name] || !ok {
			continue
		}
		seen[name] = true
		queue = append(queue, r.read(name, text)...)
	}
	return listedIn(r.packages, r.complete)
}

// requirementsList has the packages of the requirements files that were read.
type requirementsList struct {
	on       Machine
	packages []ListedPackage
	complete bool
	hashed   bool // a line has a hash: then each package must have a line
}

// read reads one file, and returns the files that it includes.
func (r *requirementsList) read(name, text string) (included []string) {
	exported := Exporter(text) != ""
	for _, line := range logicalLines(text) {
		option, value := cutOption(line)
		switch {
		case option == "requirement" && value != "":
			included = append(included, path.Join(path.Dir(name), firstWord(value)))
		case strings.HasPrefix(line, "-"):
			r.complete = r.complete && option != "editable"
		default:
			p, applies, known := requirement(line, r.on)
			r.hashed = r.hashed || strings.Contains(line, " --hash")
			r.complete = r.complete && known && (exported || r.hashed)
			if p.File = name; applies && p.Name != "" {
				r.packages = append(r.packages, withServer(p, line)...)
			}
		}
	}
	return included
}

// requirement reads a line such as "django[argon2]>=5 ; python_version > '3.9' --hash=…". The name is empty if the
// line begins with a URL or a path.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
func requirement(line string, on Machine) (p ListedPackage, applies, known bool) {
	if before, _, hashed := strings.Cut(line, " --"); hashed {
		line = before
	}
	line, marker, _ := strings.Cut(line, ";")
	applies, known = on.marker(marker)
	end := strings.IndexFunc(line, func(r rune) bool { return !isInName(r) })
	if end < 0 {
		end = len(line)
	}
	rest := strings.TrimSpace(line[end:])
	if end == 0 || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "/") {
		return p, applies, false
	}
	p.Name = Normal(line[:end])
	if within, after, extras := strings.Cut(rest, "]"); extras && strings.HasPrefix(rest, "[") {
		p.Extras, rest = strings.ToLower(within[1:]), after
	}
	p.Version = exactVersion(strings.TrimSpace(rest))
	return p, applies, known
}

// withServer returns the package of a requirement, and the server that one of its extras certainly brings.
func withServer(p ListedPackage, requirement string) []ListedPackage {
	_, list, _ := strings.Cut(requirement, "[")
	list, _, _ = strings.Cut(list, "]")
	extras := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, bringing := range []struct{ name, extra, server string }{
		{"fastapi", "standard", "uvicorn"}, {"fastapi", "all", "uvicorn"}, {"litestar", "standard", "uvicorn"},
		{"channels", "daphne", "daphne"},
	} {
		if p.Name == bringing.name && slices.Contains(extras, bringing.extra) {
			return []ListedPackage{p, {Name: bringing.server, File: p.File}}
		}
	}
	return []ListedPackage{p}
}

// isInName reports whether r can be in the name of a package.
func isInName(r rune) bool {
	return strings.ContainsRune("-_.", r) || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
}

// exactVersion returns the version that "==1.2" means. It is empty for other constraints.
//
// A pin is "==1.2" or "===1.2" without a wildcard: all other constraints leave the version to the resolver.
func exactVersion(constraint string) string {
	version, ok := strings.CutPrefix(strings.TrimPrefix(constraint, "="), "=")
	version = strings.TrimSpace(version)
	if !ok || strings.ContainsAny(version, "*, <>!~") {
		return ""
	}
	return version
}
