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
)

// Of returns the package URL of a version; kind is its type. A scope of npm is a part of the name.
func Of(kind, name, version string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = encoded(part)
	}
	return "pkg:" + kind + "/" + strings.Join(parts, "/") + "@" + encoded(version)
}

// Versions returns the versions of the packages of one kind in a bill of materials, by name. What Of has not written is
// skipped.
func Versions(bom []string, kind string) map[string]string {
	found := map[string]string{}
	for _, p := range bom {
		rest, ok := strings.CutPrefix(p, "pkg:"+kind+"/")
		name, version, versioned := strings.Cut(rest, "@")
		name, badName := url.PathUnescape(name)
		version, badVersion := url.PathUnescape(version)
		if ok && versioned && badName == nil && badVersion == nil {
			found[name] = version
		}
	}
	return found
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
