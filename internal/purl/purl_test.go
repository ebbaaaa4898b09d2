package purl

import (
	"strings"
	"testing"
)

func TestPackageURLs(t *testing.T) {
	for _, c := range []struct{ kind, name, version, want string }{
		{PyPI, "django", "5.2.4", "pkg:pypi/django@5.2.4"},
		{PyPI, "torch", "2.5.1+cpu", "pkg:pypi/torch@2.5.1%2Bcpu"}, // a local version
		{PyPI, "old", "1!2.0", "pkg:pypi/old@1%212.0"},             // an epoch
		{PyPI, "odd", "a b:c@d", "pkg:pypi/odd@a%20b:c%40d"},
		{NPM, "@yarnpkg/cli-dist", "4.9.1", "pkg:npm/%40yarnpkg/cli-dist@4.9.1"},
	} {
		got := Of(c.kind, c.name, c.version)
		if got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.name, c.version, got, c.want)
		}
		if kind, name, version := Parse(got); kind != c.kind || name != c.name || version != c.version {
			t.Errorf("%s: read as %s, %s, %s", got, kind, name, version)
		}
	}
}

func TestOtherPackageURLsAreParsed(t *testing.T) {
	for p, want := range map[string]string{
		"pkg:generic/python@3.13.1?arch=amd64": "generic python 3.13.1",
		"pkg:deb/ubuntu/libpq5@16":             "deb ubuntu/libpq5 16",
		"pkg:pypi/a":                           "pypi a ",
		"pkg:pypi/a@%":                         "  ", "pkg:pypi": "  ", "npm/a@1": "  ", "": "  ",
	} {
		if kind, name, version := Parse(p); kind+" "+name+" "+version != want {
			t.Errorf("%s: read as %q, %q, %q", p, kind, name, version)
		}
	}
}

func TestVersionsAreMapped(t *testing.T) {
	mask := func(version string) string { return strings.ReplaceAll(version, "secret", "****") }
	for p, want := range map[string]string{
		"pkg:pypi/secret@1":                    "pkg:pypi/secret@1",
		"pkg:pypi/a@1%2Bsecret":                "pkg:pypi/a@1%2B%2A%2A%2A%2A",
		"pkg:npm/%40secret/a@1":                "pkg:npm/%40secret/a@1",
		"pkg:generic/python@3.13.1?arch=amd64": "pkg:generic/python@3.13.1?arch=amd64",
		"pkg:pypi/a":                           "pkg:pypi/a",
		"pkg:pypi/a@%":                         "pkg:pypi/a@%",
		"":                                     "",
	} {
		if got := MapVersion(p, mask); got != want {
			t.Errorf("%s: got %s, want %s", p, got, want)
		}
	}
}
