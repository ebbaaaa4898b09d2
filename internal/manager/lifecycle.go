package manager

import (
	"slices"
	"strings"
)

// InstallScripts are the scripts of a project's own package.json that each manager runs by itself when it installs.
// https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order
var InstallScripts = []string{"preinstall", "install", "postinstall"}

// Lifecycle are all that one of them runs, as npm and pnpm do.
var Lifecycle = slices.Concat(InstallScripts, []string{"prepublish", "preprepare", "prepare", "postprepare"})

// bare leaves of a line of settings, in .npmrc, .yarnrc and pnpm-workspace.yaml, only its words.
var bare = strings.NewReplacer("-", "", "=", "", ":", "", " ", "", "\t", "", `"`, "", "install.", "")

// IgnoresScripts tells whether a line of settings keeps a manager from running these scripts.
// https://docs.npmjs.com/cli/v11/using-npm/config#ignore-scripts
func IgnoresScripts(line string) bool {
	return strings.EqualFold(bare.Replace(line), "ignorescriptstrue")
}

// IgnoresScriptsBy is the same for a variable.
func IgnoresScriptsBy(name, value string) bool {
	return (value == "true" || value == "1") &&
		slices.Contains([]string{"npm_config_ignore_scripts", "pnpm_config_ignore_scripts", "yarn_ignore_scripts"}, strings.ToLower(name))
}
