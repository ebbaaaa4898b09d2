package manager

import (
	"strings"
	"testing"
)

func TestVariablesThatLeadToolsAstray(t *testing.T) {
	for _, name := range []string{"PIP_TARGET", "UV_PYTHON", "VIRTUAL_ENV", "PYTHONPATH",
		"npm_config_prefix", "NPM_CONFIG_PREFIX", "npm_config_dry-run", "Npm_Config_Global", "YARN_PRODUCTION",
		"BASH_ENV", "ENV", "LD_PRELOAD", "LD_AUDIT", "NODE_REPL_EXTERNAL_MODULE", "PYTHONNOUSERSITE", "PYTHONSTARTUP",
		"GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_CONFIG_GLOBAL",
		"GIT_CONFIG_SYSTEM", "GIT_CONFIG_PARAMETERS"} {
		if !Misleads(name) || Unusable(name) {
			t.Errorf("%s does not count as misleading", name)
		}
	}
	for _, name := range []string{"PIP_INDEX_URL", "UV_INDEX", "UV_DEFAULT_INDEX", "npm_config_registry",
		"NPM_CONFIG_PRODUCTION", "NODE_OPTIONS", "NODE_ENV", "PATH", "HOME", "PYTHONUNBUFFERED",
		"pip_target", "yarn_production", "npm_config__authToken", "SECRET_KEY", "LD_LIBRARY_PATH", "ENVIRONMENT", "env",
		"GIT_CONFIGURED", "GIT_SSH_COMMAND", "GIT_SSL_NO_VERIFY", "BASH"} {
		if Misleads(name) || Unusable(name) {
			t.Errorf("%s counts as misleading", name)
		}
	}
	if !Unusable("PYTHONHOME") || MisleadsNode("PIP_TARGET") {
		t.Error("PYTHONHOME is unusable, and PIP_TARGET means nothing to Node's managers")
	}
}

func TestVariablesThatKeepScriptsFromRunning(t *testing.T) {
	for _, name := range []string{"npm_config_ignore_scripts", "NPM_CONFIG_IGNORE_SCRIPTS", "YARN_IGNORE_SCRIPTS"} {
		for value, want := range map[string]bool{"true": true, "1": true, "false": false, "0": false, "": false} {
			if got := IgnoresScriptsBy(name, value); got != want {
				t.Errorf("%s=%s: got %v", name, value, got)
			}
		}
	}
	if IgnoresScriptsBy("npm_config_offline", "true") {
		t.Error("npm_config_offline keeps scripts from running")
	}
}

func TestPreloadsAreTakenOutOfNodeOptions(t *testing.T) {
	missing := func(module string) bool { return strings.Contains(module, "missing") }
	for options, want := range map[string]string{
		"":                           "",
		"  --max-old-space-size=100": "  --max-old-space-size=100",
		"--require /missing.js":      "", "--require=/missing.js --trace-warnings": "--trace-warnings",
		"-r missing -r /there.js":                       "-r /there.js",
		"--import file:///missing.mjs --trace-warnings": "--trace-warnings",
		`--require "/a b/missing.js" --inspect`:         "--inspect",
		`--require "/a \"b/missing.js"`:                 "",
		`--title="a missing  b" -r missing`:             `--title="a missing  b"`,
		"--experimental-loader ./missing.mjs -r there":  "-r there",
		"--trace-warnings --require":                    "--trace-warnings --require",
		"--openssl-config=/missing.cnf":                 "",
		"-r missing   --inspect":                        "--inspect",
	} {
		if got := WithoutPreloads(options, missing); got != want {
			t.Errorf("%q: got %q, want %q", options, got, want)
		}
	}
}

func TestWhoLimitsTheHeap(t *testing.T) {
	for options, want := range map[string]bool{"": false, "--trace-warnings": false, "--max-old-space-size=1": true,
		"-r a --max_old_space_size=1": true, "--max-old-space-size": true,
		`--title="--max-old-space-size=1"`: false, "--max-semi-space-size=1": false} {
		if got := LimitsHeap(options); got != want {
			t.Errorf("%q: got %v", options, got)
		}
	}
}
