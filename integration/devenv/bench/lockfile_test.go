package bench

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each package of the registry gets the URL that npm writes, and no other entry of a lockfile changes.
func TestALockfileGetsURLs(t *testing.T) {
	const lock = `{"name": "a", "lockfileVersion": 3, "packages": {
		"": {"name": "a", "version": "1.0.0", "engines": {"node": ">=24 <25"}},
		"node_modules/plain": {"version": "1.2.3", "integrity": "sha512-a"},
		"node_modules/@scope/name": {"version": "2.0.0-rc.1", "integrity": "sha512-b"},
		"node_modules/plain/node_modules/inner": {"version": "3.0.0", "integrity": "sha512-c"},
		"node_modules/alias": {"name": "@scope/real", "version": "4.0.0", "integrity": "sha512-d"},
		"node_modules/has": {"version": "5.0.0", "integrity": "sha512-e", "resolved": "https://archives.example.com/has.tgz"},
		"node_modules/plain/node_modules/bundled": {"version": "6.0.0", "inBundle": true},
		"node_modules/local": {"resolved": "local", "link": true},
		"local": {"version": "7.0.0"}}}`
	const want = `{
  "lockfileVersion": 3,
  "name": "a",
  "packages": {
    "": {
      "name": "a",
      "version": "1.0.0",
      "engines": {
        "node": ">=24 <25"
      }
    },
    "local": {
      "version": "7.0.0"
    },
    "node_modules/@scope/name": {
      "integrity": "sha512-b",
      "resolved": "https://registry.example.com/npm/@scope/name/-/name-2.0.0-rc.1.tgz",
      "version": "2.0.0-rc.1"
    },
    "node_modules/alias": {
      "integrity": "sha512-d",
      "name": "@scope/real",
      "resolved": "https://registry.example.com/npm/@scope/real/-/real-4.0.0.tgz",
      "version": "4.0.0"
    },
    "node_modules/has": {
      "version": "5.0.0",
      "integrity": "sha512-e",
      "resolved": "https://archives.example.com/has.tgz"
    },
    "node_modules/local": {
      "resolved": "local",
      "link": true
    },
    "node_modules/plain": {
      "integrity": "sha512-a",
      "resolved": "https://registry.example.com/npm/plain/-/plain-1.2.3.tgz",
      "version": "1.2.3"
    },
    "node_modules/plain/node_modules/bundled": {
      "version": "6.0.0",
      "inBundle": true
    },
    "node_modules/plain/node_modules/inner": {
      "integrity": "sha512-c",
      "resolved": "https://registry.example.com/npm/inner/-/inner-3.0.0.tgz",
      "version": "3.0.0"
    }
  }
}
`
	for _, registry := range []string{"https://registry.example.com/npm", "https://registry.example.com/npm/"} {
		got, err := withURLs([]byte(lock), registry)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("with %s (-want +got):\n%s", registry, diff)
		}
	}
}

// A lockfile that cannot be read is an error, not a lockfile without URLs.
func TestABrokenLockfileIsAnError(t *testing.T) {
	for _, lock := range []string{"", "{", `{"packages": 7}`, `{"packages": {"node_modules/a": "b"}}`, `{}`} {
		if got, err := withURLs([]byte(lock), "https://registry.example.com"); err == nil {
			t.Errorf("%q gives %s", lock, got)
		}
	}
}
