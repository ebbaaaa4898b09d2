package plan

import "testing"

func TestPathsForCommandsOfAFolder(t *testing.T) {
	for _, c := range []struct{ dir, name, want string }{
		{".", "api/manage.py", "api/manage.py"}, {"api", "api/manage.py", "manage.py"},
		{"api", "api/src/manage.py", "src/manage.py"}, {"api", "tools/manage.py", "../tools/manage.py"},
		{"a/b", "manage.py", "../../manage.py"}, {"api", "apis/manage.py", "../apis/manage.py"},
	} {
		if got := fromDir(c.dir, c.name); got != c.want {
			t.Errorf("%s in %s: got %s", c.name, c.dir, got)
		}
	}
}
