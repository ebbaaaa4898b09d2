package manager

import (
	"fmt"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// machine is what the tests install for.
func machine() Machine { return Machine{Python: "3.13.1", Arch: "amd64"} }

func TestMarkers(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "true true",
		"python_version >= '3.9'":              "true true",
		"python_full_version < \"3.13\"":       "false true",
		"'3.9' < python_version":               "true true",
		"sys_platform == 'win32'":              "false true",
		"sys_platform != 'win32'":              "true true",
		"platform_machine in 'x86_64 aarch64'": "true true",
		"os_name not in 'posix'":               "false true",
		"sys_platform == 'linux' and (os_name == 'nt' or implementation_name == 'cpython')": "true true",
		"extra == 'x'": "true false",
		"extra == 'x' and sys_platform == 'win32'": "false true",
		"extra == 'x' or sys_platform == 'linux'":  "true true",
		"extra == 'x' or sys_platform == 'win32'":  "true false",
		"python_version":                "true false",
		"sys_platform == 'linux' linux": "true false",
		"(sys_platform == 'linux'":      "true false",
		"sys_platform < 'linux'":        "true false",
		"'":                             "true false",
		// the versions of other things than Python are texts, and an empty text is one
		"'linux' == sys_platform and python_version < '3.10'": "false true",
		"'3.13' <= python_full_version":                       "true true",
		"'3.14' <= python_full_version":                       "false true",
		"python_full_version >= '3.14'":                       "false true",
		"extra == '' and sys_platform == 'win32'":             "false true",
		"sys_platform != '' and os_name == 'posix'":           "true true",
		"sys_platform == 'win32' and extra == 'x'":            "false true",
		"extra == 'x' and sys_platform == 'linux'":            "true false",
		"sys_platform == 'linux' and extra == 'x'":            "true false",
		"<": "true false",
		"os_name == 'posix'or sys_platform == 'win32'":        "true true",
		strings.Repeat("(", 8) + "1" + strings.Repeat(")", 8): "true false",
		strings.Repeat("a ", maxMarker-1):                     "true false",
		strings.Repeat("(", 1500):                             "true false",
		strings.Repeat("a ", maxMarker):                       "true false",
	} {
		applies, known := machine().marker(text)
		if got := fmt.Sprint(applies, " ", known); got != want {
			t.Errorf("%.80q: got %s, want %s", text, got, want)
		}
	}
}

// The words of a marker are read up to a limit.
func TestMarkersHaveALimit(t *testing.T) {
	win := strings.Repeat("sys_platform == 'win32' or ", maxMarker/4-1)
	for end, want := range map[string]string{
		"os_name == 'nt'": "false true", "os_name == 'nt' or": "true false", "os_name == 'nt' or os_name": "true false",
	} {
		words := len(markerWords(win + end))
		applies, known := machine().marker(win + end)
		if got := fmt.Sprint(applies, " ", known); got != want {
			t.Errorf("%d words: got %s, want %s", words, got, want)
		}
	}
}

