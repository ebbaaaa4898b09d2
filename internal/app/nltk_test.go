package app

import (
	"slices"
	"strings"
	"testing"
)

func TestDataOfNLTK(t *testing.T) {
	a := read(files("api/requirements.txt", "nltk\n", "api/manage.py", djangoManage,
		"api/nltk.txt", "stopwords punkt_tab\n omw-1.4\n--help $(id) a/b\n"))
	if got := a.Python.NLTK; got.File != "api/nltk.txt" ||
		!slices.Equal(got.Names, []string{"stopwords", "punkt_tab", "omw-1.4"}) {
		t.Errorf("got %+v", got)
	}
	many := read(files("requirements.txt", "", "nltk.txt", strings.Repeat("a ", maxCorpora+1)))
	if got := len(many.Python.NLTK.Names); got != maxCorpora {
		t.Errorf("%d names", got)
	}
}
