package app

import (
	"io/fs"
	"path"
	"strings"
)

// translations finds .po files without a compiled file, in the directories that gettext looks into, whatever is above
// these (locale, translations, …). https://www.gnu.org/software/gettext/manual/html_node/Locating-Catalogs.html
func (r *reader) translations(uploaded []Path) (found []string) {
	without := setOf(Names(uploaded))
	r.walk(9, func(p string, d fs.DirEntry) bool {
		if d.IsDir() {
			return !Skipped(d.Name(), ForSource) && !without[p]
		}
		base, isText := strings.CutSuffix(p, ".po")
		if isText && path.Base(path.Dir(p)) == "LC_MESSAGES" && r.exists(p) && !r.exists(base+".mo") {
			found = append(found, p)
		}
		return true
	})
	return found
}
