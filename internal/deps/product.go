package deps

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/paketo-buildpacks/libpak/v2"
)

// product is what all versions of a dependency have in common. "%s" stands for the version.
type product struct {
	name     string
	line     int // numbers of a version that name its line: 1 for Node.js (22), 2 for CPython (3.13)
	purl     string
	cpe      string
	licences []libpak.BuildModuleDependencyLicense
}

// Package URLs and CPEs are those that Paketo's node-engine and cpython give, so that scanners find both alike.
// Node.js and CPython bundle more, under other licences; these are the projects' own.
var products = map[string]product{
	"node": {
		name: "Node.js", line: 1, purl: "pkg:generic/node@%s", cpe: "cpe:2.3:a:nodejs:node.js:%s:*:*:*:*:*:*:*",
		licences: []libpak.BuildModuleDependencyLicense{{Type: "MIT", URI: "https://github.com/nodejs/node/blob/v%s/LICENSE"}},
	},
	"cpython": {
		name: "CPython", line: 2, purl: "pkg:generic/python@%s", cpe: "cpe:2.3:a:python:python:%s:*:*:*:*:*:*:*",
		licences: []libpak.BuildModuleDependencyLicense{{Type: "PSF-2.0", URI: "https://github.com/python/cpython/blob/v%s/LICENSE"}},
	},
	"uv": {
		name: "uv", line: 2, purl: "pkg:github/astral-sh/uv@%s", cpe: "cpe:2.3:a:astral:uv:%s:*:*:*:*:*:*:*",
		licences: []libpak.BuildModuleDependencyLicense{
			{Type: "Apache-2.0", URI: "https://github.com/astral-sh/uv/blob/%s/LICENSE-APACHE"},
			{Type: "MIT", URI: "https://github.com/astral-sh/uv/blob/%s/LICENSE-MIT"},
		},
	},
}

// dependency is the entry as libpak knows it, with what an SBOM needs.
func (e Entry) dependency() (libpak.BuildModuleDependency, error) {
	p := products[e.ID]
	eol, err := e.eol()
	if err != nil {
		return libpak.BuildModuleDependency{}, fmt.Errorf("%s %s: eol: %w", e.ID, e.Version, err)
	}
	// libpak compares the sum with lower-case digits.
	sum := "sha256:" + strings.ToLower(e.SHA256)
	purl := fmt.Sprintf(p.purl, e.Version) + "?arch=" + e.Arch + "&checksum=" + sum + "&download_url=" + url.QueryEscape(e.URI)
	dep := libpak.BuildModuleDependency{
		ID:              e.ID,
		Name:            p.name,
		Version:         e.Version,
		URI:             e.URI,
		Checksum:        libpak.Checksum(sum),
		CPEs:            []string{fmt.Sprintf(p.cpe, e.Version)},
		PURLS:           []string{purl},
		EOLDate:         eol,
		Arch:            e.Arch,
		OS:              "linux",
		StripComponents: uint(e.Strip),
	}
	for _, l := range p.licences {
		dep.Licenses = append(dep.Licenses, libpak.BuildModuleDependencyLicense{Type: l.Type, URI: fmt.Sprintf(l.URI, e.Version)})
	}
	return dep, nil
}

// Line is the line of an archive's version: 3.13 of CPython 3.13.1, 24 of Node.js 24.21.0.
func Line(dependency libpak.BuildModuleDependency) string {
	return lineOf(dependency.Version, products[dependency.ID].line)
}

func lineOf(version string, numbers int) string {
	return strings.Join(strings.Split(version, ".")[:numbers], ".")
}
