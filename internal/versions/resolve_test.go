package versions

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// small is an inventory in no order, with what must not be chosen by chance.
func small() Inventory {
	var inv Inventory
	add := func(id ID, arch string, versions ...string) {
		for _, v := range versions {
			version, build, _ := strings.Cut(v, "+")
			inv = append(inv,
				Release{ID: id, Version: version, Build: build, Arch: arch, URI: "https://x/" + v + ".tar.gz"})
		}
	}
	add("node", "amd64", "20.1.0", "22.9.0", "22.10.1", "22.10.0", "24.0.0", "9.11.2", "26.0.0-rc.1")
	add("node", "arm64", "24.1.0")
	add("cpython", "amd64", "3.12.9+20250101", "3.12.10+20250601", "3.12.10+20250708", "3.9.25+20251031",
		"3.13.0+20241016", "3.15.0rc1+20260801")
	return inv
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		id            ID
		want, version string
	}{
		{"node", "", "24.0.0"}, {"node", "*", "24.0.0"}, {"node", "22", "22.10.1"}, {"node", "v22", "22.10.1"},
		{"node", "22.x", "22.10.1"}, {"node", "22.9", "22.9.0"}, {"node", "22.10.*", "22.10.1"},
		{"node", "22.10.x", "22.10.1"},
		{"node", "22.10.0", "22.10.0"}, {"node", "v22.10.0", "22.10.0"}, {"node", "=22.10.0", "22.10.0"},
		{"node", " 22.9.0\n", "22.9.0"},
		{"node", "^22.1", "22.10.1"}, {"node", "~22.9.0", "22.9.0"}, {"node", ">=20 <22", "20.1.0"},
		{"node", ">= 20, < 22", "20.1.0"},
		{"node", ">=20 <23", "22.10.1"}, {"node", "20 || 22", "22.10.1"}, {"node", "9 - 22.9", "22.9.0"},
		{"node", ">=22", "24.0.0"},
		{"node", "9", "9.11.2"}, {"node", "26.0.0-rc.1", "26.0.0-rc.1"},
		{"cpython", "3.12", "3.12.10"}, {"cpython", "python-3.12.9", "3.12.9"}, {"cpython", "3", "3.13.0"},
		{"cpython", "", "3.13.0"},
		{"cpython", ">=3.9,<3.13", "3.12.10"}, {"cpython", "3.15.0rc1", "3.15.0rc1"}, {"cpython", "3.9", "3.9.25"},
	} {
		dep, err := small().Choose(Ask{ID: c.id, First: Request{Want: c.want}}, "amd64")
		if err != nil || dep.Version != c.version {
			t.Errorf("%s %q: got %q, %v, want %q", c.id, c.want, dep.Version, err, c.version)
		}
	}
}

func TestResolveTakesTheNewestBuild(t *testing.T) {
	dep, err := small().Choose(Ask{ID: "cpython", First: Request{Want: "3.12.10"}}, "amd64")
	if err != nil || dep.URI != "https://x/3.12.10+20250708.tar.gz" {
		t.Errorf("got %s, %v, want the build of 20250708", dep.URI, err)
	}
}

func TestResolveRefuses(t *testing.T) {
	for _, c := range []struct {
		id                         ID
		want, arch, code, evidence string
	}{
		{"node", "22..1", "amd64", "version/malformed", "22.14.0, 22, 22.x"},
		{"node", "newest", "amd64", "version/malformed", `"newest" is not a version of Node.js`},
		{"cpython", "python", "amd64", "version/malformed", "3.12.1, 3.12, 3.12.x"},
		{"cpython", "pypy3.9-7.3", "amd64", "version/malformed", "CPython"},
		{"node", "22.10.7", "amd64", "version/unknown", "exist: 22.10.1, 22.10.0"},
		{"node", "22.11", "amd64", "version/unknown", "exist: 22.10.1, 22.10.0, 22.9.0"},
		{"node", "^26.0.0", "amd64", "version/unknown", "exist: 26.0.0-rc.1"},
		{"node", "27", "amd64", "version/unknown",
			"The latest is 24.0.0. The nearest that exist: 24.0.0, 22.10.1, 20.1.0, 9.11.2"},
		{"node", "6.1.0", "amd64", "version/unknown", "exist: 24.0.0, 22.10.1, 20.1.0, 9.11.2"},
		{"node", "99999999999999999999999.x", "amd64", "version/malformed", ""},
		{"cpython", "2.7.18", "amd64", "version/too-old", "oldest is 3.9."},
		{"cpython", "3.8.20", "amd64", "version/too-old", "oldest is 3.9."},
		{"cpython", "3.12.11", "amd64", "version/unknown", "exist: 3.12.10, 3.12.9"},
		{"node", "24", "s390x", "version/architecture", "amd64, arm64"},
	} {
		_,
			err := small().Choose(Ask{ID: c.id, First: Request{Want: c.want, Source: "engines.node in package.json"}},
			c.arch)
		failure, ok := fail.User(err)
		if !ok || failure.ID != c.code || !strings.Contains(err.Error(), c.evidence) {
			t.Errorf("%s %q: got %v, want %s with %q", c.id, c.want, err, c.code, c.evidence)
			continue
		}
		if c.code != "version/architecture" &&
			!strings.Contains(failure.Why, "It comes from engines.node in package.json.") {
			t.Errorf("%s %q does not say where it comes from: %v", c.id, c.want, err)
		}
	}
	if _, err := small().Choose(Ask{ID: "deno"}, "amd64"); err == nil {
		t.Error("an id that is not known is no error")
	}
}

