package manager

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// berryManager is Yarn from version 2 on. Each of its versions rewrites the lockfiles of older ones, which --immutable
// forbids: so each format of a lockfile has the latest Yarn that writes it. https://yarnpkg.com/cli/install
type berryManager struct{ described }

// newBerry returns Yarn from version 2 on, which is another package than Yarn 1.
func newBerry() berryManager {
	const relock = "yarn install --mode=update-lockfile"
	return berryManager{described{NodeData{
		ID: YarnBerry, Name: "yarn", Programs: []string{"yarn", "yarnpkg"}, Majors: []int{2, 0},
		Package:   "@yarnpkg/cli-dist",
		Program:   Program{Hashed: "bin/yarn.js"},
		Locks:     []string{"yarn.lock"},
		Files:     []string{".yarnrc.yml"},
		Rest:      []string{".yarn/patches", ".yarn/plugins", "patches"},
		Prefixes:  []string{"YARN_"},
		Lifecycle: InstallScripts,
		Runs:      []string{berryState},
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "yarn add --dev",
			Remove:   "yarn remove",
			Rehash:   "YARN_CHECKSUM_BEHAVIOR=update yarn install",
			Locked:   []string{"yarn", "install", "--immutable"},
			Unlocked: []string{"yarn", "install", "--no-immutable"},
			Run:      []string{"yarn", "run"},
		},
		Failures: "berry",
	}}}
}

// Owns looks for the head of the lockfile, which Yarn 1 does not write.
func (berryManager) Owns(lock string) bool { return berryLock.MatchString(lock) }

// berryLock matches the head of Yarn's lockfile and the version of its format.
var berryLock = regexp.MustCompile(`(?m)^__metadata:\s*\n\s+version: "?(\d+)`)

// wholeVersion matches a version of three numbers anywhere in a text.
var wholeVersion = regexp.MustCompile(`\d+\.\d+\.\d+`)

// berryRemote matches packages with a URL of their own.
var berryRemote = regexp.MustCompile(`(?m)^  resolution: "(@?[^@\s"]+)@([^"]+)"`)

// ReadLock looks for the few lines that matter of a lockfile, which may have megabytes.
func (berryManager) ReadLock(text string) (Lock, error) {
	lock := Lock{Remote: map[string]string{}}
	if m := berryLock.FindStringSubmatch(text); m != nil {
		lock.Format = m[1]
	}
	for _, m := range berryRemote.FindAllStringSubmatch(text, -1) {
		lock.remote(m[1], m[2])
	}
	return lock, nil
}

// ReadSettings reads .yarnrc.yml. https://yarnpkg.com/configuration/yarnrc
func (berryManager) ReadSettings(read Reader) (settings Settings, err error) {
	text, _ := read(".yarnrc.yml")
	var rc struct {
		YarnPath    string `yaml:"yarnPath"`
		NodeLinker  string `yaml:"nodeLinker"`
		CacheFolder string `yaml:"cacheFolder"`
	}
	if err := limits.DecodeYAML(text, &rc); err != nil {
		return settings, err
	}
	settings.Program = strings.TrimPrefix(rc.YarnPath, "./")
	settings.PnP = rc.NodeLinker == "" || rc.NodeLinker == "pnp"
	settings.Outputs = []string{
		".pnp.cjs", ".pnp.loader.mjs", ".pnp.data.json", ".pnp.js", ".yarn/unplugged", berryState,
		".yarn/build-state.yml", berryCache,
	}
	switch folder := strings.TrimPrefix(rc.CacheFolder, "./"); {
	case folder == "" || folder == berryCache:
	case settings.PnP:
		settings.Outputs = append(settings.Outputs, folder)
	default: // archives of packages are in a cache that is not the app's, see Env
		settings.Notes = append(settings.Notes,
			"cacheFolder ("+show.Quoted(rc.CacheFolder)+") is not used, since packages are in node_modules")
	}
	return settings, nil
}

const (
	berryCache = ".yarn/cache"            // archives of packages that an app may commit
	berryState = ".yarn/install-state.gz" // without it "yarn run" says that the app is not installed
)

// Prune returns the command that removes devDependencies from all workspaces. Before version 4 it needs a plugin.
// https://yarnpkg.com/cli/workspaces/focus
func (berryManager) Prune(t Tree) []string {
	// Of a Yarn that the app brings the version is the file's name.
	if version := wholeVersion.FindString(t.Version); !versions.InRange(version, ">=4") {
		return nil
	}
	return []string{"yarn", "workspaces", "focus", "--all", "--production"}
}

// Env returns the variables that set the directory of packages' archives. With PnP, Node.js loads packages from these
// archives, so they stay with the app. If the app includes them, no other setting is used.
// https://yarnpkg.com/configuration/yarnrc#enableGlobalCache
func (berryManager) Env(u Use) map[string]string {
	env := map[string]string{
		"YARN_GLOBAL_FOLDER": u.Cache, "YARN_ENABLE_GLOBAL_CACHE": "true", "YARN_ENABLE_TELEMETRY": "0",
		"YARN_ENABLE_PROGRESS_BARS": "0",
	}
	if u.Settings.PnP || slices.Contains(u.Brought, berryCache) {
		env["YARN_ENABLE_GLOBAL_CACHE"] = "false"
	}
	for scheme, address := range u.Proxies { // the one manager that does not know the usual variables
		env["YARN_"+strings.ToUpper(scheme)+"_PROXY"] = address
	}
	return env
}
