package app

import (
	"path"
	"strings"
)

// NLTK is the data of the package NLTK that an app needs, as Heroku's buildpack reads it. File is empty if there is
// none.
// https://devcenter.heroku.com/articles/python-nltk
type NLTK struct {
	File  string
	Names []string // of corpora, models and the like
}

// maxCorpora bounds the names of a file, which become words of one command.
const maxCorpora = 200

// nltk reads nltk.txt in dir. A word that cannot be a name is ignored.
func (r *reader) nltk(dir string) NLTK {
	file := path.Join(dir, "nltk.txt")
	text, ok := r.text(file)
	if !ok {
		return NLTK{}
	}
	found := NLTK{File: file}
	isOther := func(c rune) bool { return !isWord(c) && c != '-' && c != '.' }
	for _, name := range strings.Fields(text) {
		if len(found.Names) < maxCorpora && !strings.ContainsFunc(name, isOther) && !strings.HasPrefix(name, "-") {
			found.Names = append(found.Names, name)
		}
	}
	return found
}
