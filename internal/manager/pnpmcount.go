package manager

import "strings"

// Count returns how many packages `pnpm install` installs. A file may have two documents: the last is about the app.
// Until format 6, dependencies are in the section of the packages.
// https://github.com/pnpm/spec/tree/master/lockfile
func (pnpmManager) Count(lock, arch string) int {
	c := pnpmCount{arch: arch, packages: map[string]*countedPackage{}}
	for line := range strings.Lines(lock) {
		line = strings.TrimRight(line, "\r\n")
		switch text := strings.TrimLeft(line, " "); {
		case line == "---":
			c = pnpmCount{arch: arch, packages: map[string]*countedPackage{}}
		case text != "" && text[0] != '#':
			c.read(len(line)-len(text), text)
		}
	}
	var counted lockCount
	for key, p := range c.packages {
		counted.add(p, key)
	}
	return counted.count()
}

// pnpmCount reads the packages of a lockfile of pnpm, line by line.
type pnpmCount struct {
	arch     string
	packages map[string]*countedPackage

	section, list string          // of the file and of a package
	last          *countedPackage // nil outside of packages
}

// read reads a line with its indentation.
func (c *pnpmCount) read(depth int, text string) {
	name, value, _ := strings.Cut(text, ": ")
	name = strings.Trim(strings.TrimSuffix(name, ":"), `'"`)
	switch {
	case depth == 0:
		c.section, c.last = name, nil
	case c.section != "packages" && c.section != "snapshots":
	case depth == 2:
		key := pnpmKey(name)
		if c.packages[key] == nil {
			c.packages[key] = &countedPackage{}
		}
		c.last = c.packages[key]
	case c.last == nil: // not a lockfile
	case depth == 4:
		c.list = name
		c.last.unfit = c.last.unfit || !pnpmSystems(name, value).Fit(c.arch)
	case depth == 6 && (c.list == "dependencies" || c.list == "optionalDependencies"):
		version := strings.Trim(value, `'"`)
		// An alias has the whole name instead of the version.
		for _, key := range []string{name + "@" + version, name + "/" + version, version} {
			if key = pnpmKey(key); c.packages[key] != nil || c.section != "snapshots" {
				c.last.needs = append(c.last.needs, key)
			}
		}
	}
}

// pnpmKey returns the key of a package without the peers that it was resolved with: "vite@7.3.8(sass@1.108.2)".
func pnpmKey(name string) string {
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "/"), "(")
	return name
}

// pnpmSystems returns what a field of a package says about systems, such as "[x64, arm64]".
func pnpmSystems(name, value string) (s Systems) {
	list, ok := strings.CutPrefix(value, "[")
	if !ok {
		return s
	}
	names := Names(strings.FieldsFunc(strings.TrimSuffix(list, "]"), func(r rune) bool {
		return strings.ContainsRune(`, '"`, r)
	}))
	switch name {
	case "os":
		s.OS = names
	case "cpu":
		s.CPU = names
	case "libc":
		s.Libc = names
	}
	return s
}