func TestWheels(t *testing.T) {
	for name, want := range map[string]bool{
		"https://example.com/a-1-py3-none-any.whl":                       true,
		"a-1-py2.py3-none-any.whl":                                       true,
		"a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl": true,
		"a-1-cp313-none-linux_x86_64.whl":                                true,
		"a-1-cp39-abi3-manylinux2014_x86_64.whl":                         true,
		"a-1-1-py311-none-any.whl":                                       true,
		"a-1-cp314-abi3-manylinux2014_x86_64.whl":                        false,
		"a-1-cp312-cp312-manylinux2014_x86_64.whl":                       false,
		"a-1-cp313-cp313t-manylinux2014_x86_64.whl":                      false,
		"a-1-cp313-cp313-manylinux2014_aarch64.whl":                      false,
		"a-1-cp313-cp313-musllinux_1_2_x86_64.whl":                       false,
		"a-1-cp313-cp313-win_amd64.whl":                                  false,
		"a-1-py2-none-any.whl":                                           false,
		"a-1-pp310-pypy310_pp73-manylinux2014_x86_64.whl":                false,
		"a.whl": false,
	} {
		if got := machine().takes(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for want, names := range map[Wheels][]string{
		FittingWheel: {"a-1-cp313-cp313-win_amd64.whl", "a-1-cp313-cp313-manylinux2014_aarch64.whl", "a-1.tar.gz"},
		OtherWheels:  {"a-1-cp313-cp313-manylinux2014_x86_64.whl", "a-1.tar.gz"},
		NoWheels:     {"a-1.tar.gz"},
	} {
		if got := (Machine{"3.13.1", "arm64"}).wheels(names); got != want {
			t.Errorf("%v: got %v, want %v", names, got, want)
		}
	}
}

// listedAs returns a list as text.
func listedAs(l Listed) string {
	var out []string
	for _, p := range l.Packages {
		text := p.Name
		if p.Version != "" {
			text += " " + p.Version
		}
		if p.Wheels == OtherWheels {
			text += " compiled"
		}
		out = append(out, text+" ("+p.File+")")
	}
	return fmt.Sprint(strings.Join(out, ", "), " ", l.Complete)
}

const uvLockText = `version = 1
[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [
  { name = "django" }, { name = "psycopg", extra = ["binary"] },
  { name = "colorama", marker = "sys_platform == 'win32'" }, { name = "numpy", version = "2.0", source = {} },
]
[package.optional-dependencies]
s3 = [{ name = "Boto3" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
server = [{ name = "gunicorn" }]
[[package]]
name = "django"
version = "5.2"
dependencies = [{ name = "asgiref" }]
[[package]]
name = "asgiref"
version = "3"
dependencies = [{ name = "django" }]
[[package]]
name = "psycopg"
version = "3.2"
[package.optional-dependencies]
binary = [{ name = "psycopg-binary" }]
[[package]]
name = "psycopg-binary"
version = "3.2"
wheels = [{ url = "https://example.com/a-1-cp313-cp313-win_amd64.whl" }]
[[package]]
name = "colorama"
version = "1"
[[package]]
name = "numpy"
version = "1.26"
[[package]]
name = "numpy"
version = "2.0"
[[package]]
name = "pytest"
version = "8"
[[package]]
name = "gunicorn"
version = "27.0.1"
[[package]]
name = "boto3"
version = "1"
`

const poetryLockText = `
[[package]]
name = "Django"
version = "5.2"
optional = false
groups = ["main", "dev"]
files = [{file = "django-5.2-py3-none-any.whl"}]
[package.dependencies]
asgiref = ">=3"
[[package]]
name = "uwsgi"
version = "2"
groups = ["main"]
files = [{file = "uwsgi-2-cp38-cp38-win_amd64.whl"}]
[[package]]
name = "pytest"
version = "8"
groups = ["dev"]
[[package]]
name = "tzdata"
version = "1"
groups = ["main"]
markers = "sys_platform == \"win32\""
[[package]]
name = "both"
version = "1"
groups = ["main", "dev"]
markers = {main = "sys_platform == \"win32\"", dev = "python_version > \"3\""}
[[package]]
name = "boto3"
version = "1"
optional = true
groups = ["main"]
`

// A package that is listed twice has the first version that is known, in whatever order.
func TestPackagesAreListedOnce(t *testing.T) {
	for want, versions := range map[string][]string{"a 1 (x) true": {"", "1", "2"}, "a 2 (x) true": {"2", "1", ""}} {
		var all []ListedPackage
		for _, version := range versions {
			all = append(all, ListedPackage{Name: "a", Version: version, File: "x"})
		}
		if got := listedAs(listedIn(all, true)); got != want {
			t.Errorf("%q: got %s, want %s", versions, got, want)
		}
	}
}

// A lockfile is read up to a limit. A marker that is not understood makes its list incomplete, wherever it stands.
func TestLockfilesAreReadUpToALimit(t *testing.T) {
	const unclear = " = \"extra == 'x'\"\n"
	for _, c := range []struct {
		manager                ID
		file, marker, row, end string
	}{
		{Pylock, "pylock.toml", "marker", "[[packages]]\nname = \"django\"\nversion = \"5.2\"\n",
			"[[packages]]\nname = \"z\"\n"},
		{PDM, "pdm.lock", "marker", "[[package]]\nname = \"django\"\nversion = \"5.2\"\ngroups = [\"default\"]\n",
			"[[package]]\nname = \"z\"\ngroups = [\"default\"]\n"},
		{Poetry, "poetry.lock", "markers", "[[package]]\nname = \"django\"\nversion = \"5.2\"\ncategory = \"main\"\n",
			"[[package]]\nname = \"z\"\ngroups = [\"main\"]\n"},
	} {
		read := func(text string) Listed {
			source := Source{Text: func(name string) (string, bool) { return text, name == c.file }}
			return Python(c.manager).Packages(source, Wanted{}, machine())
		}
		if got := read(c.row); !got.Complete || len(got.Packages) != 1 {
			t.Errorf("%s: %+v", c.manager, got)
		}
		if got := read(c.row + c.marker + unclear + c.end); got.Complete || len(got.Packages) != 2 {
			t.Errorf("%s with a marker that is not understood: %+v", c.manager, got)
		}
		comment := "#" + strings.Repeat("x", maxListed-len(c.row)-2) + "\n"
		if got := read(c.row + comment); len(got.Packages) != 1 {
			t.Errorf("%s of %d bytes: %+v", c.manager, maxListed, got)
		}
		if got := read(c.row + comment + "\n"); len(got.Packages) != 0 {
			t.Errorf("%s of a byte more: %+v", c.manager, got)
		}
		none := Source{Text: func(string) (string, bool) { return c.row, false }}
		if got := Python(c.manager).Packages(none, Wanted{}, machine()); len(got.Packages) != 0 {
			t.Errorf("%s that cannot be read: %+v", c.manager, got)
		}
	}
}

// Lines of requirements, each as a file of its own that a tool has written.
func TestLinesOfRequirementsAreListed(t *testing.T) {
	const exported = "# This file is autogenerated by pip-compile\nbase==1\n"
	for lines, want := range map[string]string{
		"aZ0-_.9==1\n":                          "az0-9 1 (r.txt), base 1 (r.txt) true",
		"-e .\n":                                "base 1 (r.txt) false",
		"--prefer-binary\n":                     "base 1 (r.txt) true",
		"a[x]==1\n":                             "a 1 (r.txt), base 1 (r.txt) true",
		"a[x ==1\n":                             "a (r.txt), base 1 (r.txt) true",
		"a ==1]\n":                              "a 1] (r.txt), base 1 (r.txt) true", // pip refuses it
		"litestar[all]==1\n":                    "base 1 (r.txt), litestar 1 (r.txt) true",
		"litestar[standard]==1\n":               "base 1 (r.txt), litestar 1 (r.txt), uvicorn (r.txt) true",
		"channels[daphne]==1\n":                 "base 1 (r.txt), channels 1 (r.txt), daphne (r.txt) true",
		"fastapi[daphne]==1\n":                  "base 1 (r.txt), fastapi 1 (r.txt) true",
		"a==1; extra == 'x'\nb==1\n":            "a 1 (r.txt), b 1 (r.txt), base 1 (r.txt) false",
		"a==1; sys_platform == 'win32'\nb==1\n": "b 1 (r.txt), base 1 (r.txt) true",
		"a:b==1\n":                              "base 1 (r.txt) false",
		"@a==1\n":                               "base 1 (r.txt) false",
	} {
		read := func(name string) (string, bool) { return exported + lines, name == "r.txt" }
		wanted := Wanted{Files: []string{"r.txt"}}
		if got := listedAs(Python(Requirements).Packages(Source{Text: read}, wanted, machine())); got != want {
			t.Errorf("%q:\n got %s\nwant %s", lines, got, want)
		}
	}
}

// A file that a tool has not written has no dependencies, unless each line has a hash.
func TestRequirementsThatPeopleWriteAreIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"a==1\n": false, "a==1 --hash=sha256:00\nb==1 --hash=sha256:01\n": true,
	} {
		read := func(name string) (string, bool) { return text, name == "r.txt" }
		if got := listRequirements(Source{Text: read}, []string{"r.txt"}, machine()); got.Complete != want {
			t.Errorf("%q: complete %v", text, got.Complete)
		}
	}
}

