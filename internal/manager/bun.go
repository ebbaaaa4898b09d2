package manager

import (
	"path"
	"slices"
	"strings"
)

// bunManager is bun as a package manager. Node.js stays the runtime: bun runs the scripts of package.json, and programs
// that begin with "#!/usr/bin/env node" run in Node.js. https://bun.com/docs/cli/install
type bunManager struct{ described }

// newBun returns bun. Its program is in a package for each architecture, and the package bun would find it by an
// install script. The one for amd64 needs no AVX2: a later build may use the layer on another machine.
// https://bun.com/docs/installation#cpu-requirements-and-baseline-builds
//
// Packages are copied, since a hard link would let a script change the cache. With NODE_ENV=production bun installs
// devDependencies too.
func newBun() bunManager {
	const relock = "bun install --lockfile-only"
	return bunManager{described{NodeData{
		ID: Bun, Name: "bun", Programs: []string{"bun", "bunx"}, Majors: []int{0, 0}, Package: "bun",
		Program: Program{
			File:  "bin/bun",
			Parts: map[string]string{"amd64": "@oven/bun-linux-x64-baseline", "arm64": "@oven/bun-linux-aarch64"},
		},
		Locks:     []string{"bun.lock"},
		Binary:    "bun.lockb",
		Files:     []string{".npmrc", "bunfig.toml"},
		Rest:      []string{"patches"},
		Prefixes:  []string{"BUN_CONFIG_", "NPM_CONFIG_"},
		Lifecycle: slices.Concat(InstallScripts, []string{"preprepare", "prepare", "postprepare"}),
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "bun add --dev",
			Remove:   "bun remove",
			Rehash:   "rm bun.lock && " + relock,
			Locked:   []string{"bun", "install", "--frozen-lockfile"},
			Unlocked: []string{"bun", "install", "--no-save"},
			Quiet:    []string{"--backend=copyfile", "--no-progress"},
			Run:      []string{"bun", "run"},
		},
		Reinstalls: true,
		Failures:   "bun",
	}}}
}

// Env names the cache.
func (bunManager) Env(u Use) map[string]string {
	return map[string]string{"BUN_INSTALL_CACHE_DIR": u.Cache}
}

// Prune installs without devDependencies. bun removes no packages, so that node_modules must be empty, and install
// scripts run again.
func (bunManager) Prune(t Tree) []string {
	lock := "--frozen-lockfile"
	if !t.Locked {
		lock = "--no-save"
	}
	return []string{"bun", "install", lock, "--production"}
}

// ReadLock looks for the few lines that matter of a lockfile, which may have megabytes: JSON with comments and commas
// after last values. bun writes each package in a line, with its name, and its version or where it comes from:
//
//	"picker": ["picker@git+https://git.example.com/picker.git#0123", {}, "0123"],
//
// https://bun.com/docs/install/lockfile
func (bunManager) ReadLock(text string) (Lock, error) {
	lock := Lock{Remote: map[string]string{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if format, ok := strings.CutPrefix(line, `"lockfileVersion": `); ok && lock.Format == "" {
			lock.Format = strings.TrimSuffix(format, ",")
		}
		_, rest, isPackage := strings.Cut(line, `": ["`)
		spec, _, closed := strings.Cut(rest, `"`)
		if at := strings.Index(spec[min(1, len(spec)):], "@") + 1; isPackage && closed && at > 0 {
			lock.remote(spec[:at], spec[at+1:])
		}
	}
	return lock, nil
}

// BinaryLock returns the manager that alone reads the file, which is a lockfile. file may be a path.
func BinaryLock(file string) (NodeData, bool) {
	m, ok := findNode(func(m NodeManager) bool {
		return m.Data().Binary != "" && m.Data().Binary == path.Base(file)
	})
	return m.Data(), ok
}
