package bundled

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// modules precedes the name of a package in a path.
const modules = "node_modules/"

// index has the installed packages by what a path may show of them.
type index struct {
	byDir    map[string][]bom.Component // the directory, relative to the app's
	bySuffix map[string][]bom.Component // the directory from the first node_modules on
	byName   map[string][]bom.Component
}

// newIndex returns the index of packages.
func newIndex(installed []bom.Component) index {
	in := index{map[string][]bom.Component{}, map[string][]bom.Component{}, map[string][]bom.Component{}}
	for _, c := range installed {
		for _, dir := range c.Places {
			in.byDir[dir] = append(in.byDir[dir], c)
			if at := strings.Index(dir, modules); at >= 0 {
				in.bySuffix[dir[at:]] = append(in.bySuffix[dir[at:]], c)
			}
		}
		_, name, _ := c.Name()
		in.byName[name] = append(in.byName[name], c)
	}
	return in
}

// of returns the package that has the file source. dir is the directory to which it is relative, if it is not the URL
// of a bundler. If the path does not tell which of several versions it is, all are returned.
func (in index) of(source, dir string) []bom.Component {
	source = withoutScheme(source)
	at := strings.LastIndex(source, modules)
	if at < 0 {
		return nil
	}
	name, ok := packageName(source[at+len(modules):])
	if !ok {
		return nil
	}
	whole := source[:at+len(modules)] + name
	if found := in.byDir[path.Join(dir, whole)]; found != nil {
		return found
	}
	if found := in.bySuffix[path.Clean(whole[strings.Index(whole, modules):])]; found != nil {
		return found
	}
	return in.byName[name]
}

// withoutScheme returns a source without what a bundler adds: "webpack://name/./a.js?x" is "./a.js".
func withoutScheme(source string) string {
	source, _, _ = strings.Cut(source, "?")
	if _, rest, isURL := strings.Cut(source, "://"); isURL {
		_, source, _ = strings.Cut(rest, "/")
	}
	if plain, err := url.PathUnescape(source); err == nil {
		source = plain
	}
	return strings.ReplaceAll(source, `\`, "/")
}

// packageName returns the name at the beginning of a path in a node_modules.
func packageName(rest string) (name string, ok bool) {
	parts := strings.SplitN(rest, "/", 3)
	if strings.HasPrefix(rest, "@") && len(parts) > 1 {
		parts = []string{parts[0] + "/" + parts[1]}
	}
	name = parts[0]
	return name, name != "" && !strings.HasPrefix(name, ".") && !slices.Contains(strings.Split(name, "/"), "")
}
