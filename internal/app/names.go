package app

import (
	"path"
	"slices"
	"strings"

	ignore "github.com/sabhiram/go-gitignore"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// NamesDir reports whether something outside of a front end may need it to be built. A script of the root's
// package.json, a hook or a process then names its directory.
func (a App) NamesDir(dir string) bool {
	texts := a.Hooks.texts()
	if root := a.NodeIn("."); root != nil {
		texts = append(texts, root.scriptTexts()...)
	}
	for _, process := range a.Procfile {
		texts = append(texts, process.Command)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return namesDir(text, dir) })
}

// namesDir reports whether a path in a text begins with dir.
func namesDir(text, dir string) bool {
	for {
		before, after, found := strings.Cut(text, dir)
		if !found {
			return false
		}
		begins := before == "" || !strings.ContainsAny(before[len(before)-1:], nameLetters)
		if ends := after == "" || !strings.ContainsAny(after[:1], nameLetters); begins && ends {
			return true
		}
		text = after
	}
}

// nameLetters are the characters of names: next to another one they make a longer name.
const nameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// ignored reports whether a .gitignore from the root down to a file excludes the file.
// https://git-scm.com/docs/gitignore
func (r *reader) ignored(file string) bool {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		text, has := r.quiet(path.Join(dir, ".gitignore"))
		name := strings.TrimPrefix(file, strings.TrimPrefix(dir+"/", "./"))
		lines := strings.Split(text, "\n")
		if has && len(lines) <= limits.Patterns && ignore.CompileIgnoreLines(lines...).MatchesPath(name) {
			return true
		}
		if dir == "." {
			return false
		}
	}
}
