package fail

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everything has each action once, and those of which several are rendered together.
var everything = Fix{
	Say{"Do it:"}, Run{"npm ci", "front end"}, Run{Command: "make"}, Say{"Or set:"},
	Set{Name: "A", Value: "x y"}, Set{Name: "B"}, Set{Name: "C", From: "openssl rand 8"}, Set{Name: "D", Value: "{}"},
	Say{"Or write:"}, Edit{[]string{"[tool]", "", "a = 1\nb = 2"}}, Build{"--builder heroku/builder:24"},
	Bind{Type: "npmrc", Files: []BoundFile{{Name: ".npmrc", From: "~/.npmrc"}}},
	Bind{Type: "netrc", Files: []BoundFile{{Name: ".netrc", Text: "machine x"}}},
	Bind{Type: "tandem-build-env", Name: "build-env", Dir: "build-env"},
	Set{Name: "E", Value: "1", On: Kpack},
}

func TestRender(t *testing.T) {
	for platform, want := range map[Platform]string{
		Pack: `Do it:
    cd 'front end' && npm ci
    make
Or set:
    pack build … --env A='x y' --env B --env C="$(openssl rand 8)" --env D={}
Or write:
    [tool]

    a = 1
    b = 2
    pack build … --builder heroku/builder:24
    mkdir -p bindings/npmrc && cp ~/.npmrc bindings/npmrc && echo npmrc >bindings/npmrc/type
    pack build … --volume "$PWD/bindings/npmrc:/platform/bindings/npmrc:ro"
    mkdir -p bindings/netrc && echo netrc >bindings/netrc/type
    echo 'machine x' >bindings/netrc/.netrc
    pack build … --volume "$PWD/bindings/netrc:/platform/bindings/netrc:ro"
    pack build … --volume "$PWD/build-env:/platform/bindings/build-env:ro"
    # in kpack's Image, below spec.build.env:
    - {name: E, value: "1"}`,
		Project: `Or set:
    [_]
    schema-version = "0.2"
    [[io.buildpacks.build.env]]
    name = "A"
    value = "x y"
    [[io.buildpacks.build.env]]
    name = "B"
    value = "…"
    [[io.buildpacks.build.env]]
    name = "C"
    value = "…"
    [[io.buildpacks.build.env]]
    name = "D"
    value = "{}"
Or write:`,
		Kpack: `Or set:
    # in kpack's Image, below spec.build.env:
    - {name: A, value: "x y"}
    - {name: B, value: "…"}
    - {name: C, value: "…"}
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
	if got := Render(everything, Kpack); !strings.Contains(got, secret) {
		t.Errorf("no Secret in\n%s", got)
	}
}

func TestMapReachesEachText(t *testing.T) {
	got := everything.Map(func(string) string { return "#" })
	want := Fix{
		Say{"#"}, Run{"#", "#"}, Run{"#", "#"}, Say{"#"},
		Set{Name: "#", Value: "#", From: "#"}, Set{Name: "#", Value: "#", From: "#"},
		Set{Name: "#", Value: "#", From: "#"}, Set{Name: "#", Value: "#", From: "#"},
		Say{"#"}, Edit{[]string{"#", "#", "#"}}, Build{"#"},
		Bind{Type: "npmrc", Dir: "#", Files: []BoundFile{{Name: ".npmrc", From: "#", Text: "#"}}},
		Bind{Type: "netrc", Dir: "#", Files: []BoundFile{{Name: ".netrc", From: "#", Text: "#"}}},
		Bind{Type: "tandem-build-env", Name: "build-env", Dir: "#", Files: []BoundFile{}},
		Set{Name: "#", Value: "#", From: "#", On: Kpack},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
