package debian

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// status has what dpkg writes: libpq5 is not required, and awk is a name that mawk provides.
const status = `Package: base-files
Essential: yes
Status: install ok installed
Pre-Depends: awk
Depends: libc6 (>= 2.3.4), libcrypt1 (>= 1:4.1.0)

Package: mawk
Status: install ok installed
Priority: optional
Provides: awk
Version: 1.3.4

Package: libc6
Status: install ok installed
Description: GNU C Library
 Depends: nothing of this line

Package: libcrypt1
Status: install ok installed
Depends: libc6:any | libc6.1

Package: libpq5
Status: install ok installed
Depends: libldap-2.5-0

Package: libldap-2.5-0
Status: install ok installed

Package: gone
Status: deinstall ok config-files
Priority: required

`

func image() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"var/lib/dpkg/status":                             file(status),
		"var/lib/dpkg/info/libpq5:amd64.list":             file("/.\n/usr/lib/x86_64-linux-gnu/libpq.so.5\n/usr/share/doc/libpq.so\n"),
		"var/lib/dpkg/info/libcrypt1:amd64.list":          file("/lib/x86_64-linux-gnu/libcrypt.so.1\n"),
		"usr/lib/x86_64-linux-gnu/libpq.so.5":             file(""),
		"usr/local/lib/libmine.so.1":                      file(""),
		"layers/other/lib/libadded.so.1":                  file(""),
		"usr/lib/x86_64-linux-gnu/blas/libblas.so.3":      file(""),
		"var/lib/dpkg/info/libblas3:amd64.list":           file("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3\n"),
		"var/lib/dpkg/info/unread.md5sums":                file("x"),
		"usr/lib/aarch64-linux-gnu/libonly.so.1":          file(""),
		"var/lib/dpkg/info/libcrypt1:amd64.triggers.list": file("/nothing\n"),
	}
}

func names(all []Package) (list []string) {
	for _, p := range all {
		list = append(list, p.Name)
	}
	return list
}

func TestPackagesOfTheRunImage(t *testing.T) {
	all, err := Installed(image())
	if err != nil || slices.Contains(names(all), "gone") {
		t.Fatal(err, names(all))
	}
	for _, c := range []struct{ known, want string }{
		{"", "base-files libc6 libcrypt1 mawk"},
		{"libpq5 libnotthere1", "base-files libc6 libcrypt1 libldap-2.5-0 libpq5 mawk"},
	} {
		if got := strings.Join(names(Base(all, strings.Fields(c.known))), " "); got != c.want {
			t.Errorf("with %q: %s, want %s", c.known, got, c.want)
		}
	}
	parts := fstest.MapFS{
		"var/lib/dpkg/status.d/tzdata":         {Data: []byte("Package: tzdata\nVersion: 1\n")},
		"var/lib/dpkg/status.d/tzdata.md5sums": {Data: []byte("Package: x\n")},
	}
	if all, err := Installed(parts); err != nil || strings.Join(names(all), " ") != "tzdata" {
		t.Error(err, names(all))
	}
}

func TestPackagesThatEveryImageHas(t *testing.T) {
	for field, want := range map[string]bool{
		"Essential: yes": true, "Priority: required": true, "Priority: optional": false, "Essential: no": false,
	} {
		if p, _ := packageOf("Package: x\n" + field + "\nSection: libs"); p.base != want || p.Name != "x" {
			t.Errorf("%s: %+v", field, p)
		}
	}
}

func TestWhereTheLoaderLooks(t *testing.T) {
	for dir, want := range map[string]bool{
		"/usr/lib": true, "/lib64": true, "/usr/lib/x86_64-linux-gnu": true, "/usr/lib/blas": false,
		"/opt/lib": false, "/opt/x86_64-linux-gnu": false,
	} {
		if got := IsLinked(dir); got != want {
			t.Errorf("%s: %v", dir, got)
		}
	}
}

