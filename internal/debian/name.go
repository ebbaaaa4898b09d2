package debian

import (
	"regexp"
	"strings"
)

// IsPackage reports whether word names a package, with a version or without: poppler-utils, libpq5=15.8-0+deb12u1. apt
// would take a name with a "-" at its end for one to remove.
// https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
func IsPackage(word string) bool {
	return len(word) < 200 && regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](=[\w.+:~-]*\w)?$`).MatchString(word)
}

// NameOf returns the name in a word of IsPackage.
func NameOf(word string) string {
	name, _, _ := strings.Cut(word, "=")
	return name
}
