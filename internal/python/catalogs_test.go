package python

import (
	"os"
	"path/filepath"
	"testing"
)

// What compiled translations were made from goes; other .po files stay, and so do those outside of the packages.
func TestSourcesOfTranslationsAreRemoved(t *testing.T) {
	const of = "lib/python3.13/site-packages/django/conf/locale/de/LC_MESSAGES/"
	venv := venvOf(t, of+"django.po", of+"django.mo", of+"other.po", of+"empty.mo/file", of+"empty.po",
		"share/doc/a.po", "share/doc/a.mo")
	if err := removeCatalogs(venv); err != nil {
		t.Fatal(err)
	}
	for file, there := range map[string]bool{
		of + "django.po": false, of + "django.mo": true, of + "other.po": true, of + "empty.po": true,
		"share/doc/a.po": true,
	} {
		if _, err := os.Lstat(filepath.Join(venv, file)); (err == nil) != there {
			t.Errorf("%s: %v", file, err)
		}
	}
}
