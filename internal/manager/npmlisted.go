package manager

import (
	"encoding/json"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// npmCounted has the fields of a package in a lockfile of npm that show whether it is installed.
type npmCounted struct {
	Systems
	Link                                                                  bool
	Dependencies, OptionalDependencies, DevDependencies, PeerDependencies map[string]any
}

// Count returns how many packages `npm ci` installs on Linux with glibc. Format 1 does not list for which machines a
// package is, so the number is 0.
func (npmManager) Count(lock, arch string) int {
	if !json.Valid([]byte(lock)) {
		return 0
	}
	entries := map[string]npmCounted{}
	in := jsonReader{json.NewDecoder(strings.NewReader(lock))}
	in.object(func(key string) {
		if key != "packages" {
			in.skip()
			return
		}
		in.object(func(name string) {
			var p npmCounted
			in.value(&p)
			if !p.Link {
				entries[name] = p
			}
		})
	})
	var counted lockCount
	for dir, entry := range entries {
		p := &countedPackage{app: !strings.Contains(dir, "node_modules/"), unfit: !entry.Fit(arch)}
		for _, list := range []map[string]any{
			entry.Dependencies, entry.OptionalDependencies, entry.DevDependencies, entry.PeerDependencies,
		} {
			for name := range list {
				p.needs = append(p.needs, resolved(entries, dir, name))
			}
		}
		counted.add(p, dir)
	}
	return counted.count()
}

// resolved returns the directory in which a package in dir finds one that it needs; empty if there is none.
// https://nodejs.org/api/modules.html#loading-from-node_modules-folders
func resolved(entries map[string]npmCounted, dir, name string) string {
	if strings.Count(dir, "/") > limits.Levels {
		return ""
	}
	for {
		at := strings.TrimPrefix(dir+"/node_modules/"+name, "/")
		if _, ok := entries[at]; ok || dir == "" {
			return at
		}
		dir = dir[:max(0, strings.LastIndex(dir, "/"))]
	}
}
