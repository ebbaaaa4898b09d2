package manager

import (
	"encoding/json"
	"slices"
	"strings"
)

// npmMachine returns the name of an architecture in the field cpu of package.json.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#cpu
func npmMachine(arch string) string {
	if arch == "amd64" {
		return "x64"
	}
	return arch
}

// Count returns how many packages `npm ci` installs on Linux with glibc. Format 1 does not list for which machines a
// package is, so the number is 0.
func (npmManager) Count(lock, arch string) (count int) {
	if !json.Valid([]byte(lock)) {
		return 0
	}
	in := jsonReader{json.NewDecoder(strings.NewReader(lock))}
	in.object(func(key string) {
		if key != "packages" {
			in.skip()
			return
		}
		in.object(func(name string) {
			var p struct {
				OS, CPU, Libc []string
				Link          bool
			}
			in.value(&p)
			if strings.Contains(name, "node_modules/") && !p.Link && allows(p.OS, "linux") &&
				allows(p.CPU, npmMachine(arch)) && allows(p.Libc, "glibc") {
				count++
			}
		})
	})
	return count
}

// allows reports whether a list of names, of which some may be excluded with "!", has a name. An empty list has all.
func allows(names []string, name string) bool {
	if slices.Contains(names, "!"+name) {
		return false
	}
	only := slices.ContainsFunc(names, func(n string) bool { return !strings.HasPrefix(n, "!") })
	return !only || slices.Contains(names, name) || slices.Contains(names, "any")
}
