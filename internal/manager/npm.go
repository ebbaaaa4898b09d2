package manager

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// Flags of npm's commands, for devDependencies and against them.
// https://docs.npmjs.com/cli/v11/commands/npm-ci#include
const (
	includeDev = "--include=dev"
	omitDev    = "--omit=dev"
)

// npmManager is npm, which comes with Node.js. https://docs.npmjs.com/cli/v11/commands/npm-ci
type npmManager struct{ described }

// newNPM returns npm, which Node.js includes.
func newNPM() npmManager {
	const relock = "npm install --package-lock-only"
	return npmManager{described{NodeData{
		ID: NPM, Name: "npm", Programs: []string{"npm", "npx"}, Majors: []int{1, 0}, Package: "npm",
		Program:   Program{Bundled: true},
		Locks:     []string{"package-lock.json", "npm-shrinkwrap.json"},
		Files:     []string{".npmrc"},
		Rest:      []string{"patches"},
		Prefixes:  []string{"NPM_CONFIG_"},
		Dev:       Variable{"NPM_CONFIG_INCLUDE", "dev"}, // https://docs.npmjs.com/cli/v11/using-npm/config#include
		Lifecycle: Lifecycle,
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "npm install --save-dev",
			Remove:   "npm uninstall",
			Rehash:   "rm package-lock.json && npm install --package-lock-only",
			Locked:   []string{"npm", "ci", includeDev},
			Unlocked: []string{"npm", "install", includeDev, "--no-package-lock"},
			// ci removes all packages first, so it only checks the lockfile. install adds and removes what differs.
			Update: [][]string{
				{"npm", "ci", includeDev, "--dry-run"},
				{"npm", "install", includeDev, "--no-save"},
			},
			Quiet: []string{"--no-audit", "--no-fund", "--prefer-offline"},
			Run:   []string{"npm", "run"},
		},
		Failures: "npm",
	}}}
}

// Env names the cache, and for old releases what Commands says by --include.
func (npmManager) Env(u Use) map[string]string {
	env := map[string]string{"npm_config_cache": u.Cache}
	if versions.InRange(u.Version, "<7") { // npm 6, which Node.js up to 14 brings, knows no --include
		env["npm_config_also"] = "dev"
	}
	return env
}

// Prune writes no lockfile: the app has its own, or none. https://docs.npmjs.com/cli/v11/commands/npm-prune
func (npmManager) Prune(t Tree) []string {
	omit := omitDev
	if versions.InRange(t.Version, "<7") {
		omit = "--production"
	}
	argv := []string{"npm", "prune", omit, "--ignore-scripts", "--no-save"}
	if !t.Locked {
		argv = append(argv, "--no-package-lock")
	}
	return argv
}

// WithoutDev returns a command of npm's without devDependencies.
func WithoutDev(command []string) (out []string) {
	for _, word := range command {
		if word == includeDev {
			word = omitDev
		}
		out = append(out, word)
	}
	return out
}

// remote notes a package that does not come from a registry.
func (lock *Lock) remote(name, address string) {
	if IsRemote(address) && !strings.Contains(address, "/-/") { // so registries name their archives
		lock.Remote[name] = address
	}
}

// Extracts reports whether a command of npm's unpacks packages.
func Extracts(argv []string) bool {
	return len(argv) > 1 && argv[0] == "npm" && (argv[1] == "ci" || argv[1] == "install") &&
		!slices.Contains(argv, "--dry-run")
}

// ReachesRegistry reports whether a line of .npmrc says how to reach a registry, or which packages npm may download.
// https://docs.npmjs.com/cli/v11/using-npm/config
func ReachesRegistry(line string) bool {
	name, _, _ := strings.Cut(line, "=")
	name = strings.ToLower(strings.TrimSpace(name))
	switch strings.ReplaceAll(name, "_", "-") {
	case "registry", "proxy", "https-proxy", "noproxy", "local-address", "offline", "prefer-offline", "cert", "key",
		"before", "min-release-age", "umask", "install-strategy", "replace-registry-host":
		return true
	}
	return strings.HasPrefix(name, "_") || strings.Contains(name, ":")
}

// ReachesRegistryBy is like ReachesRegistry, for the name of a variable.
func ReachesRegistryBy(name string) bool {
	setting, ok := strings.CutPrefix(strings.ToLower(name), "npm_config_")
	return ok && ReachesRegistry(setting)
}

// BroughtCache returns the directory of the app, relative to its package.json, in which npm finds what it would
// download. It is empty if there is none, or if it depends on a variable. lines are the lines of the .npmrc.
// https://docs.npmjs.com/cli/v11/using-npm/config#cache
func BroughtCache(lines []string) string {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		value = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(value), `"`), `"`)
		if strings.TrimSpace(name) != "cache" || value == "" || strings.ContainsAny(value, `"$~`) {
			continue
		}
		if dir := path.Clean(value); fs.ValidPath(dir) {
			return dir
		}
	}
	return ""
}

// BlockedScript returns the name of a package if a line of npm 12 says that its install script was not run. npm runs
// those only that package.json allows: https://docs.npmjs.com/cli/v12/commands/npm-install-scripts
func BlockedScript(line string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, "npm warn install-scripts   ")
	if !ok {
		return "", false
	}
	spec, _, ok := strings.Cut(rest, " (")
	name, _, versioned := cutLast(spec, "@")
	other := func(r rune) bool { // no program has to quote such a name
		return !strings.ContainsRune("@/._~-", r) && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	}
	return name, ok && versioned && name != "" && name[0] != '-' && !strings.ContainsFunc(name, other)
}
