package app

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

var shared = regexp.MustCompile(`example|sample|template|dist|test|ci`)

var database = regexp.MustCompile(`\.(sqlite3?|db)$`)

// privateNames are files in which tools keep credentials: netrc(5), twine, Poetry, kubectl, Google's and other clients.
var privateNames = []string{".env", ".netrc", "_netrc", ".pypirc", "auth.toml", "kubeconfig", "credentials.json",
	"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

// isPrivate knows names only; .env.example and the like are made to be shared.
func isPrivate(file string) bool {
	switch name := path.Base(file); {
	case slices.Contains(privateNames, name), strings.HasPrefix(name, ".env.") && !shared.MatchString(name):
		return true
	case name == "config.json": // https://docs.docker.com/reference/cli/docker/login/#credential-stores
		return path.Base(path.Dir(file)) == ".docker"
	case name == "config": // https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
		return path.Base(path.Dir(file)) == ".kube"
	case strings.HasSuffix(name, ".pem"):
		return strings.Contains(name, "key")
	default:
		return slices.Contains([]string{".key", ".p12", ".pfx"}, path.Ext(name)) || database.MatchString(name)
	}
}

// tokens are the settings with credentials, and what is between a setting and its value.
// https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
// https://yarnpkg.com/configuration/yarnrc#npmAuthToken
var tokens = map[string]struct {
	equals string
	names  []string
}{
	".npmrc":      {"=", []string{"_auth", "_authToken", "_password"}},
	".yarnrc.yml": {":", []string{"npmAuthToken", "npmAuthIdent"}},
}

// hasToken reports whether a settings file of a package manager has credentials. A line with a variable, such as
// ${NPM_TOKEN}, has none.
func (r *reader) hasToken(file string) bool {
	settings, ok := tokens[path.Base(file)]
	if !ok {
		return false
	}
	text, _ := r.quiet(file)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, settings.equals)
		if comment := strings.TrimSpace(line); strings.HasPrefix(comment, "#") || strings.HasPrefix(comment, ";") {
			continue
		}
		name = strings.Trim(name[strings.LastIndex(name, ":")+1:], " \t\"'") // after the URL of the registry
		value = strings.Trim(value, " \t\r\n\"'")
		if slices.Contains(settings.names, name) && value != "" && value[0] != '$' {
			return true
		}
	}
	return false
}
