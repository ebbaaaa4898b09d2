package plan

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func TestVariablesOfSettingsMustBeSet(t *testing.T) {
	const npmrc = "//r.example.com/:_authToken=${NPM_TOKEN}\n//s.example.com/:_authToken=${NPM_TOKEN}\n"
	installed := `{"scripts": {"build": "x"}, "dependencies": {"a": "1"}}`
	for name, c := range map[string]struct {
		files   map[string]string
		install map[string]string
		errors  int
	}{
		"unset": {map[string]string{"package.json": installed, ".npmrc": npmrc}, nil, 1},
		"set": {map[string]string{"package.json": installed, ".npmrc": npmrc},
			map[string]string{"NPM_TOKEN": ""}, 0},
		"nothing installed": {map[string]string{"package.json": `{"scripts": {"build": "x"}}`, ".npmrc": npmrc}, nil,
			0},
		"without Node.js": {map[string]string{".npmrc": npmrc}, nil, 0},
	} {
		c.files["requirements.txt"] = ""
		q := question(t, c.files, nil)
		q.Install = c.install
		_, err := New(q)
		user, _ := fail.User(err)
		if all := fail.Each(err); len(all) != c.errors || err != nil && user.ID != "node/variable-unset" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAPackageIsAddedToTheProjectOfAnApp(t *testing.T) {
	project := func(dir string, id manager.ID) Project {
		return Project{Package: &app.Node{Dir: dir}, Manager: id}
	}
	two := &Node{Projects: []Project{project("web", manager.PNPM), project("shop", manager.NPM)}}
	for _, c := range []struct {
		node      *Node
		dir, want string
	}{
		{nil, "web", "npm install --save-dev"}, {&Node{}, "web", "npm install --save-dev"},
		{two, "shop", "cd shop && npm install --save-dev"}, {two, "web", "cd web && pnpm add"},
		{two, "other", "cd web && pnpm add"},
	} {
		if got := c.node.Add(c.dir); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.dir, got, c.want)
		}
	}
}

func TestNodeTakesPartWhereItIsNeededOrWrong(t *testing.T) {
	build := `{"scripts": {"build": "x"}}`
	for name, c := range map[string]struct {
		files, vars map[string]string
		want        bool
	}{
		"nothing":           {nil, nil, false},
		"a build script":    {map[string]string{"package.json": build}, nil, true},
		"in the image":      {nil, map[string]string{"BP_NODE_LAUNCH": "true"}, true},
		"a missing project": {nil, map[string]string{"BP_NODE_PROJECT_PATH": "web"}, true},
	} {
		files := map[string]string{"requirements.txt": ""}
		for name, text := range c.files {
			files[name] = text
		}
		q := question(t, files, c.vars)
		if got := nodeApplies(q.App, q.Config); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAWholeVersionIsNoRange(t *testing.T) {
	for version, want := range map[string]bool{"0.27.5": true, "9.15.9": true, "10": true, "^9": false, ">=1": false,
		"": false} {
		if got := exact(version); got != want {
			t.Errorf("%q: got %v", version, got)
		}
	}
}

// With a digest of its own the app says which archive it trusts.
func TestAWholeVersionOfAManagerIsTakenAsItIs(t *testing.T) {
	for version, want := range map[string]Tool{
		"9.15.9+sha512.00": {Hash: "sha512.00"}, "9.15.9": {},
	} {
		files := map[string]string{}
		for name, text := range whole {
			files[name] = strings.ReplaceAll(text, "pnpm@9.15.9", "pnpm@"+version)
		}
		got := planned(t, files, nil).Projects()[0].Tool
		if got.Hash != want.Hash || got.Integrity != "" || got.Version.Want != "9.15.9" {
			t.Errorf("%s: got %+v", version, got)
		}
	}
}
