package fail

import (
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// everything has each action once, and those of which several are rendered together.
var everything = Fix{
	Say{"Do it:"}, Run{"npm ci", "front end"}, Run{Command: "make"}, Say{"Or set:"},
	Set{Name: "A", Value: "x y"}, Set{Name: "B"}, Set{Name: "D", Value: "{}"},
	Say{"Or write:"}, Edit{[]string{"[tool]", "", "a = 1\nb = 2"}},
	Build{Builder: "heroku/builder:24", Buildpacks: []string{"a/b", "c/d:1"}},
	Bind{Type: "npmrc", Files: []BoundFile{{Name: ".npmrc", From: "~/.npmrc"}}},
	Bind{Type: "netrc", Files: []BoundFile{{Name: ".netrc", Text: "machine x"}}},
	Bind{Type: "tandem-build-env", Name: "build-env", Dir: "build-env"},
}

func TestRender(t *testing.T) {
	for platform, want := range map[Platform]string{
		Project: `Do it:
    cd 'front end' && npm ci
    make
Or set:
    [[io.buildpacks.build.env]]  # in project.toml
    name = "A"
    value = "x y"
    [[io.buildpacks.build.env]]
    name = "B"
    value = "…"
    [[io.buildpacks.build.env]]
    name = "D"
    value = "{}"
Or write:
    [tool]

    a = 1
    b = 2
    [io.buildpacks]  # in project.toml; an option --builder of pack wins
    builder = "heroku/builder:24"
    group = [{uri = "a/b"}, {uri = "c/d:1"}]
    mkdir -p bindings/npmrc && cp ~/.npmrc bindings/npmrc && echo npmrc >bindings/npmrc/type
    # a build reads it in /platform/bindings/npmrc. With pack:
    pack build … --volume "$PWD/bindings/npmrc:/platform/bindings/npmrc:ro"
    mkdir -p bindings/netrc && echo netrc >bindings/netrc/type
    echo 'machine x' >bindings/netrc/.netrc
    # a build reads it in /platform/bindings/netrc. With pack:
    pack build … --volume "$PWD/bindings/netrc:/platform/bindings/netrc:ro"
    # a build reads it in /platform/bindings/build-env. With pack:
    pack build … --volume "$PWD/build-env:/platform/bindings/build-env:ro"`,
		NewProject: `Or set:
    [_]  # in project.toml
    schema-version = "0.2"
    [[io.buildpacks.build.env]]
    name = "A"
    value = "x y"
    [[io.buildpacks.build.env]]
`,
		Kubernetes: `Or set:
    # kpack: spec.build.env of the Image. Tekton: a file in /platform/env
    - {name: A, value: "x y"}
    - {name: B, value: "…"}
    - {name: D, value: "{}"}
Or write:`,
	} {
		if got := Render(everything, platform); !strings.Contains(got, want) {
			t.Errorf("%s (-want +got):\n%s", platform, cmp.Diff(want, got))
		}
	}
	const secret = `
    apiVersion: v1
    kind: Secret
    metadata: {name: netrc}
    type: service.binding/netrc
    stringData:
      type: netrc
      .netrc: machine x
`
	if got := Render(everything, Kubernetes); !strings.Contains(got, secret) {
		t.Errorf("no Secret in\n%s", got)
	}
}

func TestRenderOfBuilds(t *testing.T) {
	image, with := Build{Builder: "a/b:1"}, Build{Builder: "a/b:1", Buildpacks: []string{"c/d", "e f"}}
	cpu := Build{CPU: "arm64"}
	for _, c := range []struct {
		build    Build
		platform Platform
		want     string
	}{
		{image, NewProject, `    [_]  # in project.toml; an option --builder of pack wins
    schema-version = "0.2"
    [io.buildpacks]
    builder = "a/b:1"`},
		{image, Kubernetes, "    # a builder with the build image and the run image of a/b:1"},
		{with, Kubernetes, "    # a builder with these buildpacks, in this order: c/d, e f"},
		{cpu, Project, "    pack build … --platform linux/arm64"},
		{cpu, Kubernetes, "    nodeSelector: {kubernetes.io/arch: arm64}"},
	} {
		if got := Render(Fix{c.build}, c.platform); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
	if got, want := with.Options(), "--builder a/b:1 --buildpack c/d --buildpack 'e f'"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSettingsAreTOML(t *testing.T) {
	for _, value := range []string{"a b", `"`, `\`, "a\nb\tc\a\x7f", "$(touch x)", "`touch x`", `\$(x)`, "ä…", "'"} {
		var got struct {
			IO struct {
				Buildpacks struct{ Build struct{ Env []Set } }
			}
		}
		text := Render(Fix{Set{Name: "A", Value: value}}, NewProject)
		if _, err := toml.Decode(text, &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff([]Set{{"A", value}}, got.IO.Buildpacks.Build.Env); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if strings.ContainsAny(text, "$`") {
			t.Errorf("a shell would run a part of %s", text)
		}
	}
}

func TestMapReachesEachText(t *testing.T) {
	got := everything.Map(func(string) string { return "#" })
	want := Fix{
		Say{"#"}, Run{"#", "#"}, Run{"#", "#"}, Say{"#"},
		Set{Name: "#", Value: "#"}, Set{Name: "#", Value: "#"}, Set{Name: "#", Value: "#"},
		Say{"#"}, Edit{[]string{"#", "#", "#"}}, Build{"#", []string{"#", "#"}, "#"},
		Bind{Type: "npmrc", Dir: "#", Files: []BoundFile{{Name: ".npmrc", From: "#", Text: "#"}}},
		Bind{Type: "netrc", Dir: "#", Files: []BoundFile{{Name: ".netrc", From: "#", Text: "#"}}},
		Bind{Type: "tandem-build-env", Name: "build-env", Dir: "#", Files: []BoundFile{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
