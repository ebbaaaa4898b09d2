package versions

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// newestOf is what the embedded inventory has of a line, so that the tests survive an update.
func newestOf(t *testing.T, id ID, line string) string {
	t.Helper()
	known, err := embeddedInventory(t).candidates(id, "amd64")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range known {
		if strings.HasPrefix(c.Version, line) {
			return c.Version
		}
	}
	t.Fatalf("no %s %s", id, line)
	return ""
}

// longTerm returns Node's series with an LTS name, latest first, as series.json has them.
func longTerm(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile("series.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"node","series":"(\d+)",.*"lts":`).FindAllStringSubmatch(string(text), -1) {
		all = append(all, m[1])
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(b, a)) })
	return all
}

func TestHowVersionsMayBeWritten(t *testing.T) {
	inv := embeddedInventory(t)
	lts := func(back int) string { return longTerm(t)[back] + "." }
	for _, c := range []struct {
		id         ID
		want, line string
	}{ // line "3.12." means the newest that begins so, "" the newest of all
		{"node", "24", "24."}, {"node", "v24", "24."}, {"node", "24.x", "24."}, {"node", "24.x.x", "24."},
		{"node", "=24", "24."}, {"node", "~24", "24."},
		{"node", "^24.0.0", "24."}, {"node", "~22.14", "22.14."}, {"node", ">=18 <21", "20."},
		{"node", ">=18.0.0,<21", "20."}, {"node", ">= 18 < 21", "20."},
		{"node", "18 || 20", "20."}, {"node", "18||20", "20."}, {"node", "18.x||>=20.1 <21", "20."},
		{"node", "18 - 20", "20."}, {"node", "16.0.0 - 18.2", "18.2."},
		{"node", "<=20", "20."}, {"node", "<21 >18", "20."}, {"node", "~> 20", "20."},
		{"node", ">=20.0.0-0 <21", "20."}, {"node", "^0.10 || 8", "8."},
		{"node", "lts/*", lts(0)}, {"node", "lts", lts(0)}, {"node", "LTS/*", lts(0)}, {"node", "lts/-1", lts(1)},
		{"node", "lts/-2", lts(2)},
		{"node", "lts/krypton", "24."}, {"node", "lts/iron", "20."}, {"node", "lts/Hydrogen", "18."},
		{"node", "lts-iron", "20."}, {"node", "gallium", "16."},
		{"node", "lts/carbon", "8."}, {"node", "node", ""}, {"node", "latest", ""}, {"node", "current", ""},
		{"node", "stable", ""},
		{"node", "*", ""}, {"node", "^*", ""}, {"node", "<=*", ""}, {"node", "20 || ", ""},

		{"cpython", "3.12", "3.12."}, {"cpython", "3.12.x", "3.12."}, {"cpython", "3.12.*", "3.12."},
		{"cpython", "v3.12", "3.12."}, {"cpython", "3.12.4", "3.12.4"},
		{"cpython", "python-3.12.4", "3.12.4"}, {"cpython", "python-3.10.x", "3.10."},
		{"cpython", "python3.12", "3.12."}, {"cpython", "Python-3.12", "3.12."},
		{"cpython", "cpython-3.12", "3.12."}, {"cpython", "cpython@3.12", "3.12."}, {"cpython", "=3.12", "3.12."},
		{"cpython", "== 3.12.4", "3.12.4"}, {"cpython", "===3.12.4", "3.12.4"},
		{"cpython", "==3.12.*", "3.12."}, {"cpython", "==3.12.x", "3.12."}, {"cpython", "~=3.12.0", "3.12."},
		{"cpython", "~=3.12", ""}, {"cpython", ">=3.11,<3.13", "3.12."},
		{"cpython", ">=3.11, <3.13", "3.12."}, {"cpython", ">=3.11 <3.13", "3.12."},
		{"cpython", ">= 3.11 , < 3.13", "3.12."}, {"cpython", ">=3.9.*,<3.13", "3.12."},
		{"cpython", ">3.11,<3.12.1", "3.12.0"}, {"cpython", "<=3.12.0", "3.12.0"},
		{"cpython", ">=3.12,<3.13,!=3.12.1", "3.12."}, {"cpython", ">=3.12,!=3.14.*,!=3.13.*", "3.12."},
		{"cpython", "^3.12", ""}, {"cpython", "^3.12,<3.13", "3.12."}, {"cpython", "~3.12", "3.12."},
		{"cpython", "~3.12.1", "3.12."}, {"cpython", "~3", ""},
		{"cpython", "3.10 || 3.12", "3.12."}, {"cpython", "^3.9,<3.11|3.11", "3.11."}, {"cpython", "3", ""},
		{"cpython", "*", ""}, {"cpython", "latest", ""},
		{"cpython", ">=3.9,<4", ""}, {"cpython", ">=3.9,<4.0", ""},
	} {
		dep, err := inv.Choose(Ask{ID: c.id, First: Request{Want: c.want}}, "amd64")
		if want := newestOf(t, c.id, c.line); err != nil || dep.Version != want {
			t.Errorf("%s %q: got %q, %v, want %q", c.id, c.want, dep.Version, err, want)
		}
	}
}

