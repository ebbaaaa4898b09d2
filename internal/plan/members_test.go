package plan

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// The deepest member with the app is the app. Only a workspace in which nothing is known as the app gets a hint.
func TestTheMemberThatIsTheApp(t *testing.T) {
	py := &app.Python{Dir: ".", Home: "."}
	for _, m := range []manager.Member{{Name: "tools", Dir: "tools"}, {Name: "web", Dir: "web"},
		{Name: "site", Dir: "web/site"}} {
		py.Members = append(py.Members, app.Member{Member: m})
	}
	for manage, want := range map[string]string{
		"web/manage.py": "web", "web/site/manage.py": "site", "website/manage.py": "", "manage.py": "",
	} {
		found, said, err := memberOf(py, app.Manage{Path: manage}, config.Config{})
		if err != nil || len(said) > 0 || (found == nil) != (want == "") || found != nil && found.Name != want {
			t.Errorf("%s: got %+v, %v, %v", manage, found, said, err)
		}
	}
	if found, said, err := memberOf(py, app.Manage{}, config.Config{}); found != nil || len(said) != 1 || err != nil {
		t.Errorf("nothing is known as the app: %+v, %v, %v", found, said, err)
	}
}
