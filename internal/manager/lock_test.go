package manager

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// A lock of any size says the same, and costs little: of a large one only a few keys are parsed.
func TestLargeLocksSayWhatSmallOnesSay(t *testing.T) {
	const uv = `version = 1

[options]
exclude-newer = "2026-01-02T00:00:00Z"

[manifest]
members = ["a"]

[[manifest.dependency-metadata]]
name = "x"
source = "y"

[[package]]
name = "a"
source = { editable = "libs/a" }

[package.optional-dependencies]
source = [
    { name = "b" },
]

[package.dev-dependencies]
source = []

[package.metadata]
requires-dist = []

[package.metadata.requires-dev]
source = []

[[package]]
name = "b"
source = { directory = "libs/b" }
`
	const poetry = `[[package]]
name = "b"

[package.dependencies]
url = "*"
type = {version = "1"}

[package.extras]
url = []
type = []

[package.source]
type = "directory"
url = "libs/b"

[[package]]
name = "c"

[package.source]
type = "legacy"
url = "https://packages.example.com"
reference = "x"
`
	var moreUV, morePoetry strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&moreUV, `
[[package]]
name = "p%d"
source = { registry = "https://packages.example.com/simple" }
wheels = [
    { url = "https://packages.example.com/p.whl", hash = "sha256:%064x", size = 1 },
]
`, i, i)
		fmt.Fprintf(&morePoetry, `
[[package]]
name = "p%d"
files = [
    {file = "p.whl", hash = "sha256:%064x"},
    {file = "p.tar.gz", hash = "sha256:%064x"},
]
`, i, i, i)
	}
	morePoetry.WriteString("\n[extras]\nurl = []\n\n[metadata]\nlock-version = \"2.1\"\n")
	for name, c := range map[string]struct {
		manager   PythonManager
		lock      string
		more      string
		wantLocal []string
		wantFiles []string
	}{
		"uv":     {newUV(), uv, moreUV.String(), []string{"libs/b"}, []string{"uv.lock", "uv.toml", "libs/a/setup.py"}},
		"Poetry": {newPoetry(), poetry, morePoetry.String(), []string{"libs/b"}, []string{"poetry.lock"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"libs/a/setup.py": "", "uv.toml": "exclude-newer = '1 week'"}
			files[c.manager.Data().Lock] = c.lock
			want := c.manager.Read(appOf(files), nil)
			if diff := cmp.Diff(c.wantLocal, want.Local) + cmp.Diff(c.wantFiles, want.Files); diff != "" ||
				want.Err != nil {
				t.Fatalf("%v, (-want +got):\n%s", want.Err, diff)
			}
			files[c.manager.Data().Lock] += c.more
			begin := time.Now()
			got := c.manager.Read(appOf(files), nil)
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("%d MB took %s", len(files[c.manager.Data().Lock])>>20, took)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-small +large):\n%s", diff)
			}
		})
	}
}

