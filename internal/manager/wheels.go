package manager

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// wheels reports which of the names are wheels. Names may be URLs.
func (m Machine) wheels(names []string) (found Wheels) {
	for _, name := range names {
		switch {
		case !strings.HasSuffix(name, ".whl"):
		case m.takes(name):
			return FittingWheel
		default:
			found = OtherWheels
		}
	}
	return found
}

// takes reports whether a wheel can be installed on the machine, with glibc.
// https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
func (m Machine) takes(wheel string) bool {
	parts := strings.Split(strings.TrimSuffix(wheel, ".whl"), "-")
	if len(parts) < 3 {
		return false
	}
	tags := parts[len(parts)-3:]
	platform := slices.ContainsFunc(strings.Split(tags[2], "."), func(tag string) bool {
		linux := strings.HasPrefix(tag, "manylinux") || strings.HasPrefix(tag, "linux_")
		return tag == "any" || linux && strings.HasSuffix(tag, "_"+m.machine())
	})
	return platform && m.runs(strings.Split(tags[0], "."), strings.Split(tags[1], "."))
}

// runs reports whether the interpreter can load what has these tags of the interpreter and its ABI.
//
// The ABI of the same version always fits. The stable ABI fits if it is of this version or an older one. Pure Python
// has no ABI.
func (m Machine) runs(interpreters, abis []string) bool {
	version, _ := m.value("python_version")
	own := "cp" + strings.ReplaceAll(version, ".", "")
	for _, tag := range interpreters {
		number, isPython := strings.CutPrefix(tag, "py3")
		if !isPython {
			number = strings.TrimPrefix(tag, "cp3")
		}
		older := tag == "py3" || versions.IsNumber(number) && versions.Satisfies(version, ">=3."+number)
		switch {
		case tag == own && (slices.Contains(abis, own) || slices.Contains(abis, "none")),
			isPython && older && slices.Contains(abis, "none"),
			!isPython && older && slices.Contains(abis, "abi3"):
			return true
		}
	}
	return false
}
