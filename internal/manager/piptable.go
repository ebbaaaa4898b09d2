package manager

import (
	"slices"
	"strings"
)

// translation says what an option of pip's means to uv: variables, arguments, or nothing that matters to packages.
type translation struct {
	pip    string
	toEnv  func(value string) map[string]string
	toArgs func(value string) []string
}

// env returns the variables that mean the same as the option with this value.
func (t translation) env(value string) map[string]string {
	if t.toEnv == nil {
		return nil
	}
	return t.toEnv(value)
}

// args returns the arguments that do.
func (t translation) args(value string) []string {
	if t.toArgs == nil {
		return nil
	}
	return t.toArgs(value)
}

// pip takes the best of all indexes, uv by itself the first index that has the package at all.
// https://docs.astral.sh/uv/pip/compatibility/#packages-that-exist-on-multiple-indexes
const (
	indexStrategy = "UV_INDEX_STRATEGY"
	bestMatch     = "unsafe-best-match"
)

// pipToUV is the one table of this. What is not in it is named in the log.
// https://pip.pypa.io/en/stable/cli/pip_install/ and https://docs.astral.sh/uv/reference/environment/
var pipToUV = []translation{
	{pip: "index-url pypi-url", toEnv: variable("UV_DEFAULT_INDEX")},
	{pip: "extra-index-url", toEnv: func(value string) map[string]string {
		return map[string]string{"UV_INDEX": value, indexStrategy: bestMatch}
	}},
	{pip: "find-links", toEnv: func(value string) map[string]string {
		return map[string]string{"UV_FIND_LINKS": strings.Join(strings.Fields(value), ",")}
	}},
	{pip: "constraint", toEnv: variable("UV_CONSTRAINT")},
	{pip: "build-constraint", toEnv: variable("UV_BUILD_CONSTRAINT")},
	{pip: "keyring-provider", toEnv: variable("UV_KEYRING_PROVIDER")},
	{pip: "cert", toEnv: variable("SSL_CERT_FILE")},
	{pip: "client-cert", toEnv: variable("SSL_CLIENT_CERT")},
	{pip: "timeout default-timeout", toEnv: variable("UV_HTTP_TIMEOUT")},
	{pip: "retries", toEnv: variable("UV_HTTP_RETRIES")},
	{pip: "proxy", toEnv: variable("ALL_PROXY")},
	{pip: "trusted-host", toArgs: func(value string) []string {
		return each("--allow-insecure-host", strings.Fields(value))
	}},
	{pip: "no-binary", toArgs: func(value string) []string { return each("--no-binary", names(value)) }},
	{pip: "only-binary", toArgs: func(value string) []string { return each("--only-binary", names(value)) }},
	{pip: "no-index", toArgs: whenOn("--no-index")},
	{pip: "no-deps no-dependencies", toArgs: whenOn("--no-deps")},
	{pip: "require-hashes", toArgs: whenOn("--require-hashes")},
	{pip: "pre", toArgs: whenOn("--prerelease", "allow")},
	// Output and caches of pip, and options without which uv does the same: an empty environment, wheels built in
	// isolation.
	{pip: "cache-dir no-cache-dir no-color no-input quiet verbose progress-bar disable-pip-version-check"},
	{pip: "no-python-version-warning log debug root-user-action require-virtualenv require-venv"},
	{pip: "break-system-packages no-warn-script-location no-warn-conflicts exists-action"},
	{pip: "user no-user target prefix root dry-run report"}, // the build decides where the packages go
	{pip: "compile no-compile use-pep517 upgrade upgrade-strategy eager-only-if-needed config-file src isolated yes"},
	{pip: "format"},
}

// translations returns the table by the names of options.
func translations() map[string]translation {
	out := map[string]translation{}
	for _, t := range pipToUV {
		for name := range strings.FieldsSeq(t.pip) {
			out[name] = t
		}
	}
	return out
}

// variable returns a translation into one variable that has the value as it is.
func variable(name string) func(string) map[string]string {
	return func(value string) map[string]string { return map[string]string{name: value} }
}

// whenOn is arguments for a switch of pip's that is on. An option of a requirements file has no value.
func whenOn(args ...string) func(string) []string {
	return func(value string) []string {
		if slices.Contains([]string{"0", "false", "no", "off", "n", "f"}, strings.ToLower(value)) {
			return nil
		}
		return args
	}
}

// names are a list as pip's --no-binary has it.
func names(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}