// Files that include one another are read once, up to a limit.
func TestIncludedRequirementsHaveALimit(t *testing.T) {
	asked := map[string]int{}
	read := func(name string) (string, bool) {
		asked[name]++
		return "-r " + strings.TrimSuffix(name, ".txt") + "x.txt\na==1\n", true
	}
	listRequirements(Source{Text: read}, []string{"r.txt"}, machine())
	if len(asked) != maxIncluded+1 {
		t.Errorf("%d files are read, and the limit is %d", len(asked), maxIncluded)
	}
}

// A category of Pipfile.lock with a marker that is not understood is not complete.
func TestMarkersOfPipfiles(t *testing.T) {
	for marker, want := range map[string]string{
		"extra == 'x'": "a 1 (Pipfile.lock), b 1 (Pipfile.lock) false", "os_name == 'nt'": "b 1 (Pipfile.lock) true",
	} {
		text := `{"_meta": {"sources": []}, "default": {"a": {"version": "==1", "markers": "` + marker +
			`"}, "b": {"version": "==1"}}}`
		read := func(name string) (string, bool) { return text, name == "Pipfile.lock" }
		if got := listedAs(Python(Pipenv).Packages(Source{Text: read}, Wanted{}, machine())); got != want {
			t.Errorf("%s: got %s", marker, got)
		}
	}
}