func TestWhatIsNoVersion(t *testing.T) {
	for _, c := range []struct {
		id             ID
		want, evidence string
	}{
		{"node", "lts/lead", "lts/jod"}, {"node", "lts/-99", "lts/jod"}, {"node", "lts/--1", "lts/jod"},
		{"node", "system", "latest"}, {"node", "18|20", "20 || 22"},
		{"node", ">=", ">=20 <23"}, {"node", "node-20", ""}, {"node", "iojs", ""}, {"node", ">=18<20", ""},
		{"node", "v", ""},
		{"cpython", "python", "==3.12.*"}, {"cpython", "~=3", "~=3.12"}, {"cpython", ">=3.9 -", ""},
		{"cpython", "=>3.9", ""}, {"cpython", ",", ""}, {"cpython", "3.12-dev", ""},
		{"cpython", "3.13t", ""}, {"cpython", "my-app-env", ""}, {"cpython", "3.9 - 3.12", ""}, {"cpython", "^", ""},
		{"cpython", "lts/*", ""}, {"cpython", "3.12.1.x.2", ""},
		{"cpython", "pypy3.10-7.3.12", "Tandem has CPython only"}, {"cpython", "pypy-3.10", "another interpreter"},
		{"cpython", "miniconda3-latest", "another interpreter"},
		{"cpython", "graalpy-24.1", "another interpreter"}, {"cpython", "three", `"three" is not a version of CPython`},
		{"node", "pypy", `"pypy" is not a version of Node.js`},
		{"node", fmt.Sprint("lts/-", len(ltsSeries())), "lts/jod"},
	} {
		_, err := embeddedInventory(t).Choose(Ask{ID: c.id, First: Request{Want: c.want, Source: "here"}}, "amd64")
		failure, ok := fail.User(err)
		if !ok || failure.ID != "version/malformed" || !strings.Contains(err.Error(), c.evidence) ||
			!strings.Contains(failure.Why, "It comes from here.") {
			t.Errorf("%s %q: got %v", c.id, c.want, err)
		}
	}
}

// What cannot be compared does not contradict: a warning about it would be a guess.
func TestAVersionIsAccepted(t *testing.T) {
	for _, c := range []struct {
		id            ID
		want, version string
		ok            bool
	}{
		{Node, ">=20", "22.1.0", true}, {Node, ">=20", "18.1.0", false}, {Python, "~=3.12", "3.13.1", true},
		{Python, "3.12", "3.13.1", false}, {Node, "no version", "18.1.0", true},
		{Node, ">=20", "a nightly build", true},
	} {
		if got := c.id.Accepts(c.want, c.version); got != c.ok {
			t.Errorf("%s %q, %s: got %v", c.id, c.want, c.version, got)
		}
	}
}

func TestARangeIsOpenWhenNewLinesWillFitIt(t *testing.T) {
	for _, c := range []struct {
		id   ID
		want string
		open bool
	}{
		{"node", ">=18", true}, {"node", "*", true}, {"node", ">18 !=20", true}, {"node", "18 || >=20", true},
		{"node", ">=18 <99", false}, {"node", "^22", false},
		{"node", "22", false}, {"node", "22.1.0", false}, {"node", "latest", false}, {"node", "lts/*", false},
		{"node", "18 - 22", false},
		{"cpython", ">=3.9", true}, {"cpython", ">=3.9,<4", true}, {"cpython", "^3.9", true},
		{"cpython", "~=3.9", true}, {"cpython", "3", true}, {"cpython", "*", true},
		{"cpython", ">=3.9,<3.14", false}, {"cpython", "~3.9", false}, {"cpython", "3.9", false},
		{"cpython", "latest", false},
	} {
		got, err := parseConstraint(c.id, c.want)
		if err != nil || got.open != c.open {
			t.Errorf("%s %q: open is %v, %v", c.id, c.want, got.open, err)
		}
	}
}

