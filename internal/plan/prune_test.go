package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Which command it is depends on the package manager that is there.
func TestTheCommandThatPrunesFitsThePackageManager(t *testing.T) {
	files := func(lock string) map[string]string {
		return map[string]string{
			"requirements.txt": "", "Procfile": "web: node server.js\n", "package.json": `{"dependencies": {"a": "1"}}`,
			lock: "# yarn lockfile v1\n__metadata:\n  version: 8\n", ".yarnrc.yml": "nodeLinker: node-modules\n",
		}
	}
	for name, c := range map[string]struct {
		lock     string
		managers map[string]string
		want     string
	}{
		"npm":               {"package-lock.json", map[string]string{".": "11.6.0"}, "npm prune --omit=dev"},
		"an old npm":        {"package-lock.json", map[string]string{".": "6.14.18"}, "npm prune --production"},
		"one nobody knows":  {"package-lock.json", map[string]string{"ui": "6.14.18"}, "npm prune --omit=dev"},
		"Yarn":              {"yarn.lock", map[string]string{".": "4.1.0"}, "yarn workspaces focus --all --production"},
		"without a command": {"yarn.lock", map[string]string{".": "3.8.7"}, ""},
	} {
		lock := files(c.lock)
		if c.lock == "package-lock.json" {
			lock[c.lock] = "{}"
			delete(lock, ".yarnrc.yml")
		}
		p, err := planned(t, lock, nil).Settle(installed.Found{Managers: c.managers})
		if err != nil {
			t.Fatal(err)
		}
		step, ok := p.Prune(".")
		if ok != (c.want != "") || !strings.HasPrefix(strings.Join(step.Argv, " "), c.want) {
			t.Errorf("%s: got %v, %v", name, step.Argv, ok)
		}
		if len(p.Of(Prune)) > 1 {
			t.Errorf("%s: the packages are pruned twice", name)
		}
	}
}

// A layer's key has Try. Quoted otherwise than joined it would make each image's layer again.
func TestTryOfPruneIsTheCommand(t *testing.T) {
	for _, m := range manager.Nodes() {
		for _, locks := range [][]string{nil, {"a lockfile"}} {
			p := Project{Package: &app.Node{Dir: ".", Locks: locks}, Manager: m.Data().ID}
			step, ok := first(Plan{}.prune(p, "4.18.1"))
			want := strings.Join(m.Prune(manager.Tree{Version: "4.18.1", Locked: len(locks) > 0}), " ")
			if diff := cmp.Diff(want, step.Try); diff != "" || !ok {
				t.Errorf("%s: %v (-want +got):\n%s", m.Data().Name, ok, diff)
			}
		}
	}
}
