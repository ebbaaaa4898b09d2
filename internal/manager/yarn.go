package manager

import (
	"regexp"
	"slices"
	"strings"
)

// yarnManager is Yarn 1. https://classic.yarnpkg.com/en/docs/cli/install
type yarnManager struct{ described }

// newYarn returns Yarn 1. It runs fewer scripts of the project than npm when it installs.
func newYarn() yarnManager {
	const relock = "yarn install"
	return yarnManager{described{NodeData{
		ID: YarnClassic, Name: "yarn", Programs: []string{"yarn", "yarnpkg"}, Majors: []int{0, 1}, Package: "yarn",
		Locks:     []string{"yarn.lock"},
		Files:     []string{".npmrc", ".yarnrc"},
		Rest:      []string{"patches", ".yarnclean"},
		Prefixes:  []string{"NPM_CONFIG_", "YARN_"},
		Dev:       Variable{"YARN_PRODUCTION", "false"}, // https://classic.yarnpkg.com/en/docs/envvars
		Lifecycle: slices.Concat(InstallScripts, []string{"prepublish", "prepare"}),
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "yarn add --dev",
			Remove:   "yarn remove",
			Rehash:   "yarn cache clean && yarn install --update-checksums",
			Locked:   []string{"yarn", "install", "--frozen-lockfile", "--production=false"},
			Unlocked: []string{"yarn", "install", "--no-lockfile", "--production=false"},
			Quiet:    []string{"--non-interactive", "--no-progress"},
			Run:      []string{"yarn", "run"},
		},
		Failures: "yarn",
	}}}
}

// Owns reports whether Yarn 1 has written the yarn.lock, and not a later Yarn.
func (yarnManager) Owns(lock string) bool { return !berryLock.MatchString(lock) }

// Env names the cache.
func (yarnManager) Env(u Use) map[string]string {
	return map[string]string{"YARN_CACHE_FOLDER": u.Cache}
}

// Prune installs again without devDependencies, which removes them. https://classic.yarnpkg.com/en/docs/cli/prune
func (yarnManager) Prune(t Tree) []string {
	lock := "--frozen-lockfile"
	if !t.Locked {
		lock = "--no-lockfile"
	}
	return []string{"yarn", "install", lock, "--production", "--ignore-scripts", "--prefer-offline"}
}

// yarnResolved matches a package's name and where it comes from.
var yarnResolved = regexp.MustCompile(`(?m)^"?(@?[^@\s"]+)@[^\n]*:\n  version [^\n]*\n  resolved "([^"]+)"`)

// ReadLock reads Yarn's own format, which looks like YAML. https://classic.yarnpkg.com/en/docs/yarn-lock
func (yarnManager) ReadLock(text string) (Lock, error) {
	lock := Lock{Format: "1", Remote: map[string]string{}}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, m := range yarnResolved.FindAllStringSubmatch(text, -1) {
		lock.remote(m[1], m[2])
	}
	return lock, nil
}

// ReadSettings reads .yarnrc: a name and a value in a line, with or without quotes.
// https://classic.yarnpkg.com/en/docs/yarnrc
func (yarnManager) ReadSettings(read Reader) (settings Settings, err error) {
	text, _ := read(".yarnrc")
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) != 2 {
			continue
		}
		value := strings.Trim(words[1], `"`)
		switch name := strings.Trim(words[0], `"`); {
		case value == "" || strings.Contains(value, `"`):
		case name == "yarn-path":
			settings.Program = strings.TrimPrefix(value, "./")
		case name == "yarn-offline-mirror":
			settings.Inputs = append(settings.Inputs, strings.TrimPrefix(value, "./"))
		}
	}
	return settings, nil
}
