package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
)

func TestPrivateFilesOfAnImageAreNamed(t *testing.T) {
	keep := config.Config{Image: config.Image{KeepGit: config.Switch{On: true}}}
	for _, c := range []struct {
		private []string
		c       config.Config
		want    string // the only names
	}{
		{nil, config.Config{}, ""}, {[]string{".git", "web/.git"}, config.Config{}, ""},
		{[]string{".git", "id_rsa"}, config.Config{}, "id_rsa"}, {[]string{".git"}, keep, ".git"},
	} {
		got := strings.Join(note.Texts(Private(app.App{Private: c.private}, c.c, config.Project{})), "\n")
		if (got == "") != (c.want == "") || !strings.Contains(got, "exclude = [\n        \""+c.want+"\",\n") &&
			c.want != "" ||
			c.want != ".git" && strings.Contains(got, ".git") {
			t.Errorf("%v: got %q", c.private, got)
		}
	}
}

// The lines of the warning, in the place of those that are there, exclude what they excluded and all that is named.
func TestPrivateFilesCanBeExcludedAsTheWarningSays(t *testing.T) {
	for name, project := range map[string]config.Project{
		"":                           {},
		"[io.buildpacks]\n":          {Exists: true},
		"exclude in [io.buildpacks]": {Exists: true, Exclude: []string{"docs/"}},
	} {
		warning := strings.Join(note.Texts(Private(app.App{Private: []string{".env", "id_rsa"}}, config.Config{},
			project)), "\n")
		_, lines, _ := strings.Cut(warning, "in project.toml:\n")
		if project.Exists {
			if strings.Contains(lines, "[") && !strings.HasPrefix(lines, "      exclude = [\n") {
				t.Errorf("%s: tables are repeated:\n%s", name, lines)
			}
			lines = "[_]\nschema-version = \"0.2\"\n[io.buildpacks]\n" + lines
		}
		got, err := config.ReadProject(fstest.MapFS{"project.toml": {Data: []byte(lines)}})
		want := slices.Concat(project.Exclude, []string{".env", "id_rsa"})
		if err != nil || !slices.Equal(got.Exclude, want) {
			t.Errorf("%s: got %q, %v from\n%s", name, got.Exclude, err, lines)
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
