package layer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/secret"
)

func digest(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

// Digest returns one digest of all lines, for a key. Credentials in URLs are no part of it.
func Digest(lines ...string) string {
	sum := sha256.New()
	sum.Write([]byte(secret.Public(strings.Join(lines, "\n")))) // never returns an error
	return digest(sum)
}

// SettingsDigest returns one digest of the variables with one of the prefixes, which are in upper case: they change
// what a package manager installs. Credentials do not, and must not be in metadata, not even as a digest.
func SettingsDigest(env run.Env, prefixes ...string) string {
	sum := sha256.New()
	for _, entry := range env.List() {
		name, value, _ := strings.Cut(entry, "=")
		if hasPrefix(strings.ToUpper(name), prefixes) && !secretName(strings.ToUpper(name)) {
			fmt.Fprintf(sum, "%s=%s\x00", name, secret.Public(value))
		}
	}
	return digest(sum)
}

func hasPrefix(name string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func secretName(name string) bool {
	for _, part := range []string{"TOKEN", "PASSWORD", "USERNAME", "AUTH", "SECRET", "KEY", "CACHE", "CERT", "CAFILE"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
