package manager

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// pnpmManager is pnpm. It writes a node_modules of links into node_modules/.pnpm, whose files it would link into its
// store. They are copied, since the store is cached on its own and the two must not change each other.
// https://pnpm.io/cli/install
type pnpmManager struct{ described }

// newPNPM returns pnpm. managers.json prefers 10, because 9, 10 and 11 write the same format. 9 refuses a
// pnpm-workspace.yaml that only has settings. 11 and later refuse an install script that the app neither allows nor
// denies, which 9 runs and 10 ignores.
func newPNPM() pnpmManager {
	const relock = "pnpm install --lockfile-only"
	return pnpmManager{described{NodeData{
		ID: PNPM, Name: "pnpm", Programs: []string{"pnpm", "pnpx"}, Majors: []int{1, 0}, Package: "pnpm",
		Locks:     []string{"pnpm-lock.yaml"},
		Files:     []string{".npmrc", "pnpm-workspace.yaml"},
		Rest:      []string{".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js", "patches"},
		Prefixes:  []string{"NPM_CONFIG_", "PNPM_CONFIG_"},
		Lifecycle: Lifecycle,
		// package.json requests this version. pnpm need not look for it, nor for its own entry in the lockfile. Nor
		// need it install before it runs a script, as 11 and later do if node_modules seems to be older than
		// package.json.
		Vars: map[string]string{"pnpm_config_pm_on_fail": "ignore", "pnpm_config_verify_deps_before_run": "false"},
		Commands: NodeCommands{
			Relock:   relock,
			Add:      "pnpm add --save-dev",
			Remove:   "pnpm remove",
			Rehash:   "pnpm install --update-checksums",
			Locked:   []string{"pnpm", "install", "--frozen-lockfile", "--prod=false"},
			Unlocked: []string{"pnpm", "install", "--no-frozen-lockfile", "--no-lockfile", "--prod=false"},
			Quiet:    []string{"--reporter=append-only"},
			Run:      []string{"pnpm", "run"},
		},
		Failures: "pnpm",
	}}}
}

// Prune installs again without devDependencies: "pnpm prune" also removes what workspaces have. Packages without a link
// to them go at once, not after a week.
func (pnpmManager) Prune(t Tree) []string {
	lock := []string{"--frozen-lockfile"}
	if !t.Locked {
		lock = []string{"--no-frozen-lockfile", "--no-lockfile"}
	}
	return slices.Concat([]string{"pnpm", "install"}, lock,
		[]string{"--prod", "--ignore-scripts", "--config.modules-cache-max-age=0"})
}

// Env sets each variable under two names: pnpm up to version 10 reads one, and later versions read the other.
// https://pnpm.io/settings
func (pnpmManager) Env(u Use) map[string]string {
	env := map[string]string{"CI": "true"} // otherwise it asks before it removes something
	for _, prefix := range []string{"npm_config_", "pnpm_config_"} {
		env[prefix+"store_dir"] = u.Cache
		env[prefix+"package_import_method"] = "copy"
	}
	return env
}

// pnpmFormat matches the format of a lockfile, which is a number or, in quotes, a text: 5.4, '6.0'.
var pnpmFormat = regexp.MustCompile(`(?m)^lockfileVersion: '?"?([\d.]+)`)

// pnpmRemote matches a package and the repository or the archive that it comes from.
var pnpmRemote = regexp.MustCompile(`(?m)^  '?/?(@?[^@\s']+)@((?:git\+|https?:)[^\s'(]+)'?:`)

// ReadLock needs little of the lockfile: a digest of the whole covers what comes from registries.
func (pnpmManager) ReadLock(text string) (Lock, error) {
	lock := Lock{Remote: map[string]string{}}
	if m := pnpmFormat.FindStringSubmatch(text); m != nil {
		lock.Format = m[1]
	}
	for _, m := range pnpmRemote.FindAllStringSubmatch(text, -1) {
		lock.remote(m[1], m[2])
	}
	lock.Engines = pnpmEngines(text)
	return lock, nil
}

// pnpmEngines returns the versions of Node.js that packages require, in the formats that write a package as a block of
// lines and engines in one line. A package with several versions has none, since another part of the file chooses.
// https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
func pnpmEngines(text string) (engines map[string]string) {
	section, name := "", ""
	versions := map[string]int{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		body := strings.TrimLeft(line, " ")
		switch indent := len(line) - len(body); {
		case body == "" || indent > 4:
		case indent == 0:
			section = body
		case indent == 2:
			spec := strings.Trim(strings.TrimSuffix(body, ":"), "'\"/")
			name, _, _ = cutLast(strings.SplitN(spec, "(", 2)[0], "@")
			if section == "packages:" {
				versions[name]++
			}
		case indent == 4 && section == "packages:" && strings.HasPrefix(body, "engines: {"):
			_, want, _ := strings.Cut(strings.Trim(body[len("engines: "):], "{}"), "node: ")
			if engines == nil {
				engines = map[string]string{}
			}
			engines[name] = pnpmText(want)
		}
	}
	maps.DeleteFunc(engines, func(name, want string) bool { return want == "" || versions[name] > 1 })
	return engines
}

// pnpmText returns the first value of a flow of YAML, without its quotes.
func pnpmText(flow string) string {
	if quoted := strings.TrimPrefix(flow, "'"); quoted != flow {
		text, _, _ := strings.Cut(quoted, "'")
		return text
	}
	text, _, _ := strings.Cut(flow, ",")
	return strings.TrimSpace(text)
}

// ReadSettings reads pnpm-workspace.yaml. https://pnpm.io/pnpm-workspace_yaml
func (pnpmManager) ReadSettings(read Reader) (settings Settings, err error) {
	text, _ := read("pnpm-workspace.yaml")
	var file struct{ Packages []string }
	if err := limits.DecodeYAML(text, &file); err != nil {
		return settings, err
	}
	settings.Workspaces = file.Packages
	return settings, nil
}
