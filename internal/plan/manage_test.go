package plan

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// Of several manage.py of the same depth, the one in another platform's root is used, if it is the only one there.
func TestManageOfAnotherPlatformsRoot(t *testing.T) {
	in := func(paths ...string) (all []app.Manage) {
		for _, p := range paths {
			all = append(all, app.Manage{Path: p})
		}
		return all
	}
	for name, c := range map[string]struct {
		found   []app.Manage
		root    string
		want    string // empty if the build fails
		isNoted bool
	}{
		"one":          {in("back/manage.py"), "back", "back/manage.py", false},
		"the first":    {in("back/manage.py", "web/manage.py"), "back", "back/manage.py", true},
		"both":         {in("all/a/manage.py", "all/b/manage.py"), "all", "", false},
		"neither":      {in("a/manage.py", "b/manage.py"), "c", "", false},
		"no root":      {in("a/manage.py", "b/manage.py"), "", "", false},
		"a deeper one": {in("manage.py", "a/manage.py"), "", "manage.py", false},
	} {
		a := app.App{Python: &app.Python{Django: app.Django{Manage: c.found}}}
		a.RootElsewhere.Dir = c.root
		got, said, err := manage(a, config.Config{})
		user, _ := fail.User(err)
		failed := user != nil && user.ID == "django/several-manage"
		if got.Path != c.want || failed != (c.want == "") || (len(said) > 0) != c.isNoted {
			t.Errorf("%s: got %q, %v, %v", name, got.Path, said, err)
		}
	}
}
