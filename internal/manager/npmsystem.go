package manager

import (
	"encoding/json"
	"slices"
	"strings"
)

// Systems are the fields of a package that say on which systems npm installs it, in package.json and in a lockfile.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#os
type Systems struct{ OS, CPU, Libc Names }

// Fit reports whether npm installs the package on Linux with glibc and an architecture, in Go's words.
func (s Systems) Fit(arch string) bool {
	return s.OS.allow("linux") && s.CPU.allow(npmMachine(arch)) && s.Libc.allow("glibc")
}

// npmMachine returns the name of an architecture in the field cpu.
func npmMachine(arch string) string {
	if arch == "amd64" {
		return "x64"
	}
	return arch
}

// Names is a list that may be a single text.
type Names []string

// UnmarshalJSON accepts a text or a list of texts. Anything else is an empty list: npm reports it.
func (n *Names) UnmarshalJSON(data []byte) error {
	*n = nil
	var one string
	if json.Unmarshal(data, &one) == nil {
		*n = Names{one}
		return nil
	}
	var all []string
	if json.Unmarshal(data, &all) == nil {
		*n = all
	}
	return nil
}

// allow reports whether a list of names, of which some may be excluded with "!", has a name. An empty list has all.
func (n Names) allow(name string) bool {
	if slices.Contains(n, "!"+name) {
		return false
	}
	only := slices.ContainsFunc(n, func(other string) bool { return !strings.HasPrefix(other, "!") })
	return !only || slices.Contains(n, name) || slices.Contains(n, "any")
}

// single returns the only name of a list; empty if there are none or several.
func (n Names) single() string {
	if len(n) != 1 {
		return ""
	}
	return n[0]
}

// systemsOf returns the systems that the name of a package shows, as that of @esbuild/linux-x64. A name without an
// operating system and a CPU shows none, unless it is for WebAssembly.
func systemsOf(name string) (s Systems) {
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("@-/_.", r) }) {
		switch word {
		case "linux", "darwin", "win32", "freebsd", "android", "openbsd", "netbsd", "sunos", "openharmony", "aix":
			s.OS = Names{word}
		case "linuxmusl":
			s.OS, s.Libc = Names{"linux"}, Names{"musl"}
		case "x64", "arm64", "ia32", "arm", "riscv64", "ppc64", "s390x", "loong64", "mips64el", "wasm32":
			s.CPU = Names{word}
		case "musl", "musleabihf":
			s.Libc = Names{"musl"}
		}
	}
	if s.CPU.single() != "wasm32" && (s.OS == nil || s.CPU == nil) {
		return Systems{}
	}
	return s
}
