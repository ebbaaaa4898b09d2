package npmfeed

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// Archive is a package of a registry, as a lock names it.
type Archive struct {
	URL       string
	Integrity string // one or more digests, as in https://www.w3.org/TR/SRI/
}

// entry is a package of a lock. https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages
type entry struct {
	Resolved, Integrity string
	Link, InBundle      bool
	Bundled, Optional   bool // of format 1
	manager.Systems
	Dependencies map[string]json.RawMessage // of format 1: packages
}

// Lock describes a package-lock.json.
type Lock struct {
	Archives []Archive // each once, sorted by URL
	Digests  bool      // a package has a digest, so that there is something to feed
}

// Read returns the archives that npm ci probably requests on Linux and an architecture, in Go's words. It is a guess:
// what npm does not request is not used, and what is missing is downloaded when npm requests it. The error is that of
// JSON.
func Read(text []byte, arch string) (lock Lock, err error) {
	var file struct{ Packages, Dependencies map[string]json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		return lock, fmt.Errorf("read the lock: %w", err)
	}
	if file.Packages != nil { // format 2 has both
		for name, e := range entries(file.Packages) {
			lock.Digests = lock.Digests || e.Integrity != ""
			if strings.Contains(name, "node_modules/") && e.accepted(arch) {
				lock.Archives = append(lock.Archives, Archive{e.Resolved, e.Integrity})
			}
		}
	} else {
		lock.Archives = old(nil, file.Dependencies)
		lock.Digests = len(lock.Archives) > 0
	}
	slices.SortFunc(lock.Archives, func(a, b Archive) int { return strings.Compare(a.URL, b.URL) })
	lock.Archives = slices.Compact(lock.Archives)
	return lock, nil
}

// entries iterates over packages. It skips what is not an object.
func entries(packages map[string]json.RawMessage) func(yield func(string, entry) bool) {
	return func(yield func(string, entry) bool) {
		for name, text := range packages {
			var e entry
			if json.Unmarshal(text, &e) == nil && !yield(name, e) {
				return
			}
		}
	}
}

// old adds the packages of format 1. It does not know for which platforms the optional ones are.
func old(found []Archive, packages map[string]json.RawMessage) []Archive {
	for _, e := range entries(packages) {
		if !e.Bundled && !e.Optional && fetched(e.Resolved) && e.Integrity != "" {
			found = append(found, Archive{e.Resolved, e.Integrity})
		}
		found = old(found, e.Dependencies)
	}
	return found
}

// accepted reports whether npm installs the package from an archive that can be compared with a digest.
func (e entry) accepted(arch string) bool {
	return !e.Link && !e.InBundle && e.Integrity != "" && fetched(e.Resolved) && e.Fit(arch)
}

// fetched reports whether this package downloads from a URL.
func fetched(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// digest is a checksum with its algorithm.
type digest struct{ algorithm, sum string } // sum in base64

// strongest returns the best digest of a list, as npm chooses it.
func strongest(integrity string) (best digest, ok bool) {
	for _, algorithm := range []string{"sha1", "sha256", "sha384", "sha512"} { // the last one wins
		for word := range strings.FieldsSeq(integrity) {
			word, _, _ = strings.Cut(word, "?")
			name, sum, _ := strings.Cut(word, "-")
			raw, err := base64.StdEncoding.DecodeString(sum)
			if name == algorithm && err == nil && len(raw) == newHash(name).Size() {
				best, ok = digest{name, sum}, true
			}
		}
	}
	return best, ok
}
