package manager

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// IsRemote tells whether a dependency's specification is an address and not a version.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#git-urls-as-dependencies
func IsRemote(spec string) bool {
	for _, scheme := range []string{"git+", "git:", "git@", "ssh:", "http:", "https:", "github:", "gitlab:", "bitbucket:"} {
		if strings.HasPrefix(spec, scheme) {
			return true
		}
	}
	return false
}

// Asks finds in a tool's output the address of one of the packages: where and place are what output and address have in common.
func Asks(remote map[string]string, output string) (found []string) {
	for name, address := range remote {
		if strings.Contains(output, place(address)) {
			found = append(found, name)
		}
	}
	return found
}

// place is an address without the scheme, the credentials and the branch: managers write the rest in several ways.
func place(address string) string {
	_, rest, ok := strings.Cut(secret.Address(address), ":")
	if !ok {
		return address
	}
	rest, _, _ = strings.Cut(strings.TrimPrefix(rest, "//"), "#")
	if user, host, ok := strings.Cut(rest, "@"); ok && !strings.Contains(user, "/") { // ssh's is git
		rest = host
	}
	return strings.TrimSuffix(rest, ".git")
}
