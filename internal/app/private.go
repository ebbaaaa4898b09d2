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
var privateNames = []string{".env", ".netrc", "_netrc", ".pypirc", "auth.toml", "kubeconfig", "credentials.json", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}

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

// token matches a line of .npmrc or .yarnrc.yml with credentials. One that names a variable, ${NPM_TOKEN}, has none.
// https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
// https://yarnpkg.com/configuration/yarnrc#npmAuthToken
var token = regexp.MustCompile(`(?m)^[^#;\n]*(?:_auth|_authToken|_password|npmAuthToken|npmAuthIdent)["']?[ \t]*[=:][ \t]*["']?[^"'\s$]`)

// hasToken tells whether a settings file of a package manager has credentials.
func (r *reader) hasToken(file string) bool {
	if name := path.Base(file); name != ".npmrc" && name != ".yarnrc.yml" {
		return false
	}
	text, _ := r.quiet(file)
	return token.MatchString(text)
}