// A package of PDM's lockfile is listed if one of its groups is wanted and its marker applies.
func TestGroupsOfPDMsLock(t *testing.T) {
	const text = "[[package]]\nname = \"a\"\nversion = \"1\"\ngroups = [\"default\", \"docs\"]\n" +
		"[[package]]\nname = \"b\"\nversion = \"1\"\ngroups = [\"docs\"]\n" +
		"[[package]]\nname = \"c\"\nversion = \"1\"\ngroups = [\"default\"]\nmarker = \"os_name == 'nt'\"\n"
	read := func(name string) (string, bool) { return text, name == "pdm.lock" }
	for want, wanted := range map[string]Wanted{
		"a 1 (pdm.lock) true": {}, "a 1 (pdm.lock), b 1 (pdm.lock) true": {Groups: []string{"docs"}},
	} {
		if got := listedAs(Python(PDM).Packages(Source{Text: read}, wanted, machine())); got != want {
			t.Errorf("%+v: got %s", wanted, got)
		}
	}
	spoiled := func(name string) (string, bool) { return "[", name == "pdm.lock" }
	if got := Python(PDM).Packages(Source{Text: spoiled}, Wanted{}, machine()); got.Complete || len(got.Packages) > 0 {
		t.Errorf("no TOML: %+v", got)
	}
}

// The markers of a package in Poetry's lockfile may be those of each group. One that is met is enough.
func TestMarkersOfPoetrysGroups(t *testing.T) {
	for markers, want := range map[string]string{
		`{main = "os_name == 'nt'", dev = "os_name == 'posix'"}`: "true true",
		`{main = "os_name == 'posix'", dev = "os_name == 'nt'"}`: "true true",
		`{main = "os_name == 'nt'", dev = "os_name == 'nt'"}`:    "false true",
		`{main = "extra == 'x'", dev = "os_name == 'posix'"}`:    "true false",
		`{main = "os_name == 'posix'", dev = "extra == 'x'"}`:    "true false",
	} {
		var file struct{ Markers any }
		if _, err := toml.Decode("markers = "+markers, &file); err != nil {
			t.Fatal(err)
		}
		applies, known := poetryMarkers(file.Markers, []string{"main", "dev"}, machine())
		if got := fmt.Sprint(applies, " ", known); got != want {
			t.Errorf("%s: got %s, want %s", markers, got, want)
		}
	}
}

