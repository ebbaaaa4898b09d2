package manager

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Setting is a setting of a package manager and the file that has it.
type Setting struct{ Name, File string }

// unverified reports whether a variable with this value lets a tool accept any TLS certificate.
// https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue,
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslVerify
// https://docs.astral.sh/uv/reference/environment/#uv_insecure_host,
// https://yarnpkg.com/configuration/yarnrc#enableStrictSsl
func unverified(name, value string) bool {
	isOff := value == "0" || strings.EqualFold(value, "false")
	switch name {
	case "NODE_TLS_REJECT_UNAUTHORIZED":
		return value == "0"
	case "NPM_CONFIG_STRICT_SSL", "PNPM_CONFIG_STRICT_SSL", "YARN_ENABLE_STRICT_SSL", "YARN_STRICT_SSL":
		return isOff
	case "GIT_SSL_NO_VERIFY", "UV_INSECURE_HOST", "PIP_TRUSTED_HOST":
		return value != "" && !isOff
	}
	return false
}

// UnverifiedVariables returns the names of the variables in env that let tools accept any TLS certificate, sorted.
func UnverifiedVariables(env map[string]string) (found []string) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		known := name
		if upper := strings.ReplaceAll(strings.ToUpper(name), "-", "_"); isNodeConfig(upper) {
			known = upper
		}
		if unverified(known, env[name]) {
			found = append(found, name)
		}
	}
	return found
}

// laxSetting matches a line of .npmrc, .yarnrc, .yarnrc.yml, pnpm-workspace.yaml or uv.toml that does the same.
// https://docs.npmjs.com/cli/v11/using-npm/config#strict-ssl, https://pnpm.io/settings#strictssl
var laxSetting = regexp.MustCompile(`^["']?(?:(strict-ssl|strictSsl|enableStrictSsl)` +
	`["']?\s*[=: ]\s*["']?false\b|(allow-insecure-host)\s*=\s*\[\s*["'])`)

// UnverifiedLine returns the name of the setting in a line that turns off the verification of TLS certificates, or "".
func UnverifiedLine(line string) string {
	if m := laxSetting.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
		return m[1] + m[2]
	}
	return ""
}

// unverifiedOptions returns the lines of requirements files that turn verification off for pip and uv.
func unverifiedOptions(options []PipOption) (found []Setting) {
	seen := map[string]bool{}
	for _, o := range options {
		if o.Name == "trusted-host" && !seen[o.Source] {
			seen[o.Source] = true
			found = append(found, Setting{"--trusted-host", o.Source})
		}
	}
	return found
}

// unverified returns uv's own setting that turns verification off.
// https://docs.astral.sh/uv/reference/settings/#allow-insecure-host
func (uv uvSettings) unverified() []Setting {
	if hosts, _ := uv.values["allow-insecure-host"].([]any); len(hosts) > 0 {
		return []Setting{{"allow-insecure-host", uv.from}}
	}
	return nil
}

// unverifiedPoetry returns Poetry's settings that turn verification off.
// https://python-poetry.org/docs/repositories/#certificates
func unverifiedPoetry(src Source) []Setting {
	text, _ := src.Text("poetry.toml")
	var settings struct{ Certificates map[string]struct{ Cert any } }
	_, _ = limits.DecodeTOML(text, &settings) // Poetry reports what is wrong with it
	for _, c := range settings.Certificates {
		if c.Cert == false {
			return []Setting{{"certificates", "poetry.toml"}}
		}
	}
	return nil
}
