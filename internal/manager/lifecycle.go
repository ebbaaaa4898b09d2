package manager

import (
	"slices"
	"strings"
)

// InstallScripts are the scripts of a project's own package.json that each manager runs on its own when it installs.
// https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order
var InstallScripts = []string{"preinstall", "install", "postinstall"}

// Lifecycle are all that one of them runs, as npm and pnpm do.
var Lifecycle = slices.Concat(InstallScripts, []string{"prepublish", "preprepare", "prepare", "postprepare"})

// IgnoresScripts reports whether a line of .npmrc, .yarnrc or pnpm-workspace.yaml keeps a manager from running these
// scripts. https://docs.npmjs.com/cli/v11/using-npm/config#ignore-scripts
func IgnoresScripts(line string) bool {
	words := strings.NewReplacer("-", "", "=", "", ":", "", " ", "", "\t", "", `"`, "", "install.", "").Replace(line)
	return strings.EqualFold(words, "ignorescriptstrue")
}

// IgnoresScriptsBy is like IgnoresScripts, for a variable.
func IgnoresScriptsBy(name, value string) bool {
	if value != "true" && value != "1" {
		return false
	}
	switch strings.ToLower(name) {
	case "npm_config_ignore_scripts", "pnpm_config_ignore_scripts", "yarn_ignore_scripts":
		return true
	}
	return false
}
