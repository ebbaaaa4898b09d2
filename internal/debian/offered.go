package debian

import "strings"

// Offered has what the sources of packages offer.
type Offered struct {
	Release  string              // of the distribution, such as "debian 12"
	Names    []string            // of all packages
	Versions map[string][]string // of some packages, the latest first
}

// Read adds what apt-cache prints: a name in each line, or a name, a version and a source with "|" between them.
// https://manpages.debian.org/bookworm/apt/apt-cache.8.en.html
func (o *Offered) Read(printed string) {
	for line := range strings.Lines(printed) {
		fields := strings.Split(line, "|")
		name := strings.TrimSpace(fields[0])
		switch {
		case len(fields) > 1 && o.Versions == nil:
			o.Versions = map[string][]string{name: {strings.TrimSpace(fields[1])}}
		case len(fields) > 1:
			o.Versions[name] = append(o.Versions[name], strings.TrimSpace(fields[1]))
		case name != "":
			o.Names = append(o.Names, name)
		}
	}
}
