package manager

import (
	"regexp"
	"slices"
	"strings"
)

// yarnClassic is Yarn 1. https://classic.yarnpkg.com/en/docs/cli/install
func yarnClassic() Node {
	const relock = "yarn install"
	return Node{
		ID: "yarn-classic", Name: "yarn", Commands: []string{"yarn", "yarnpkg"}, Majors: []int{0, 1}, Package: "yarn",
		Locks: []string{"yarn.lock"}, Owns: func(lock string) bool { return !berryLock.MatchString(lock) }, ReadLock: readYarnLock,
		Files: []string{".npmrc", ".yarnrc"}, Rest: []string{"patches", ".yarnclean"}, Prefixes: []string{"NPM_CONFIG_", "YARN_"}, Read: readYarnRC,
		Releases:  []Release{{"1.22.22", "sha512-prL3kGtyG7o9Z9Sv8IPfBNrWTDmXB4Qbes8A9rEzt6wkJV8mUvoirjU0Mp3GGAU06Y0XQyA3/2/RQFVuK7MTfg==", []string{"1"}}},
		Relock:    relock,
		Add:       "yarn add --dev",
		Locked:    []string{"yarn", "install", "--frozen-lockfile", "--production=false"},
		Unlocked:  []string{"yarn", "install", "--no-lockfile", "--production=false"},
		Prune:     yarnPrune,
		Lifecycle: slices.Concat(InstallScripts, []string{"prepublish", "prepare"}),
		Quiet:     []string{"--non-interactive", "--no-progress"},
		Run:       []string{"yarn", "run"},
		Env:       func(u Use) map[string]string { return map[string]string{"YARN_CACHE_FOLDER": u.Cache} },
		Failures: slices.Concat(nodeBuilds("yarn remove", "yarn add --dev", "yarn cache clean && yarn install --update-checksums"), Failures{
			lockOutOfSync("yarn.lock", relock, []string{"Your lockfile needs to be updated"}, []string{"Your lockfile needs"}),
			engineMismatch([]string{"The engine \""}, "is incompatible with this module"),
			registryLogin([]string{"error "}, `Request failed "401`, `Request failed "403`, `status code 401`, `status code 403`),
			noCertificate("error "),
			noSuchNodePackage(relock, []string{"error Couldn't find package", "error Couldn't find any versions for", "404 Not Found", `status code 404`}, []string{"Couldn't find", "error Error: ", "error An unexpected error"}),
			noNetwork([]string{"ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "trouble with your network connection"}, []string{"error Error:", "error An unexpected error", "error "}),
		}),
	}
}

// yarnPrune installs again without devDependencies, which takes them out. https://classic.yarnpkg.com/en/docs/cli/prune
func yarnPrune(t Tree) []string {
	lock := "--frozen-lockfile"
	if !t.Locked {
		lock = "--no-lockfile"
	}
	return []string{"yarn", "install", lock, "--production", "--ignore-scripts", "--prefer-offline"}
}

// yarnResolved matches a package's name and where it comes from.
var yarnResolved = regexp.MustCompile(`(?m)^"?(@?[^@\s"]+)@[^\n]*:\n  version [^\n]*\n  resolved "([^"]+)"`)

// readYarnLock reads Yarn's own format, which looks like YAML. https://classic.yarnpkg.com/en/docs/yarn-lock
func readYarnLock(text string) (Lock, error) {
	lock := Lock{Format: "1", Remote: map[string]string{}}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, m := range yarnResolved.FindAllStringSubmatch(text, -1) {
		lock.remote(m[1], m[2])
	}
	return lock, nil
}

// yarnSetting matches a line of .yarnrc. https://classic.yarnpkg.com/en/docs/yarnrc
var yarnSetting = regexp.MustCompile(`(?m)^\s*"?(yarn-path|yarn-offline-mirror)"?\s+"?([^"\s]+)"?\s*$`)

func readYarnRC(read Reader) (own Own, err error) {
	text, _ := read(".yarnrc")
	for _, m := range yarnSetting.FindAllStringSubmatch(text, -1) {
		if m[1] == "yarn-path" {
			own.Program = strings.TrimPrefix(m[2], "./")
		} else {
			own.Inputs = append(own.Inputs, strings.TrimPrefix(m[2], "./"))
		}
	}
	return own, nil
}