func TestListedPackages(t *testing.T) {
	const pipfile = `{"_meta": {"sources": []}, "default": {"django": {"version": "==5.2"}, "win": {"version": "==1",
"markers": "sys_platform == 'win32'"}}, "develop": {"pytest": {"version": "==8"}}}`
	for name, c := range map[string]struct {
		manager ID
		files   map[string]string
		wanted  Wanted
		want    string
	}{
		"uv": {UV, map[string]string{"uv.lock": uvLockText}, Wanted{},
			"asgiref 3 (uv.lock), django 5.2 (uv.lock), numpy 2.0 (uv.lock), psycopg 3.2 (uv.lock), " +
				"psycopg-binary 3.2 compiled (uv.lock) true"},
		"uv with extras and groups": {UV, map[string]string{"uv.lock": uvLockText},
			Wanted{Extras: []string{"s3"}, Groups: []string{"server"}},
			"asgiref 3 (uv.lock), boto3 1 (uv.lock), django 5.2 (uv.lock), gunicorn 27.0.1 (uv.lock), numpy 2.0 " +
				"(uv.lock), " +
				"psycopg 3.2 (uv.lock), psycopg-binary 3.2 compiled (uv.lock) true"},
		"uv with an installed project": {UV,
			map[string]string{"uv.lock": "[[package]]\nname = \"a\"\nversion = \"1\"\n" +
				"source = {editable = \".\"}\ndependencies = [{name = \"b\", marker = \"extra == 'c'\"}, {name = " +
				"\"d\"}]\n"},
			Wanted{}, "a 1 (uv.lock) false"},
		"uv without packages": {UV, map[string]string{"uv.lock": "version = 1\n"}, Wanted{}, " false"},
		"uv that is no TOML":  {UV, map[string]string{"uv.lock": "a"}, Wanted{}, " false"},
		"Poetry": {Poetry, map[string]string{"poetry.lock": poetryLockText}, Wanted{},
			"django 5.2 (poetry.lock), uwsgi 2 compiled (poetry.lock) true"},
		"Poetry with a group and an extra": {Poetry, map[string]string{"poetry.lock": poetryLockText},
			Wanted{Extras: []string{"s3"}, Groups: []string{"dev"}},
			"both 1 (poetry.lock), django 5.2 (poetry.lock), pytest 8 (poetry.lock), uwsgi 2 compiled (poetry.lock) " +
				"false"},
		"Poetry 1.8": {Poetry, map[string]string{"poetry.lock": "[[package]]\nname = \"a\"\nversion = \"1\"\n"},
			Wanted{},
			" false"},
		"Pipenv": {Pipenv, map[string]string{"Pipfile.lock": pipfile}, Wanted{}, "django 5.2 (Pipfile.lock) true"},
		"Pipenv with development": {Pipenv, map[string]string{"Pipfile.lock": pipfile},
			Wanted{Groups: []string{"dev-packages"}}, "django 5.2 (Pipfile.lock), pytest 8 (Pipfile.lock) true"},
		"requirements": {Requirements, map[string]string{
			"requirements.txt": "-r base.txt\n-c constraints.txt\nDjango[argon2] == 5.2 # a comment\n" +
				"pywin32; sys_platform == 'win32'\nuvicorn>=0.30\na @ https://example.com/a.tar.gz\n",
			"base.txt": "-r requirements.txt\ngunicorn==27.*\n", "constraints.txt": "celery==5\n"},
			Wanted{Files: []string{"requirements.txt"}},
			"a (requirements.txt), django 5.2 (requirements.txt), gunicorn (base.txt), uvicorn (requirements.txt) false"},
		"requirements of pip-compile": {Pip, map[string]string{
			"requirements.txt": "# This file is autogenerated by pip-compile\ndjango==5.2\n" +
				"    # via -r requirements.in\n"},
			Wanted{Files: []string{"requirements.txt"}}, "django 5.2 (requirements.txt) true"},
		"requirements with hashes": {Requirements,
			map[string]string{"requirements.txt": "django==5.2 \\\n  --hash=sha256:00\n"},
			Wanted{Files: []string{"requirements.txt"}}, "django 5.2 (requirements.txt) true"},
		"requirements with a server by an extra": {Requirements,
			map[string]string{"requirements.txt": "fastapi[ standard ,x]>=0.1\nchannels[x]\nlitestar\n"},
			Wanted{Files: []string{"requirements.txt"}},
			"channels (requirements.txt), fastapi (requirements.txt), litestar (requirements.txt), uvicorn " +
				"(requirements.txt) false"},
		"requirements with a path": {Requirements,
			map[string]string{"requirements.txt": "./libs/a\n-e .\nhttps://a/b.whl\n"},
			Wanted{Files: []string{"requirements.txt"}}, " false"},
		"a member of a workspace": {UV, map[string]string{"uv.lock": uvLockText + "[[package]]\nname = \"api\"\n" +
			"version = \"1\"\nsource = {editable = \"api\"}\ndependencies = [{name = \"gunicorn\"}]\n"},
			Wanted{Package: "API"}, "api 1 (uv.lock), gunicorn 27.0.1 (uv.lock) true"},
		"pyproject.toml": {Project, map[string]string{"pyproject.toml": "[project]\nname = \"a\"\n" +
			"dependencies = [\"django>=5\", \"pywin32; sys_platform == 'win32'\"]\n" +
			"[project.optional-dependencies]\ns3 = [\"boto3==1\"]\n"}, Wanted{Extras: []string{"s3"}},
			"boto3 1 (pyproject.toml), django (pyproject.toml) false"},
		"pylock.toml": {Pylock,
			map[string]string{"pylock.toml": "[[packages]]\nname = \"django\"\nversion = \"5.2\"\n" +
				"[[packages]]\nname = \"win\"\nversion = \"1\"\nmarker = \"sys_platform == 'win32'\"\n[[packages]]\n" +
				"name = \"a\"\nversion = \"1\"\nwheels = [{name = \"a-1-cp313-cp313-win_amd64.whl\"}]\n"}, Wanted{},
			"a 1 compiled (pylock.toml), django 5.2 (pylock.toml) true"},
		"no manager": {"", nil, Wanted{}, " false"},
	} {
		read := func(name string) (string, bool) { text, ok := c.files[name]; return text, ok }
		got := listedAs(Python(c.manager).Packages(Source{Text: read}, c.wanted, machine()))
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// Markers and wheels are text of the app: reading them ends, whatever they contain.
func FuzzMarker(f *testing.F) {
	for _, text := range []string{"python_version >= '3.9' and (os_name == 'nt' or extra == 'x')", "((", "not in", "'",
		"a in"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = machine().marker(text)
		_ = machine().takes(text)
		_, _, _ = requirement(text, machine())
	})
}
