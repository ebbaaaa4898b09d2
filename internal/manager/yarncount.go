package manager

import (
	"slices"
	"strings"
)

// Count returns how many packages `yarn install` installs. The lockfile does not list systems, so a package for another
// one is known by its name. Yarn 1 ignores for which C library a package is.
// https://classic.yarnpkg.com/en/docs/yarn-lock
func (yarnManager) Count(lock, arch string) int {
	var counted lockCount
	yarnEntries(lock, func(keys []string, fields []yarnField) {
		name, _ := cutSpec(keys[0])
		systems := systemsOf(name)
		systems.Libc = nil
		p := &countedPackage{unfit: name == "fsevents" || !systems.Fit(arch)}
		for _, f := range fields {
			if f.isDependency() {
				p.needs = append(p.needs, f.name+"@"+f.value)
			}
		}
		counted.add(p, keys...)
	})
	return counted.count()
}

// Count returns how many packages `yarn install` installs. A patched package has two entries: only the one without the
// patch is counted. https://github.com/yarnpkg/berry/blob/master/packages/yarnpkg-core/sources/Manifest.ts
func (berryManager) Count(lock, arch string) int {
	var counted lockCount
	yarnEntries(lock, func(keys []string, fields []yarnField) {
		_, version := cutSpec(keys[0])
		p := &countedPackage{app: strings.HasPrefix(version, "workspace:") || strings.HasPrefix(version, "patch:")}
		for _, f := range fields {
			switch {
			case f.isDependency() && strings.Contains(f.value, ":"):
				p.needs = append(p.needs, f.name+"@"+f.value)
			case f.isDependency(): // up to format 6
				p.needs = append(p.needs, f.name+"@npm:"+f.value)
			case f.section == "" && f.name == "conditions":
				p.unfit = p.unfit || !meets(f.value, arch)
			}
		}
		counted.add(p, keys...)
	})
	return counted.count()
}

// yarnField is a line of an entry in a lockfile of Yarn. Section is the line above that it is part of.
type yarnField struct{ section, name, value string }

// isDependency reports whether the line names a package that is needed.
func (f yarnField) isDependency() bool {
	return f.section == "dependencies" || f.section == "optionalDependencies"
}

// yarnEntries calls do for each entry of a lockfile of any Yarn, with its keys: "vite@^7.0.0", "vite@npm:^7.0.0".
func yarnEntries(lock string, do func(keys []string, fields []yarnField)) {
	var keys []string
	var fields []yarnField
	flush := func() {
		if len(keys) > 0 && keys[0] != "__metadata" {
			do(keys, fields)
		}
		keys, fields = nil, nil
	}
	section := ""
	for line := range strings.Lines(lock) {
		line = strings.TrimRight(line, "\r\n")
		text := strings.TrimLeft(line, " ")
		switch depth := len(line) - len(text); {
		case text == "" || text[0] == '#':
		case depth == 0:
			flush()
			keys, section = yarnKeys(text), ""
		case depth == 2 && strings.HasSuffix(text, ":"):
			section = strings.TrimSuffix(text, ":")
		case depth == 2:
			section = ""
			fallthrough
		case depth == 4:
			name, value, _ := strings.Cut(text, " ")
			name = strings.Trim(strings.TrimSuffix(name, ":"), `"`)
			fields = append(fields, yarnField{section, name, strings.Trim(value, `"`)})
		}
	}
	flush()
}

// yarnKeys returns the keys in the first line of an entry: `"vite@^7.0.0", vite@7:`.
func yarnKeys(line string) (keys []string) {
	list, ok := strings.CutSuffix(line, ":")
	if !ok {
		return nil
	}
	return strings.Split(strings.ReplaceAll(list, `"`, ""), ", ")
}

// cutSpec cuts a package's name from its range or version: "@scope/name@^1.0.0".
func cutSpec(spec string) (name, version string) {
	if i := strings.Index(spec[min(1, len(spec)):], "@"); i >= 0 {
		return spec[:i+1], spec[i+2:]
	}
	return spec, ""
}

// meets reports whether Linux with glibc and an architecture meet conditions: "(os=linux | os=darwin) & cpu=x64".
func meets(conditions, arch string) bool {
	has := map[string]string{"os": "linux", "cpu": npmMachine(arch), "libc": "glibc"}
	isMet := func(one string) bool {
		one, not := strings.CutPrefix(strings.Trim(one, " ()"), "!")
		name, value, _ := strings.Cut(one, "=")
		return (has[name] == value) != not
	}
	for all := range strings.SplitSeq(conditions, "&") {
		if !slices.ContainsFunc(strings.Split(all, "|"), isMet) {
			return false
		}
	}
	return true
}
