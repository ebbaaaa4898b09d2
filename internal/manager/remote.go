package manager

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// IsRemote reports whether a dependency's specification is a URL and not a version.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#git-urls-as-dependencies
func IsRemote(spec string) bool {
	schemes := []string{"git+", "git:", "git@", "ssh:", "http:", "https:", "github:", "gitlab:", "bitbucket:"}
	return slices.ContainsFunc(schemes, func(scheme string) bool { return strings.HasPrefix(spec, scheme) })
}

// Asks returns the packages whose URL a tool's output has.
func Asks(remote map[string]string, output string) (found []string) {
	for name, address := range remote {
		if strings.Contains(output, place(address)) {
			found = append(found, name)
		}
	}
	return found
}

// place returns a URL without the scheme, the credentials and the branch, which managers write in several ways.
func place(address string) string {
	_, rest, ok := strings.Cut(secret.PublicURL(address), ":")
	if !ok {
		return address
	}
	rest, _, _ = strings.Cut(strings.TrimPrefix(rest, "//"), "#")
	if user, host, ok := strings.Cut(rest, "@"); ok && !strings.Contains(user, "/") { // ssh's is git
		rest = host
	}
	return strings.TrimSuffix(rest, ".git")
}
