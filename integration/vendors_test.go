//go:build platforms

package integration

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// These variables name the builders of those whose buildpacks the page is about, where their registry answers. Then the
// tests build with them and with the real buildpacks. CONTRIBUTING.md has the commands.
const (
	herokuVariable = "TANDEM_TEST_HEROKU_BUILDER"
	paketoVariable = "TANDEM_TEST_PAKETO_BUILDER"
)

// vendorsBuilder is one of these builders, and what pack has to be told about it.
type vendorsBuilder struct {
	devenv.Builder
	flags   []string
	standIn bool
}

// standInEnv tells stand-ins where their runtimes are, which would go through three images otherwise.
var standInEnv = map[string]string{"STANDIN_RUNTIMES": "/runtimes"}

// builderFor is the builder that the variable names, else a stand-in for it that is made here.
func builderFor(t *testing.T, variable string, standIn func() vendorsBuilder) (on vendorsBuilder) {
	t.Helper()
	contains(t, read(t, "../CONTRIBUTING.md"), []string{"\n    " + variable + "="}, nil)
	if image := os.Getenv(variable); image != "" {
		on.Image, on.flags = image, []string{"--pull-policy", "if-not-present"}
	} else {
		on = standIn()
		on.standIn = true
	}
	on.flags = append(on.flags, runtimeVolumes(t)...)
	return on
}

// standInFolders are the stand-ins without runtimes.
func standInFolders(names ...string) (all []string) {
	for _, name := range names {
		all = append(all, filepath.Join(env.Root, "integration/testdata/others", name))
	}
	return all
}

// runtimeVolumes are the flags with which stand-ins find their runtimes in a container; to real buildpacks they mean
// nothing.
func runtimeVolumes(t *testing.T) (flags []string) {
	t.Helper()
	for _, id := range []string{"node", "cpython", "uv"} {
		dir, err := env.Runtime(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		flags = append(flags, "--volume", dir+":/runtimes/"+id+":ro")
	}
	return flags
}

// ourFolder is the address of our buildpack as it is here.
func ourFolder(t *testing.T) string {
	t.Helper()
	folder, err := env.Buildpack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return "file://" + folder
}

// withOurs is a project.toml of the page with our buildpack as it is here.
func withOurs(t *testing.T, block string) string {
	t.Helper()
	if !strings.Contains(block, `uri = "`+published+`"`) {
		t.Fatalf("ours is not in the group:\n%s", block)
	}
	return strings.ReplaceAll(block, published, ourFolder(t))
}

// On Paketo's builder with the page's project.toml. paketoVariable names the real one. Where its name begins with a
// registry, that has Paketo's buildpacks too, as a company's mirror has; so has the one here, with stand-ins.
func TestPaketoBuilder(t *testing.T) {
	t.Parallel()
	spec.Run(t, "Paketo's builder", func(t *testing.T, _ spec.G, it spec.S) {
		it("builds after other buildpacks", func() {
			needEngine(t)
			page := blocks(t, othersPage)[1]
			on := builderFor(t, paketoVariable,
				func() vendorsBuilder { return paketoMirror(t, standInFolders(before(t, page)...)) })
			const hub = "docker://docker.io/paketobuildpacks/"
			if mirror, _, found := strings.Cut(on.Image, "/paketobuildpacks/"); found {
				// pack takes docker:// with a port for a download
				page = strings.ReplaceAll(page, hub, mirror+"/paketobuildpacks/")
			}
			app := write(t, both)
			put(t, filepath.Join(app, "project.toml"), withOurs(t, page))
			build := devenv.Build{App: app, Image: "tandem-test-paketo-group", ClearCache: true,
				Env: merged(bothEnv, standInEnv), Flags: on.flags}
			log := packOn(t, on.Builder, build)
			for _, c := range behind {
				if c.page == 2 {
					contains(t, ourPart(log), c.log, c.not)
				}
			}
			bothServed(t, build.Image)
		})
	}, spec.Parallel())
}

// paketoMirror starts a registry that has what a mirror of Paketo's has, of stand-ins.
func paketoMirror(t *testing.T, folders []string) (on vendorsBuilder) {
	t.Helper()
	const builder = "tandem/paketo-builder"
	if err := env.BuilderOf(t.Context(), builder, devenv.Debian, folders...); err != nil {
		t.Fatal(err)
	}
	registry := serveRegistry(t)
	at, lifecycle := registry+"/paketobuildpacks/", registry+"/buildpacksio/lifecycle"
	images := map[string]string{at + "builder-jammy-base": builder, lifecycle: lifecycleImage(t)}
	for _, folder := range folders {
		name := strings.TrimPrefix(filepath.Base(folder), "paketo-")
		images[at+name] = "tandem-test/paketo-" + name
		if err := env.PackFolder(t.Context(), folder, images[at+name]); err != nil {
			t.Fatal(err)
		}
	}
	for name, image := range images {
		typed(t, "", "docker", "tag", image, name)
		typed(t, "", "docker", "push", "--quiet", name)
		typed(t, "", "docker", "image", "rm", name) // it is pulled
		t.Cleanup(func() { _ = exec.Command("docker", "image", "rm", "--force", name).Run() })
	}
	t.Cleanup(func() { // pack takes this one by its digest, and leaves it
		left,
			_ := exec.Command("docker", "image", "ls", "--digests", "--format", "{{.Repository}}@{{.Digest}}",
			lifecycle).Output()
		_ = exec.Command("docker", append([]string{"image", "rm"}, strings.Fields(string(left))...)...).Run()
	})
	on.Image, on.flags = at+"builder-jammy-base",
		[]string{"--pull-policy", "if-not-present", "--lifecycle-image", lifecycle}
	return on
}

// bothServed looks at what the steps of the app both have written, and asks a container for the page.
func bothServed(t *testing.T, image string) {
	t.Helper()
	if got, want := inside(t, image)("bash", "-c", "cat staticfiles/built.txt staticfiles/seen.txt"),
		"5.2.4\nNODE_ENV production\nnode 0"; got != want {
		t.Errorf("in the container: %q, want %q", got, want)
	}
	container, err := env.Run(t.Context(), image, devenv.Start{Env: bothEnv})
	if err != nil {
		t.Fatal(err)
	}
	if _, body,
		err := devenv.Answer(t.Context(), container.URL+"/"); err != nil || !strings.Contains(body, "this is plain") {
		logs, _ := container.Logs(t.Context())
		t.Errorf("%v, got %.300q\n%s", err, body, logs)
	}
	if err := container.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
