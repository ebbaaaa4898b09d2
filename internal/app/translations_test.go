package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTranslationsAreThoseThatNobodyHasCompiled(t *testing.T) {
	got := read(files(
		"requirements.txt", "", "locale/de/LC_MESSAGES/django.po", "", "locale/fr/LC_MESSAGES/django.po", "",
		"locale/fr/LC_MESSAGES/django.mo", "",
		"shop/translations/pt_BR/LC_MESSAGES/messages.po", "", "locale/de/notes.po", "", "locale/django.pot", "",
		"locale/de/LC_MESSAGES/djangojs.pot", "",
		"node_modules/a/locale/de/LC_MESSAGES/a.po", "", "venv/pyvenv.cfg", "",
		"venv/lib/x/locale/de/LC_MESSAGES/django.po", "",
	)).Translations
	want := []string{"locale/de/LC_MESSAGES/django.po", "shop/translations/pt_BR/LC_MESSAGES/messages.po"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
