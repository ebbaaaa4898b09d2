package fetch

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// mirrorVariable sets a mirror. It is libpak's name.
const mirrorVariable = "BP_DEPENDENCY_MIRROR"

// checkMirrors refuses mirrors that libpak 2.2.0 would ignore (http), or dereference nil on
// (DependencyCache.setDependencyMirror looks at the result of url.ParseRequestURI before the error). The keys are host
// names or "default".
func checkMirrors(mirrors map[string]string) error {
	for _, host := range slices.Sorted(maps.Keys(mirrors)) {
		reason := mirrorProblem(mirrors[host])
		if mirrors[host] == "" || reason == "" {
			continue
		}
		variable := mirrorVariable
		if host != "default" {
			variable += "_" + strings.ToUpper(strings.NewReplacer("-", "__", ".", "_").Replace(host))
		}
		return &fail.Error{
			ID:   "download/bad-mirror",
			What: "The mirror for downloads is not a usable URL",
			Why: fmt.Sprintf("It is set by %s\nor by the key %q of a service binding of type dependency-mirror:\n",
				variable, host) +
				reason + ". (It may hold a password and is not shown.)",
			Fix: fail.Fix{
				fail.Say{Text: "Set an https:// or file:// URL, for example"},
				fail.Say{Text: variable + "=https://mirror.example.com/{originalHost}"},
			},
		}
	}
	return nil
}

// mirrorProblem returns why libpak cannot use a mirror; "" if it can. The URL is alone or among comma-separated
// arguments (mirror=, skip-path=), percent-encoded or not: as libpak's parseMirror reads it.
func mirrorProblem(value string) string {
	address := value
	for arg := range strings.SplitSeq(value, ",") {
		name, rest, found := strings.Cut(arg, "=")
		if found && name == "mirror" {
			address = rest
		} else if !found && (strings.HasPrefix(arg, "https") || strings.HasPrefix(arg, "file")) {
			address = arg
		}
	}
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	u, err := url.ParseRequestURI(address)
	switch {
	case err != nil:
		return "it is not a URL" // without err, which repeats the URL
	case strings.EqualFold(u.Scheme, "file"):
		return ""
	case !strings.EqualFold(u.Scheme, "https"):
		return fmt.Sprintf("its scheme is %q", u.Scheme)
	case u.Hostname() == "":
		return "it has no host"
	}
	return ""
}
