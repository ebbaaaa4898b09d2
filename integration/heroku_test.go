//go:build platforms

package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

// othersPage is what users read about other people's buildpacks.
const othersPage = "../docs/others.md"

// published is how that page names our buildpack.
const published = "docker://docker.io/tandemcnb/python-node:0.1.0"

// blocks are the project.toml files in a page.
func blocks(t *testing.T, page string) []string {
	t.Helper()
	return codeBlocks(read(t, page), "toml")
}

// before are the stand-ins for the buildpacks that stand before ours in a project.toml of the page.
func before(t *testing.T, block string) (names []string) {
	t.Helper()
	var project struct {
		IO struct {
			Buildpacks struct{ Group []struct{ ID, URI string } }
		}
	}
	if _, err := toml.Decode(block, &project); err != nil {
		t.Fatal(err)
	}
	for _, entry := range project.IO.Buildpacks.Group {
		if entry.URI == published {
			return names
		}
		name := strings.Replace(entry.ID, "/", "-", 1)
		if name == "" {
			name = "paketo-" + filepath.Base(entry.URI)
		}
		if _, ok := theirs[name]; !ok {
			t.Fatalf("there is no stand-in for %+v", entry)
		}
		names = append(names, name)
	}
	t.Fatalf("ours is not in the group:\n%s", block)
	return nil
}

// On a builder with the labels, users and environment of Heroku's, first with the page's command, then with its project.toml.
func TestHerokuBuilder(t *testing.T) {
	t.Parallel()
	needEngine(t)
	var folders []string // without runtimes, which would go through three images
	for _, name := range []string{"heroku-nodejs", "heroku-python", "heroku-procfile"} {
		folders = append(folders, filepath.Join(env.Root, "integration/testdata/others", name))
	}
	image, err := env.HerokuBuilder(t.Context(), folders...)
	if err != nil {
		t.Fatal(err)
	}
	builder := devenv.Builder{Image: image}
	app := write(t, merged(both, map[string]string{
		"Procfile": "release: python manage.py check\nweb: gunicorn mysite.wsgi\nworker: sleep 600\n",
		"app.json": `{"env": {"LACKING": {"required": true}}}`,
	}))
	alone := devenv.Build{App: app, Image: "tandem-test-heroku-alone", Env: bothEnv, Flags: aloneOnHeroku(t), ClearCache: true}
	log := packOn(t, builder, alone)
	contains(t, log, []string{"Running uv", "Running npm ci", "does not have: LACKING", "Process type release: python manage.py check"}, []string{"are those of"})
	herokuContainer(t, alone.Image)
	checkImage(t, alone.Image, "")

	page := strings.ReplaceAll(blocks(t, othersPage)[0], `uri = "`+published+`"`, `id = "tandem/python-node"`)
	if err := os.WriteFile(filepath.Join(app, "project.toml"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	group := devenv.Build{App: app, Image: "tandem-test-heroku-group", ClearCache: true, Env: merged(bothEnv, map[string]string{"STANDIN_RUNTIMES": "/runtimes"})}
	for _, id := range []string{"node", "cpython", "uv"} {
		dir, err := env.Runtime(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		group.Flags = append(group.Flags, "--volume", dir+":/runtimes/"+id+":ro")
	}
	log = packOn(t, builder, group)
	contains(t, log, []string{"are those of heroku/python", "is that of heroku/nodejs"}, []string{"Running uv", "Running npm ci"})
	herokuContainer(t, group.Image)
}

// aloneOnHeroku are the flags of the page's command that say which buildpack builds.
func aloneOnHeroku(t *testing.T) (flags []string) {
	t.Helper()
	_, rest, found := strings.Cut(read(t, othersPage), "pack build my-app --builder heroku/builder:24 ")
	line, _, _ := strings.Cut(rest, "\n")
	if !found || !strings.Contains(line, published) {
		t.Fatalf("the page's command is %q", line)
	}
	return strings.Fields(strings.ReplaceAll(line, published, "tandem/python-node"))
}

func packOn(t *testing.T, builder devenv.Builder, b devenv.Build) string {
	t.Helper()
	log, err := env.PackBuildOn(t.Context(), builder, b)
	if err != nil {
		t.Fatalf("%v\n%s", err, lastLines(log, 60))
	}
	return log
}

// herokuContainer looks at a container as Heroku starts it: another user than the build's, of the same group.
func herokuContainer(t *testing.T, image string) {
	t.Helper()
	commands := "id -u; id -gn; command -v cc gcc apt-get curl || echo nothing; cat staticfiles/built.txt staticfiles/seen.txt; SECRET_KEY=x CNB_PLATFORM_API=0.14 /cnb/process/release"
	want := "1001\nheroku\nnothing\n5.2.4\nNODE_ENV production\nnode 0\nSystem check identified no issues (0 silenced)."
	if got := inside(t, image)("bash", "-c", commands); got != want {
		t.Errorf("in the container: %q, want %q", got, want)
	}
	for _, process := range []string{"worker", "web"} {
		label, err := env.Label(t.Context(), image, "io.buildpacks.build.metadata")
		if err != nil || !strings.Contains(label, `"type":"`+process+`"`) {
			t.Errorf("there is no process type %s (%v)", process, err)
		}
	}
	container, err := env.Run(t.Context(), image, devenv.Start{Env: bothEnv})
	if err != nil {
		t.Fatal(err)
	}
	if _, body, err := get(container.URL + "/"); err != nil || !strings.Contains(body, "this is plain") {
		logs, _ := container.Logs(t.Context())
		t.Errorf("%v, got %.300q\n%s", err, body, logs)
	}
	if err := container.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
