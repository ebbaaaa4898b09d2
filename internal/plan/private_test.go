package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestPrivateFilesOfAnImageAreNamed(t *testing.T) {
	keep := config.Config{KeepGit: config.Switch{On: true}}
	for _, c := range []struct {
		private []string
		c       config.Config
		want    string // the only names
	}{
		{nil, config.Config{}, ""}, {[]string{".git", "web/.git"}, config.Config{}, ""},
		{[]string{".git", "id_rsa"}, config.Config{}, "id_rsa"}, {[]string{".git"}, keep, ".git"},
	} {
		got := Private(app.App{Private: c.private}, c.c)
		if (got == "") != (c.want == "") || !strings.Contains(got, "exclude = [\""+c.want+"\"]") && c.want != "" ||
			c.want != ".git" && strings.Contains(got, ".git") {
			t.Errorf("%v: got %q", c.private, got)
		}
	}
}

func TestAnErrorAboutWhatAnUnreadableFileMayHaveIsLeftOut(t *testing.T) {
	user := func(what string) error { return &fail.Error{ID: "x", What: what} }
	about := func(what string, role app.Role) error { return absent{user(what), role} }
	unreadable := []app.Unreadable{{Name: "Pipfile", Err: user("broken"), Role: app.Version}}
	err := withoutEchoes(unreadable, []error{
		about("of the same", app.Version), about("of another", app.Unknown), user("broken"), errors.New("internal"),
	})
	text := err.Error()
	for what, n := range map[string]int{"broken": 1, "of the same": 0, "of another": 1, "internal": 1} {
		if got := strings.Count(text, what); got != n {
			t.Errorf("%s is there %d times: %s", what, got, text)
		}
	}
}
