package manager

import (
	"slices"
	"strings"
)

// translation says what an option of pip's means to uv.
type translation struct {
	pip string // names of options that mean the same
	to  meaning
}

// meaning returns the variables and arguments of uv's that an option with this value means. A nil meaning has none,
// since the option does not matter to packages.
type meaning func(value string) (env map[string]string, args []string)

// pip takes the best of all indexes, uv on its own the first index that has the package at all.
// https://docs.astral.sh/uv/pip/compatibility/#packages-that-exist-on-multiple-indexes
const (
	indexStrategy = "UV_INDEX_STRATEGY"
	bestMatch     = "unsafe-best-match"
)

// pipToUV is the one table of this. What is not in it is named in the log.
// https://pip.pypa.io/en/stable/cli/pip_install/ and https://docs.astral.sh/uv/reference/environment/
var pipToUV = []translation{
	{"index-url pypi-url", variable("UV_DEFAULT_INDEX")},
	{"extra-index-url", func(value string) (map[string]string, []string) {
		return map[string]string{"UV_INDEX": value, indexStrategy: bestMatch}, nil
	}},
	{"find-links", func(value string) (map[string]string, []string) {
		return map[string]string{"UV_FIND_LINKS": strings.Join(strings.Fields(value), ",")}, nil
	}},
	{"constraint", variable("UV_CONSTRAINT")},
	{"build-constraint", variable("UV_BUILD_CONSTRAINT")},
	{"keyring-provider", variable("UV_KEYRING_PROVIDER")},
	{"cert", variable("SSL_CERT_FILE")},
	{"client-cert", variable("SSL_CLIENT_CERT")},
	{"timeout default-timeout", variable("UV_HTTP_TIMEOUT")},
	{"retries", variable("UV_HTTP_RETRIES")},
	{"proxy", variable("ALL_PROXY")},
	{"trusted-host", forEach("--allow-insecure-host", strings.Fields)},
	{"no-binary", forEach("--no-binary", names)},
	{"only-binary", forEach("--only-binary", names)},
	{"no-index", whenOn("--no-index")},
	{"no-deps no-dependencies", whenOn("--no-deps")},
	{"require-hashes", whenOn("--require-hashes")},
	{"pre", whenOn("--prerelease", "allow")},
	// Output and caches of pip, and options without which uv does the same: an empty environment, wheels built in
	// isolation.
	{"cache-dir no-cache-dir no-color no-input quiet verbose progress-bar disable-pip-version-check", nil},
	{"no-python-version-warning log debug root-user-action require-virtualenv require-venv", nil},
	{"break-system-packages no-warn-script-location no-warn-conflicts exists-action", nil},
	{"user no-user target prefix root dry-run report", nil}, // the build decides where the packages go
	{"compile no-compile use-pep517 upgrade upgrade-strategy eager-only-if-needed config-file src isolated yes", nil},
	{"format", nil},
}

// translations returns the meanings by the names of options.
func translations() map[string]meaning {
	out := map[string]meaning{}
	for _, t := range pipToUV {
		for name := range strings.FieldsSeq(t.pip) {
			out[name] = t.to
		}
	}
	return out
}

// variable returns the meaning of an option that is one variable with the same value.
func variable(name string) meaning {
	return func(value string) (map[string]string, []string) { return map[string]string{name: value}, nil }
}

// forEach returns the meaning of an option whose value is a list: one option of uv's for each entry.
func forEach(option string, split func(value string) []string) meaning {
	return func(value string) (map[string]string, []string) { return nil, each(option, split(value)) }
}

// whenOn returns the meaning of a switch of pip's that is on. An option of a requirements file has no value.
func whenOn(args ...string) meaning {
	return func(value string) (map[string]string, []string) {
		if slices.Contains([]string{"0", "false", "no", "off", "n", "f"}, strings.ToLower(value)) {
			return nil, nil
		}
		return nil, args
	}
}

// names returns the names in a value of pip's --no-binary.
func names(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}