// A lock of npm costs time and memory in proportion to its size, however its packages are within each other.
func TestNPMLocksCostWhatTheyHave(t *testing.T) {
	const size = 4 << 20
	var flat strings.Builder
	for i := 0; flat.Len() < size; i++ {
		fmt.Fprintf(&flat, `"node_modules/%d":{},`, i)
	}
	nested := strings.Repeat(`{"dependencies":{"a":`, 4900)
	for name, text := range map[string]string{
		"flat":        `{"lockfileVersion":3,"packages":{` + flat.String() + `"":{}}}`,
		"flat, old":   `{"dependencies":{` + flat.String() + `"":{}}}`,
		"nested, old": nested + `"` + strings.Repeat("a", size) + `"` + strings.Repeat("}}", 4900),
		"arrays": `{"packages":[` + strings.Repeat("[],", size/3) + `[]],"dependencies":[` +
			strings.Repeat("[],", size/3) + `[]]}`,
		"not read": `{"x":` + strings.Repeat("[", 9000) + strings.Repeat("0,", size/2) + "0" +
			strings.Repeat("]", 9000) + `}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		_, err := newNPM().ReadLock(text)
		took := time.Since(begin)
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 || took > 5*time.Second || err != nil &&
			name != "arrays" {
			t.Errorf("%s: %d MB, %s, %v", name, mb, took, err)
		}
	}
	if _, err := newNPM().ReadLock(strings.Repeat(`{"dependencies":{"a":`, 20_000)); err == nil {
		t.Error("a lock that is too deep is no error")
	}
}

// One more is noted than there may be, so that the reader of a lockfile sees that there are too many.
func TestLocalPackagesOfNPMLocksAreCounted(t *testing.T) {
	for n, want := range map[int]int{limits.Packages: limits.Packages, limits.Packages + 9: limits.Packages + 1} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, `"libs/%d": {}, `, i)
		}
		lock, err := newNPM().ReadLock(`{"packages": {` + text.String() + `"": {}}}`)
		if err != nil || len(lock.Local) != want {
			t.Errorf("%d packages: got %d, %v", n, len(lock.Local), err)
		}
	}
}

func TestWhatNPMLocksSay(t *testing.T) {
	for text, want := range map[string]Lock{
		`{"lockfileVersion": 3, "packages": {
			"": {}, "libs/b": {"hasInstallScript": true}, "libs/a/": {"version": 1}, "x": "y", "z": [],
			"node_modules/a": {"resolved": "libs/a", "link": true},
			"node_modules/g": {"resolved": "git+ssh://g.example.com/g.git#1"}
		}}`: {
			Format: "3", Local: []string{"libs/a", "libs/b", "x", "z"}, Linked: []string{"libs/b"},
			Remote: map[string]string{"g": "git+ssh://g.example.com/g.git#1"},
		},
		`{"lockfileVersion": 2, "packages": {"": {}}, "dependencies": {"a": {"version": "file:a"}}}`: {
			Format: "2", Remote: map[string]string{},
		},
		`{"lockfileVersion": 1, "dependencies": {
			"b": {"version": "file:b.tgz"}, "g": {"version": "github:x/y#1"},
			"a": {"version": "1", "requires": {"version": "file:no"},
				"dependencies": {"c": {"version": "file:./c"}, "d": "x", "e": {"version": 1}}}
		}}`: {
			Format: "1", Local: []string{"b.tgz", "c"}, Linked: []string{"c"},
			Remote: map[string]string{"g": "github:x/y#1"},
		},
		`{}`: {Format: "1", Remote: map[string]string{}},
		`{"dependencies": null, "packages": null}`: {Format: "1", Remote: map[string]string{}},
	} {
		got, err := newNPM().ReadLock(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"", "{", "[]", `{"packages": {}} x`, "<<<<<<< HEAD\n{}"} {
		if _, err := newNPM().ReadLock(text); err == nil {
			t.Errorf("%q is no error", text)
		}
	}
}

func TestTimesAreDatesOrSpans(t *testing.T) {
	for time, want := range map[string]bool{
		"2026-11-01": true, "2026-11-01T00:00:00Z": true, "2026": false, "30-days": false, "1 week": false,
		"P1W-1D": false, "": false,
	} {
		if got := beginsWithYear(time); got != want {
			t.Errorf("%q: got %v", time, got)
		}
	}
}

// The names of a lockfile by the specification: https://packaging.python.org/en/latest/specifications/pylock-toml/#file-name
func TestNamesOfPylocks(t *testing.T) {
	for file, want := range map[string]bool{
		"pylock.production.toml": true, "api/pylock.dev.toml": true, "pylock.toml": false, "pylock..toml": false,
		"pylock.a.b.toml": false, "production.toml": false, "pylock.production": false, "production": false,
		"a.b": false, "": false,
	} {
		if got := IsPylock(file); got != want {
			t.Errorf("%q: got %v", file, got)
		}
	}
}
