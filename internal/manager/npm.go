package manager

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
)

// npm comes with Node.js. https://docs.npmjs.com/cli/v11/commands/npm-ci
func npm() Node {
	const relock = "npm install --package-lock-only"
	return Node{
		Name: "npm", Locks: []string{"package-lock.json", "npm-shrinkwrap.json"}, ReadLock: readNPMLock, Relock: relock,
		Locked:   []string{"npm", "ci", "--include=dev"},
		Unlocked: []string{"npm", "install", "--include=dev", "--no-package-lock"},
		Run:      []string{"npm", "run"},
		// ci, that removes all packages first, is asked only whether the lock is right; install then adds and removes what differs.
		Update: [][]string{{"npm", "ci", "--include=dev", "--dry-run"}, {"npm", "install", "--include=dev", "--no-save"}},
		Quiet:  []string{"--no-audit", "--no-fund", "--prefer-offline"},
		Failures: Failures{
			{
				ID: "node/lock-out-of-sync", Marks: []string{"are in sync"}, What: "package-lock.json does not belong to package.json",
				Why: "package.json was changed after the lock was made; npm names the packages above.",
				Fix: "Make the lock again and commit it:\n    " + relock,
			},
			{
				ID: "node/no-such-package", Marks: []string{"code E404", "code ETARGET"}, What: "A Node package that the app asks for does not exist",
				Evidence: []string{"404  ", "notarget No matching"},
				Fix:      "Correct its name or version, make the lock again and commit both:\n    " + relock,
			},
		},
	}
}

// readNPMLock finds "file:" dependencies: npm links them, and runs their install scripts where they are.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
func readNPMLock(text string) (lock Lock, err error) {
	var content struct {
		Packages map[string]struct{ HasInstallScript bool }
	}
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		return lock, err
	}
	for _, name := range slices.Sorted(maps.Keys(content.Packages)) {
		if name == "" || strings.Contains(name, "node_modules") {
			continue
		}
		lock.Local = append(lock.Local, path.Clean(name))
		if content.Packages[name].HasInstallScript {
			lock.Linked = append(lock.Linked, path.Clean(name))
		}
	}
	return lock, nil
}
