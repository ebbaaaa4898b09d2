// Package purl writes and reads package URLs, which name software in a bill of materials. It knows no package.
//
// https://github.com/package-url/purl-spec
package purl

import (
	"net/url"
	"strings"
)

// The types of packages.
const (
	PyPI = "pypi" // names are normalized: lower case, with hyphens
	NPM  = "npm"

	Debian = "deb" // names begin with the distribution
)

// Of returns the package URL of a version; kind is its type. A scope of npm is a part of the name. The version may be
// empty.
func Of(kind, name, version string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = encoded(part)
	}
	return strings.TrimSuffix("pkg:"+kind+"/"+strings.Join(parts, "/")+"@"+encoded(version), "@")
}

// Parse returns the type, the name and the version of a package URL, without qualifiers. A namespace, such as a scope
// of npm, is a part of the name. They are empty if p is not a package URL.
func Parse(p string) (kind, name, version string) {
	rest, ok := strings.CutPrefix(p, "pkg:")
	rest, _, _ = strings.Cut(rest, "?")
	kind, rest, typed := strings.Cut(rest, "/")
	name, version, _ = strings.Cut(rest, "@")
	name, badName := url.PathUnescape(name)
	version, badVersion := url.PathUnescape(version)
	if !ok || !typed || badName != nil || badVersion != nil {
		return "", "", ""
	}
	return kind, name, version
}

// MapVersion returns p with the version f(version). The name does not change, since installed packages are looked up by
// name.
func MapVersion(p string, f func(version string) string) string {
	name, version, versioned := strings.Cut(p, "@")
	plain, err := url.PathUnescape(version)
	if mapped := f(plain); versioned && err == nil && mapped != plain {
		return name + "@" + encoded(mapped)
	}
	return p
}

// encoded escapes all bytes but letters, digits, ".", "-", "_", "~" and ":".
func encoded(text string) string {
	escaped := url.QueryEscape(text) // escapes all of them, and writes a space as "+"
	return strings.NewReplacer("+", "%20", "%3A", ":").Replace(escaped)
}