// A buildpack may carry a prerelease alone.
func TestAPrereleaseMayBeTheLatest(t *testing.T) {
	only := Inventory{{ID: Node, Version: "26.0.0-rc.1", Arch: "amd64"}}
	_, err := only.Choose(Ask{ID: Node, First: Request{Want: "24"}}, "amd64")
	if err == nil || !strings.Contains(err.Error(), "The latest is 26.0.0-rc.1.") {
		t.Errorf("got %v", err)
	}
}

func TestTheNearestLieAroundTheWantedVersion(t *testing.T) {
	inv := embeddedInventory(t)
	for want, list := range map[string]string{
		"14.21.4": "exist: 14.21.3, 14.21.2, 14.21.1, 14.21.0\n",
		"8.16.7":  "exist: 8.16.2, 8.16.1, 8.16.0\n",
		"20.0.5":  "exist: 20.0.0\n",
		"5":       "exist: 12.22.12, 11.15.0, 10.24.1, 9.11.2, 8.17.0\n",
		"^40":     "exist: " + newestOf(t, Node, "") + ", ",
		"15.3.9":  "exist: 15.3.0\n",
		"18.99.0": "exist: 18.20.8, 18.20.7, 18.20.6, 18.20.5, 18.20.4\n",
	} {
		_, err := inv.Choose(Ask{ID: "node", First: Request{Want: want}}, "arm64")
		if err == nil || !strings.Contains(err.Error(), list) {
			t.Errorf("%s: got %v, want %q", want, err, list)
		}
	}
}

// The fix of an unknown release satisfies the other requests, and is of the same series if such a release does.
func TestWhatToUseInsteadOfAnUnknownRelease(t *testing.T) {
	for _, c := range []struct{ want, within, fix string }{
		{"22.10.7", "", "echo 22 > .nvmrc"},
		{"22.10.7", "<22.10.1", "echo 22.10.0 > .nvmrc"},
		{"22.10.7", ">=24", "echo 24 > .nvmrc"},
		{"22.10.7", ">=9", "echo 22 > .nvmrc"},
	} {
		a := Ask{ID: Node, First: Request{Want: c.want, Source: ".nvmrc"}}
		if c.within != "" {
			a.Within = []Request{{c.within, "engines.node in package.json"}}
		}
		_, err := small().Choose(a, "amd64")
		failure, ok := fail.User(err)
		if !ok || failure.ID != "version/unknown" || !strings.Contains(failure.Fix.String(), c.fix+"\n") {
			t.Errorf("%s within %q: got\n%v", c.want, c.within, err)
		}
	}
}

// No choice helps where the constraints contradict each other.
func TestConstraintsThatContradictEachOther(t *testing.T) {
	choice := Request{"22", ".nvmrc"}
	constraints := []Request{{"<22", "engines.node in package.json"}, {">=24", "devEngines.runtime in package.json"}}
	for _, a := range []Ask{
		{ID: Node, First: choice, Within: constraints, Choice: choice},
		{ID: Node, First: constraints[0], Within: constraints[1:]},
	} {
		_, err := small().Choose(a, "amd64")
		failure, ok := fail.User(err)
		if !ok || failure.ID != "version/contradiction" || len(failure.Fix) != 1 {
			t.Errorf("%v: got %v", a.Requests(), err)
		}
	}
}

func TestTheFirstRequest(t *testing.T) {
	second := Request{"22", "second"}
	if got := First(Request{Source: "first"}, second, Request{"24", "third"}); got != second {
		t.Errorf("got %v", got)
	}
	if got := First(Request{Source: "first"}); got != (Request{}) {
		t.Errorf("got %v", got)
	}
}

func TestTheLatestReleaseOfASeries(t *testing.T) {
	for version, want := range map[string]string{
		"22.9.0": "22.10.1", "22.10.1": "22.10.1", "20.1.0": "20.1.0", "26.0.0-rc.1": "26.0.0-rc.1", "18.0.0": "18.0.0",
	} {
		c := Chosen{Release: Release{ID: Node, Version: version}, Series: Node.Series(version)}
		if got := small().Latest(c, "amd64"); got != want {
			t.Errorf("%s: got %s, want %s", version, got, want)
		}
	}
}
