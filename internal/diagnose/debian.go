package diagnose

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/similar"
)

// probeDebianPackage finds Debian packages that apt's sources do not have: the {first}, how many {more} there are, and
// all as {lines}, each with what the sources have instead. {instead} are names that the user may have meant, and
// {release} is that of the distribution.
func probeDebianPackage(f *failure) (is string, vars Vars) {
	var first string
	var said, instead []string
	for line := range strings.Lines(f.Tail) {
		line = strings.TrimSpace(line)
		name, version := firstGroup(f.known.NoPackage, line), ""
		if m := f.known.NoVersion.FindStringSubmatch(line); m != nil {
			version, name = m[1], m[2]
		}
		if name == "" {
			continue
		}
		word, there := name, similar.Names(name, f.Offers.Debian.Names)
		if version != "" {
			word, there = name+"="+version, f.Offers.Debian.Versions[name]
			there = there[:min(3, len(there))]
		}
		if first == "" {
			first, is = word, "name"
		}
		switch text := show.Name(word); {
		case len(there) == 0:
			said = append(said, text)
		case version != "":
			said, instead = append(said, text+": the sources have "+show.List(there)), append(instead, name)
		default:
			said, instead = append(said, text+": did you mean "+show.List(there)+"?"), append(instead, there[0])
		}
	}
	if is == "" {
		return "", nil
	}
	vars = Vars{"first": first, "lines": lines(said), "instead": lines(instead), "release": f.Offers.Debian.Release}
	if len(said) > 1 {
		vars["more"] = show.Count(len(said)-1, "other")
	}
	return is, vars
}