// A library is compiled against by its package for "-dev". An image has it with that, or with one that has a number.
func TestWhoNeedsALibrary(t *testing.T) {
	k := Known{Dev: "libvips-dev", Sdist: []string{"always"}, Often: []string{"mostly"}}
	for name, want := range map[string]bool{"always": true, "mostly": true, "never": false} {
		if got := k.Compiles(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, want := range map[string]bool{
		"libvips42": true, "libvips0": true, "libvips9": true, "libvips": false, "libvips-dev": true,
		"libvips/1": false, "libvips:1": false, "libother42": false, "42": false,
	} {
		if got := k.IsIn(map[string]bool{name: true}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestADatabaseThatCannotBeReadIsAnError(t *testing.T) {
	i := Images{Machine: fstest.MapFS{"var/lib/dpkg/status/x": {}}}
	if all, err := i.Find(map[string]string{"libx.so": "x"}); err == nil {
		t.Errorf("found %v", all)
	}
}

func TestWhereLibrariesAre(t *testing.T) {
	users := map[string]string{}
	for _, name := range []string{
		"libpq.so.5", "libcrypt.so.1", "libmine.so.1", "libadded.so.1", "libnone.so.1", "libblas.so.3", "libonly.so.1",
	} {
		users[name] = "a/x.so"
	}
	find := func(i Images) (out []string) {
		all, err := i.Find(users)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			words := []string{l.Name, l.Package}
			if l.Build {
				words = append(words, "build")
			}
			if l.Run {
				words = append(words, "run")
			}
			out = append(out, strings.Join(words, " "))
		}
		return out
	}
	want := []string{
		"libadded.so.1  build run", "libblas.so.3 ", "libcrypt.so.1 libcrypt1 build run", "libmine.so.1  build",
		"libnone.so.1 ", "libonly.so.1  build", "libpq.so.5 libpq5 build",
	}
	at := Images{Machine: image(), Layers: []string{"/layers/other/lib"}}
	if diff := cmp.Diff(want, find(at)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	at.Known = []string{"libpq5"}
	want[6] = "libpq.so.5 libpq5 build run"
	if diff := cmp.Diff(want, find(at)); diff != "" {
		t.Errorf("a run image with libpq5 (-want +got):\n%s", diff)
	}
	other := image()
	delete(other, "var/lib/dpkg/status")
	if got := find(Images{Machine: other}); !slices.Contains(got, "libmine.so.1  build run") {
		t.Errorf("without dpkg: %q", got)
	}
}

func TestRunImagesThatAreKnown(t *testing.T) {
	for image, want := range map[string]bool{
		"heroku/heroku:24": true, "registry.example.com/heroku/heroku:22@sha256:1": true, "heroku-26": true,
		"heroku-24-cnb": true, "heroku/heroku:12": false, "me/myheroku-24": false, "debian:12": false, "": false,
		"heroku/builder:24": false, "mirror.example.com/heroku/heroku:24-cnb": true,
	} {
		if got := slices.Contains(KnownPackages("", image), "libpq5"); got != want {
			t.Errorf("%s: %v", image, got)
		}
	}
	if old, latest := KnownPackages("heroku-22"), KnownPackages("heroku-26"); slices.Contains(old, "libmysqlclient24") ||
		!slices.Contains(latest, "libmysqlclient24") || latest[len(latest)-1] != "zlib1g" {
		t.Errorf("%v\n%v", old, latest)
	}
}

func TestNamesOfPackages(t *testing.T) {
	for word, want := range map[string]bool{
		"g++": true, "libpq5": true, "libpango-1.0-0": true, "libpq5=1:15.8-0+deb12u1~rc1": true, "libpq5=": false,
		"libx-": false, "-o": false, "a": false, "Libpq5": false, "libmysql*": false, "libpq5:arm64": false, "./x.deb": false,
		strings.Repeat("a", 199): true, strings.Repeat("a", 200): false,
		"": false, "libpq5=-1": true, "libpq5=1 -y": false, "a=b=c": false,
	} {
		if got := IsPackage(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
	if got := NameOf("libpq5=15.8"); got != "libpq5" {
		t.Error(got)
	}
}

func TestFilesOfApt(t *testing.T) {
	for file, want := range map[string]File{
		"/x/libpq5_15.8-0+deb12u1_amd64.deb": {"libpq5", "15.8-0+deb12u1"},
		"libnspr4_2%3a4.35-1_amd64.deb":      {"libnspr4", "2:4.35-1"},
		"gdal-data_3.6.2+dfsg-1%zz_all.deb":  {"gdal-data", "3.6.2+dfsg-1%zz"},
		"strange.deb":                        {"strange", ""},
		"short_1.deb":                        {"short", "1"},
		"libc6_2.36-9+deb12u10_amd64.deb":    {"libc6", "2.36-9+deb12u10"},
	} {
		if got := ParseFile(file); got != want || got.IsBasic() != (want.Name == "libc6") {
			t.Errorf("%s: %+v, basic %v", file, got, got.IsBasic())
		}
	}
}

// A key that the table does not know would do nothing.
func TestTableOfLibraries(t *testing.T) {
	var file struct {
		Library []Known
		Files   map[string][]string
		Absent  map[string][]string
	}
	md, err := toml.Decode(read("libraries.toml"), &file)
	if err != nil || len(md.Undecoded()) > 0 {
		t.Fatal(err, md.Undecoded())
	}
	for _, k := range Libraries() {
		for _, word := range strings.Fields(k.Build + " " + k.Image + " " + k.Dev) {
			if !IsPackage(word) {
				t.Errorf("%s: %q is not a package", k.Name, word)
			}
		}
		if len(k.User) > 0 && k.Image+k.Dev == "" || k.Dev != "" && !strings.HasSuffix(k.Dev, "-dev") {
			t.Errorf("%s: %+v", k.Name, k)
		}
	}
}

func TestLibrariesOfHeaders(t *testing.T) {
	printed := "Package: libpq-dev\nDepends: libpq5 (= 15.20-0+deb12u1), libssl-dev\nDescription: x\n\n" +
		"Package: libvips-dev\nDepends: libvips42t64 (= 1), gir1.2-vips-8.0 (= 1), libx-dev (= 1), libglib2.0-dev (>= 2)\n"
	if diff := cmp.Diff([]string{"libpq5", "libvips42t64"}, LibrariesOf(printed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
