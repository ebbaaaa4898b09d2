//go:build kpack || platforms

package integration

import (
	"path/filepath"
	"regexp"
	"testing"
)

// setVersion gives the buildpack in a directory another version.
func setVersion(t *testing.T, dir, version string) {
	t.Helper()
	file := filepath.Join(dir, "buildpack.toml")
	put(t, file, regexp.MustCompile(`(?m)^version = ".*"`).ReplaceAllString(read(t, file), `version = "`+version+`"`))
}
