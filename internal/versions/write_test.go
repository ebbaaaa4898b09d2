package versions

import (
	"strings"
	"testing"
)

func TestAVersionIsWrittenWhereItsSourceIs(t *testing.T) {
	for _, c := range []struct {
		id           ID
		source, want string
	}{
		{Python, ".python-version", "echo 3.12 > .python-version"},
		{Python, "api/.python-version, the first of 2 lines", "echo 3.12 > api/.python-version"},
		{Python, "runtime.txt", "echo python-3.12 > runtime.txt"},
		{Python, "the default", "echo 3.12 > .python-version"}, {Python, "", "echo 3.12 > .python-version"},
		{Python, "BP_PYTHON_VERSION", "name = \"BP_PYTHON_VERSION\"\n    value = \"3.12\""},
		{Python, "requires-python in pyproject.toml", "In pyproject.toml:\n    requires-python = \">=3.12\""},
		{Python, "requires-python in api/uv.lock", "In api/pyproject.toml:\n    requires-python = \">=3.12\""},
		{Python, "tool.poetry.dependencies.python in pyproject.toml", "python = \"^3.12\""},
		{Python, "python_version in Pipfile.lock", "In Pipfile:\n    [requires]\n    python_version = \"3.12\""},
		{Python, "python in .tool-versions", "python 3.12"},
		{Python, "python in mise.toml", "python = \"3.12\""},
		{Node, "the default", "echo 3.12 > .nvmrc"}, {Node, "web/.node-version", "echo 3.12 > web/.node-version"},
		{Node, "engines.node in package.json", "npm pkg set engines.node=3.12"},
		{Node, "volta.node in web/package.json", "cd web && npm pkg set volta.node=3.12"},
		{Node, "devEngines.runtime in package.json", `"devEngines": {"runtime": {"name": "node", "version": "3.12"}}`},
	} {
		if got := c.id.Write(c.source, "3.12").String(); !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%s", c.source, got)
		}
	}
}

// What an error suggests satisfies the range of the error and all constraints, whatever the app has chosen.
func TestWithin(t *testing.T) {
	choice := Request{"18", ".nvmrc"}
	for _, c := range []struct {
		id                 ID
		constraint, ranges string
		want               string
	}{
		{Node, "", "22.x", "22"}, {Node, "", ">=22.9 <22.10", "22.9.0"}, {Node, ">=20", "22.x", "22"},
		{Node, ">=24", "22.x", ""}, {Node, "", ">=99", ""}, {Node, "", ">=20", "24"}, {Node, "", "no range", ""},
		{Node, "", "26.x", ""}, {Python, "", ">=3.9", "3.13"}, {Python, "<3.13", ">=3.9", "3.12"},
		{Python, "", "<3.12.10", "3.12.9"},
	} {
		o := Offer{Ask: Ask{ID: c.id, First: choice, Choice: choice}, Releases: small(), Arch: "amd64"}
		if c.constraint != "" {
			o.Ask.Within = []Request{{c.constraint, "x"}}
		}
		if got := o.Within(c.ranges); got != c.want {
			t.Errorf("%s within %q and %q: got %q, want %q", c.id, c.constraint, c.ranges, got, c.want)
		}
	}
	only := Offer{Ask: Ask{ID: Node, First: choice, Choice: choice}, Releases: small(), Arch: "arm64"}
	if got := only.Within("24.x"); got != "24" {
		t.Errorf("the only release: got %q", got)
	}
	ended := Offer{Ask: Ask{ID: Python, First: Request{"<3.15", "x"}, Prefer: []string{"3.13"}},
		Releases: embeddedInventory(t), Arch: "amd64"}
	if got := ended.Within(">=3.10"); got != "3.14" {
		t.Errorf("a constraint that ends the range: got %q", got)
	}
	if got := (Offer{}).Within(">=3"); got != "" {
		t.Errorf("nothing is known, and %q is suggested", got)
	}
}

func TestSupported(t *testing.T) {
	o := Offer{Ask: Ask{ID: Python}, Releases: embeddedInventory(t), Arch: "arm64", Today: "2026-11-29"}
	for series, want := range map[string]bool{"3.9": false, "3.10": false, "3.11": true, "3.13": true, "3.4": false} {
		if got := o.Supported(series); got != want {
			t.Errorf("%s: got %v", series, got)
		}
	}
	o.Releases = Inventory{
		{ID: Python, Version: "3.11.0", Arch: "arm64", EOL: o.Today},
		{ID: Python, Version: "3.12.0", Arch: "amd64", EOL: o.Today},
		{ID: UV, Version: "3.13.0", Arch: "arm64", EOL: o.Today},
	}
	for series, want := range map[string]bool{"3.11": true, "3.12": false, "3.13": false} {
		if got := o.Supported(series); got != want {
			t.Errorf("%s on its last day: got %v", series, got)
		}
	}
}
