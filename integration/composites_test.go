//go:build platforms

package integration

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// dependency is an address in a composite's package.toml.
var dependency = regexp.MustCompile(`^docker://docker\.io/(heroku/buildpack-|paketobuildpacks/)([a-z-]+):([0-9.]+)$`)

// The composites of meta are packaged as they are, but for the images of other people: these are stand-ins, of the
// versions that package.toml has. So pack refuses one whose order has an id or a version that no dependency brings.
// Then they build.
func TestComposites(t *testing.T) {
	t.Parallel()
	needEngine(t)
	cases := map[string][]string{
		"heroku": {"come from heroku/python",
			"comes from heroku/nodejs, which puts it into every image; node_modules was there before"},
		"paketo": {"the Python packages come from paketo-buildpacks/pip-install",
			"comes from paketo-buildpacks/node-engine; node_modules was there before"},
	}
	spec.Run(t, "composite", func(t *testing.T, _ spec.G, it spec.S) {
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			it(name, func() {
				uris, err := env.Others(name)
				if err != nil {
					t.Fatal(err)
				}
				others := map[string]string{}
				for _, uri := range uris {
					others[uri] = "docker://" + packStandIn(t, uri)
				}
				composite, err := env.PackComposite(t.Context(), name, others)
				if err != nil {
					t.Fatal(err)
				}
				builder, err := env.Builder(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				build := devenv.Build{App: write(t, both), Image: "tandem-test-composite-" + name, ClearCache: true,
					Env: merged(bothEnv, standInEnv)}
				build.Flags = append(runtimeVolumes(t), "--pull-policy", "never", "--lifecycle-image",
					lifecycleImage(t), "--buildpack", composite)
				contains(t, ourPart(packOn(t, devenv.Builder{Image: builder.Image}, build)), cases[name],
					[]string{"$ uv", "$ npm ci"})
				bothServed(t, build.Image)
			})
		}
	}, spec.Parallel())
}

// packStandIn packages the stand-in for an address, of the version there, and returns its image.
func packStandIn(t *testing.T, uri string) string {
	t.Helper()
	m := dependency.FindStringSubmatch(uri)
	if m == nil {
		t.Fatalf("%s is not an address with a version", uri)
	}
	name := map[string]string{"heroku/buildpack-": "heroku-", "paketobuildpacks/": "paketo-"}[m[1]] + m[2]
	folder := filepath.Join(t.TempDir(), name)
	if err := env.StandIn(t.Context(), filepath.Join("testdata/others", name), folder); err != nil {
		t.Fatal(err)
	}
	setVersion(t, folder, m[3])
	image := "tandem-test/" + name + ":" + m[3]
	if err := env.PackFolder(t.Context(), folder, image); err != nil {
		t.Fatal(err)
	}
	return image
}
