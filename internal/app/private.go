package app

import (
	"path"
	"slices"
	"strings"
)

// isPrivate reports whether a file rarely belongs into an image, by its name. These are databases, and files in which
// tools keep credentials: netrc(5), twine, Poetry, kubectl, Google's and other clients.
func isPrivate(file string) bool {
	name, dir := path.Base(file), path.Base(path.Dir(file))
	switch name {
	case ".env", ".netrc", "_netrc", ".pypirc", "auth.toml", "kubeconfig", "credentials.json",
		"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519":
		return true
	case "config.json": // https://docs.docker.com/reference/cli/docker/login/#credential-stores
		return dir == ".docker"
	case "config": // https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
		return dir == ".kube"
	}
	if strings.HasPrefix(name, ".env.") && // .env.example and the like are made to be shared
		!containsAny(name, "example", "sample", "template", "dist", "test", "ci") {
		return true
	}
	switch path.Ext(name) {
	case ".pem":
		return strings.Contains(name, "key")
	case ".key", ".p12", ".pfx", ".sqlite", ".sqlite3", ".db":
		return true
	}
	return false
}

// containsAny reports whether a text contains one of the words.
func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// tokens returns the settings of a file that have credentials, and what is between a setting and its value.
// https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
// https://yarnpkg.com/configuration/yarnrc#npmAuthToken
func tokens(file string) (names []string, equals string) {
	switch path.Base(file) {
	case ".npmrc":
		return []string{"_auth", "_authToken", "_password"}, "="
	case ".yarnrc.yml":
		return []string{"npmAuthToken", "npmAuthIdent"}, ":"
	}
	return nil, ""
}

// hasToken reports whether a settings file of a package manager has credentials. A line with a variable, such as
// ${NPM_TOKEN}, has none.
func (r *reader) hasToken(file string) bool {
	names, equals := tokens(file)
	if names == nil {
		return false
	}
	text, _ := r.quiet(file)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, equals)
		if comment := strings.TrimSpace(line); strings.HasPrefix(comment, "#") || strings.HasPrefix(comment, ";") {
			continue
		}
		name = strings.Trim(name[strings.LastIndex(name, ":")+1:], " \t\"'") // after the URL of the registry
		value = strings.Trim(value, " \t\r\n\"'")
		if slices.Contains(names, name) && value != "" && value[0] != '$' {
			return true
		}
	}
	return false
}
