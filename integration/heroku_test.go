//go:build platforms

package integration

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// othersPage is what users read about other people's buildpacks.
const othersPage = "../docs/platforms/other-buildpacks.md"

// published is how the pages name our buildpack.
const published = "tandemcnb/python-node:0.1"

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

// On Heroku's builder, first with the page's command, then with its project.toml. Here it is a stand-in with the
// labels, users and environment of Heroku's; herokuVariable names the real one.
func TestHerokuBuilder(t *testing.T) {
	t.Parallel()
	spec.Run(t, "Heroku's builder", func(t *testing.T, _ spec.G, it spec.S) {
		it("builds alone and after other buildpacks", func() {
			needEngine(t)
			on := builderFor(t, herokuVariable, func() (on vendorsBuilder) {
				on.Image = herokuBuilder(t)
				on.flags = []string{"--pull-policy", "never", "--lifecycle-image", lifecycleImage(t)}
				return on
			})
			app := write(t, merged(both, map[string]string{
				"Procfile": "release: python manage.py check\nweb: gunicorn mysite.wsgi\nworker: sleep 600\n",
				"app.json": `{"env": {"LACKING": {"required": true}}}`,
			}))
			alone := devenv.Build{App: app, Image: "tandem-test-heroku-alone", Env: bothEnv,
				Flags: append(on.flags, aloneOnHeroku(t)...), ClearCache: true}
			log := packOn(t, on.Builder, alone)
			contains(t, ourPart(log),
				[]string{"$ uv", "$ npm ci", "does not have: LACKING",
					"release   python manage.py check"}, []string{"the Python packages come from"})
			herokuContainer(t, alone.Image, on.standIn)
			checkImage(t, alone.Image, "")

			put(t, filepath.Join(app, "project.toml"), withOurs(t, blocks(t, othersPage)[0]))
			group := devenv.Build{App: app, Image: "tandem-test-heroku-group", ClearCache: true,
				Env: merged(bothEnv, standInEnv), Flags: on.flags}
			log = packOn(t, on.Builder, group)
			contains(t, ourPart(log), []string{"come from heroku/python", "comes from heroku/nodejs"},
				[]string{"$ uv", "$ npm ci"})
			herokuContainer(t, group.Image, on.standIn)
		})
	}, spec.Parallel())
}

// herokuBuilder makes a builder like Heroku's of stand-ins for Heroku's buildpacks, and returns its name.
func herokuBuilder(t *testing.T) string {
	t.Helper()
	if err := env.BaseImages(t.Context()); err != nil {
		t.Fatal(err)
	}
	const builder = "tandem/heroku-builder:24"
	on := devenv.Bases{Build: "tandem/heroku-build:24", Run: "tandem/heroku-run:24"}
	for target, image := range map[string]string{"build": on.Build, "run": on.Run} {
		_, err := env.Docker(t.Context(), "build", "--quiet", "--target", target, "--tag", image,
			"--build-arg", "BUILD="+devenv.Debian.Build, "--build-arg", "RUN="+devenv.Debian.Run,
			"--file", "testdata/others/heroku.Dockerfile", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
	}
	others := standInFolders("heroku-nodejs", "heroku-python", "heroku-procfile")
	if err := env.BuilderOf(t.Context(), builder, on, others...); err != nil {
		t.Fatal(err)
	}
	return builder
}

// aloneOnHeroku are the flags of the page's command that say which buildpack builds.
func aloneOnHeroku(t *testing.T) (flags []string) {
	t.Helper()
	_, rest, found := strings.Cut(read(t, othersPage), "pack build shop --builder heroku/builder:26 ")
	line, _, _ := strings.Cut(rest, "\n")
	if !found || !strings.Contains(line, published) {
		t.Fatalf("the page's command is %q", line)
	}
	return strings.Fields(strings.ReplaceAll(line, published, ourFolder(t)))
}

// herokuContainer looks at a container as Heroku starts it: another user than the build's, of the same group.
func herokuContainer(t *testing.T, image string, standIn bool) {
	t.Helper()
	run := inside(t, image)
	if got, want := run("bash", "-c", "id -u; id -gn"), "1001\nheroku"; got != want {
		t.Errorf("the user is %q, want %q", got, want)
	}
	if got := run("bash", "-c", "command -v cc gcc apt-get curl || echo nothing"); standIn && got != "nothing" {
		t.Errorf("the image has %s", got)
	}
	release := run("bash", "-c", "SECRET_KEY=x CNB_PLATFORM_API=0.14 /cnb/process/release")
	if want := "System check identified no issues (0 silenced)."; release != want {
		t.Errorf("release says %q, want %q", release, want)
	}
	for _, process := range []string{"worker", "web"} {
		label, err := env.Label(t.Context(), image, "io.buildpacks.build.metadata")
		if err != nil || !strings.Contains(label, `"type":"`+process+`"`) {
			t.Errorf("there is no process type %s (%v)", process, err)
		}
	}
	bothServed(t, image)
}
