package manager

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// npmManager is npm, which comes with Node.js. https://docs.npmjs.com/cli/v11/commands/npm-ci
type npmManager struct{ described }

func newNPM() npmManager {
	const relock = "npm install --package-lock-only"
	return npmManager{described{NodeData{
		ID: NPM, Name: "npm", Programs: []string{"npm", "npx"}, Majors: []int{1, 0}, Package: "npm",
		Program:   Program{Bundled: true},
		Locks:     []string{"package-lock.json", "npm-shrinkwrap.json"},
		Files:     []string{".npmrc"},
		Rest:      []string{"patches"},
		Prefixes:  []string{"NPM_CONFIG_"},
		Lifecycle: Lifecycle,
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "npm install --save-dev",
			Locked:   []string{"npm", "ci", "--include=dev"},
			Unlocked: []string{"npm", "install", "--include=dev", "--no-package-lock"},
			// ci removes all packages first, so it only checks the lockfile; install then adds and removes what differs.
			Update: [][]string{
				{"npm", "ci", "--include=dev", "--dry-run"},
				{"npm", "install", "--include=dev", "--no-save"},
			},
			Quiet: []string{"--no-audit", "--no-fund", "--prefer-offline"},
			Run:   []string{"npm", "run"},
		},
		Failures: slices.Concat(nodeBuilds("npm uninstall", "npm install --save-dev", "rm package-lock.json && npm install --package-lock-only"), Failures{
			{
				ID: "node/lock-out-of-sync", Marks: []string{"are in sync"}, What: "package-lock.json does not belong to package.json",
				Why: "package.json was changed after the lock was made; npm names the packages above.",
				Fix: "Make the lock again and commit it:\n    " + relock,
			},
			{
				ID: "node/manager-version", Marks: []string{"cb.apply is not a function"}, What: "This npm is too old for this version of Node.js",
				Why: "It ends with: cb.apply is not a function. engines.npm in package.json asks for it.",
				Fix: "Take it out of package.json, so that the npm of Node.js is used:\n    npm pkg delete engines.npm\nOr ask for a Node.js of its time in engines.node.",
			},
			{
				ID: "node/peer-conflict", Marks: []string{"code ERESOLVE"}, What: "Packages of the app exclude each other",
				Evidence: []string{"Could not resolve dependency:", "Found: "},
				Fix:      "Take versions that fit together. If the app works with these all the same, say so in .npmrc and commit it:\n    echo legacy-peer-deps=true >>.npmrc",
			},
			engineMismatch([]string{"Invalid devEngines.", "notsup Required:", "Not compatible with"}, "Not compatible with your version of node/npm", "code EBADDEVENGINES"),
			registryLogin([]string{"code E401", "code E403", "code ENEEDAUTH"}, "code E401", "code E403", "code ENEEDAUTH"),
			noCertificate("request to ", "code "),
			noSuchNodePackage(relock, []string{"code E404", "code ETARGET"}, []string{"404  ", "notarget No matching", "404 Not Found"}),
			noNetwork([]string{"code ENOTFOUND", "code EAI_AGAIN", "code ECONNREFUSED", "code ETIMEDOUT", "code ECONNRESET"}, []string{"network request to", "request to"}),
		}),
	}}}
}

func (npmManager) Env(u Use) map[string]string {
	env := map[string]string{"npm_config_cache": u.Cache}
	if versions.InRange(u.Version, "<7") { // npm 6, which Node.js up to 14 brings, knows no --include
		env["npm_config_also"] = "dev"
	}
	return env
}

// Prune writes no lockfile: the app has its own, or none. https://docs.npmjs.com/cli/v11/commands/npm-prune
func (npmManager) Prune(t Tree) []string {
	omit := "--omit=dev"
	if versions.InRange(t.Version, "<7") {
		omit = "--production"
	}
	argv := []string{"npm", "prune", omit, "--ignore-scripts", "--no-save"}
	if !t.Locked {
		argv = append(argv, "--no-package-lock")
	}
	return argv
}

// remote notes a package that does not come from a registry.
func (lock *Lock) remote(name, address string) {
	if IsRemote(address) && !strings.Contains(address, "/-/") { // so registries name their archives
		lock.Remote[name] = address
	}
}

// npmFolder matches the line of an .npmrc by which an app brings its downloads.
// https://docs.npmjs.com/cli/v11/using-npm/config#cache
var npmFolder = regexp.MustCompile(`^cache\s*=\s*"?([^"$~]+?)"?\s*$`)

// BroughtCache returns the directory of the app, relative to its package.json, in which npm finds what it would
// download. It is empty if there is none. lines are those of the .npmrc.
func BroughtCache(lines []string) string {
	for _, line := range lines {
		if m := npmFolder.FindStringSubmatch(line); m != nil && fs.ValidPath(path.Clean(m[1])) {
			return path.Clean(m[1])
		}
	}
	return ""
}