func TestInAnOpenRangeALineIsPreferred(t *testing.T) {
	for _, c := range []struct {
		want   string
		prefer []string
		line   string // of what is chosen
		by     string
	}{
		{">=18", []string{"24", "20"}, "24.", "24"}, {">=18 <24 || >=25", []string{"24", "20"}, "20.", "20"},
		{">=25", []string{"24", "20"}, "26.", ""},
		{">=18", nil, "26.", ""}, {">=18", []string{"24", ""}, "24.", "24"}, {">=18 <23", []string{"20"}, "22.", ""},
		{"latest", []string{"24"}, "26.", ""},
		{">=18", []string{"no line", "20"}, "20.", "20"}, {">=25", []string{"26"}, "26.", "26"},
		{"20", []string{"24"}, "20.", ""},
	} {
		got, err := embeddedInventory(t).Choose(Ask{ID: Node, First: Request{c.want, "x"}, Prefer: c.prefer}, "arm64")
		why := "x"
		if c.by != "" {
			why = "x (" + show.Value(c.want) + "), the series of the last build"
		}
		if c.by == Node.DefaultSeries() {
			why = "x (" + show.Value(c.want) + "), default series"
		}
		if want := newestOf(t, Node, c.line); err != nil || got.Version != want || got.Why != why {
			t.Errorf("%q, preferred %v: got %q by %q, %v, want %q by %q", c.want, c.prefer, got.Version, got.Why, err,
				want, why)
		}
	}
}

func TestAllSourcesMustFit(t *testing.T) {
	resolve := func(want string, within ...string) (string, error) {
		first := Request{Want: want, Source: ".python-version"}
		a := Ask{ID: Python, First: first, Choice: first, Prefer: []string{"3.13"}}
		for _, b := range within {
			a.Within = append(a.Within, Request{b, "requires-python in pyproject.toml"})
		}
		dep, err := embeddedInventory(t).Choose(a, "amd64")
		return dep.Version, err
	}
	for _, c := range []struct{ want, within, line string }{
		{"3.12", ">=3.11", "3.12."}, {"3.12.4", ">=3.11", "3.12.4"}, {"3.12", "<3.12.5", "3.12.4"},
		{">=3.11", "<3.13", "3.12."}, {">=3.9", ">=3.10", "3.13."},
		{">=3.9", ">=3.14", "3.14."}, {">=3.9,<3.15", ">=3.10", "3.14."}, {">=3.10", ">=3.9,<3.15", "3.14."},
	} {
		if got, err := resolve(c.want, c.within); err != nil || got != newestOf(t, "cpython", c.line) {
			t.Errorf("%s within %s: got %q, %v", c.want, c.within, got, err)
		}
	}
	for _, c := range []struct{ want, within, id, evidence string }{
		{"3.9.20", ">=3.11", "version/contradiction",
			".python-version: 3.9.20\nrequires-python in pyproject.toml: >=3.11\n"},
		{"3.9", ">=3.11", "version/contradiction", "    echo 3.13 > .python-version\n"},
		{"3.9", ">=3.11,<3.12.4", "version/contradiction", "    echo 3.12.3 > .python-version\n"},
		{"3.12", ">=3.99", "version/unknown", "It comes from requires-python in pyproject.toml."},
		{"3.12", "three", "version/malformed", "It comes from requires-python in pyproject.toml."},
	} {
		_, err := resolve(c.want, c.within)
		if failure, ok := fail.User(err); !ok || failure.ID != c.id || !strings.Contains(err.Error(), c.evidence) {
			t.Errorf("%s within %s: got %v", c.want, c.within, err)
		}
	}
}

// An even line gets its name half a year after it began. The newest one may still be without.
func TestTheCodeNamesAreKeptUpWithTheInventory(t *testing.T) {
	known, err := embeddedInventory(t).candidates("node", "amd64")
	if err != nil {
		t.Fatal(err)
	}
	newest := strconv.FormatUint(known[0].version.Major(), 10)
	for _, c := range known {
		line := strconv.FormatUint(c.version.Major(), 10)
		if c.version.Major()%2 == 1 || line == newest {
			continue
		}
		if !slices.ContainsFunc(ltsSeries(), func(s Series) bool { return s.Name == line }) {
			t.Fatalf("Node.js %s has no code name", line)
		}
	}
}

// The text comes from the app: whatever it is, reading it ends with a range or an error.
func FuzzConstraint(f *testing.F) {
	for _, seed := range []string{"^3.12", "~=3.12", ">=3.9,<4", "==3.*.1", "1!3.9", "lts/-1", "18||20", "9 - 10",
		"===x", "==3.12.1.2.*", "3.12rc1.*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, id := range []ID{Node, Python, UV} {
			if got, err := parseConstraint(id, text); err == nil {
				got.accepts(semver.New(3, 12, 4, "", ""))
			}
		}
	})
}
