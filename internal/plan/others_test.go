package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// The most specific way comes first, ours last, Poetry is not asked for where uv locks, and a node_modules is asked for
// in the image only where a process may need it.
func TestNeeds(t *testing.T) {
	django, vite := fstest.MapFS{"manage.py": {}, "requirements.txt": {}},
		&fstest.MapFile{Data: []byte(`{"scripts": {"build": "vite build"}}`)}
	for name, c := range map[string]struct {
		files       fstest.MapFS
		launch      string
		first, last string
		ways        int
	}{
		"without Node.js": {django, "", "site-packages[build launch] cpython[build launch]", "tandem-python", 5},
		"with Node.js": {fstest.MapFS{"manage.py": {}, "requirements.txt": {}, "package.json": vite}, "",
			"site-packages[build launch] cpython[build launch] node_modules[build] node[build]",
			"tandem-python tandem-node", 20},
		"with Node.js in the image": {fstest.MapFS{"manage.py": {}, "requirements.txt": {}, "package.json": vite},
			"true",
			"site-packages[build launch] cpython[build launch] node_modules[build launch] node[build launch]",
			"tandem-python tandem-node", 20},
		"with dependencies alone": {fstest.MapFS{"manage.py": {}, "requirements.txt": {},
			"package.json": {Data: []byte(`{"dependencies": {"bootstrap": "5"}}`)}}, "",
			"site-packages[build launch] cpython[build launch] node_modules[build] node[build]",
			"tandem-python tandem-node", 15},
		"locked by uv": {fstest.MapFS{"manage.py": {}, "pyproject.toml": {}, "uv.lock": {}}, "",
			"site-packages[build launch] cpython[build launch]", "tandem-python", 4},
		"locked by Poetry": {fstest.MapFS{"manage.py": {}, "pyproject.toml": {}, "poetry.lock": {}}, "",
			"site-packages[build launch] cpython[build launch]", "tandem-python", 5},
	} {
		t.Run(name, func(t *testing.T) {
			vars := map[string]string{config.SecretKeyPlaceholder: "true", config.PythonInstaller: "uv",
				config.NodeLaunch: c.launch}
			settings, a, err := readApp(c.files, vars)
			if err != nil {
				t.Fatal(err)
			}
			ways := Needs(a, settings)
			got := []string{written(ways[0]), written(ways[len(ways)-1]), fmt.Sprint(len(ways))}
			if diff := cmp.Diff([]string{c.first, c.last, fmt.Sprint(c.ways)}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func written(needs []Need) string {
	var all []string
	for _, need := range needs {
		text := need.Name
		if !need.Own {
			var types []string
			for _, name := range []string{"build", "launch"} {
				if need.How[name] == true {
					types = append(types, name)
				}
			}
			text += fmt.Sprint(types)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// Bytecode that no process would read is not written.
func TestBytecodeIsWrittenWhereItIsRead(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		q := question(t, map[string]string{"requirements.txt": ""}, nil)
		q.App.Others.Python = &app.Runtime{Buildpack: "x/y", Dir: "/layers/x_y/cpython", Version: "3.13.1", Elsewhere: elsewhere}
		p, err := New(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, layer := range []string{"", ByteCodeLayer} {
			if got := p.Compiling(layer).ID == ""; got != elsewhere {
				t.Errorf("elsewhere %v: no step compiles %q: %v", elsewhere, layer, got)
			}
		}
		if got := p.Compiled(); slices.Equal(got, []string{VenvLayer}) == elsewhere || len(got) > 1 {
			t.Errorf("elsewhere %v: it compiles files of %q", elsewhere, got)
		}
	}
}
