package build

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// debianArchive is a package source of the test, with its own throw-away key, on loopback.
type debianArchive struct {
	t        *testing.T
	dir      string // of the source
	keys     string // GnuPG's home
	etc      string // the settings and the key
	requests []string
}

// newDebianArchive serves packages, and lets apt use them alone. It skips the test where a program is missing.
func newDebianArchive(b *bench) *debianArchive {
	b.t.Helper()
	for _, program := range []string{"apt-get", "dpkg-deb", "gpg"} {
		if _, err := exec.LookPath(program); err != nil {
			b.t.Skipf("no %s on this machine", program)
		}
	}
	etc, err := os.MkdirTemp("/tmp",
		"tandem-apt") // the path of a socket is short, and apt does not take all characters
	b.must(err)
	b.t.Cleanup(func() { b.must(os.RemoveAll(etc)) })
	a := &debianArchive{t: b.t, dir: filepath.Join(b.dir, "source"), keys: filepath.Join(etc, "keys"), etc: etc}
	for _, dir := range []string{a.keys, filepath.Join(a.dir, "dists/test/main/"+a.binary())} {
		b.must(os.MkdirAll(dir, 0o700))
	}
	a.run("gpg", "--homedir", a.keys, "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "test",
		"ed25519")
	b.t.Cleanup(func() { _ = exec.Command("gpgconf", "--homedir", a.keys, "--kill", "all").Run() }) // or it has ended
	a.run("gpg", "--homedir", a.keys, "--batch", "--output", filepath.Join(etc, "key.gpg"), "--export", "test")
	files := http.FileServer(http.Dir(a.dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests = append(a.requests, r.URL.Path)
		files.ServeHTTP(w, r)
	}))
	b.t.Cleanup(server.Close)
	b.must(os.WriteFile(filepath.Join(etc, "sources.list"), []byte(fmt.Sprintf(
		"deb [signed-by=%s] %s test main\n", filepath.Join(etc, "key.gpg"), server.URL)), 0o644))
	conf := filepath.Join(etc, "apt.conf")
	b.must(os.WriteFile(conf, []byte(fmt.Sprintf("Dir::Etc::sourcelist %q;\nDir::Etc::sourceparts \"-\";\n"+
		"APT::Architecture %q;\nAcquire::http::Proxy \"DIRECT\";\n",
		filepath.Join(etc, "sources.list"), runtime.GOARCH)), 0o644))
	b.t.Setenv("APT_CONFIG", conf)
	return a
}

func (a *debianArchive) binary() string { return "binary-" + runtime.GOARCH }

func (a *debianArchive) run(name string, args ...string) {
	a.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		a.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// add makes a package of files. fields are lines of its description, such as "Depends: …".
func (a *debianArchive) add(name string, files map[string]string, fields ...string) {
	a.t.Helper()
	dir := a.t.TempDir()
	control := fmt.Sprintf("Package: %s\nVersion: 1:2.0-1\nArchitecture: all\nMaintainer: me <me@example.com>\n"+
		"Description: test\n", name) + strings.Join(append(fields, ""), "\n")
	for file, text := range files {
		path := filepath.Join(dir, file)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if target, isLink := strings.CutPrefix(text, "-> "); err == nil && isLink {
			err = os.Symlink(target, path)
		} else if err == nil {
			err = os.WriteFile(path, []byte(text), 0o755)
		}
		if err != nil {
			a.t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "DEBIAN"), 0o755); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "DEBIAN", "control"), []byte(control), 0o644); err != nil {
		a.t.Fatal(err)
	}
	file := name + ".deb"
	a.run("dpkg-deb", "--root-owner-group", "--build", dir, filepath.Join(a.dir, file))
	index := filepath.Join(a.dir, "dists/test/main", a.binary(), "Packages")
	old, _ := os.ReadFile(index) // there is none yet
	sum, size := a.sum(file)
	a.write(index, string(old)+control+fmt.Sprintf("Filename: %s\nSize: %d\nSHA256: %s\n\n", file, size, sum))
}

func (a *debianArchive) write(path, text string) {
	a.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		a.t.Fatal(err)
	}
}

func (a *debianArchive) sum(file string) (sum string, size int) {
	a.t.Helper()
	data, err := os.ReadFile(filepath.Join(a.dir, file))
	if err != nil {
		a.t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data)), len(data)
}

// sign writes the signed list of the index.
func (a *debianArchive) sign() {
	a.t.Helper()
	index := "main/" + a.binary() + "/Packages"
	sum, size := a.sum("dists/test/" + index)
	release := filepath.Join(a.dir, "dists/test/Release")
	a.write(release, fmt.Sprintf("Origin: test\nSuite: test\nCodename: test\nArchitectures: %s\nComponents: main\n"+
		"Date: Sat, 01 Jan 2022 00:00:00 UTC\nSHA256:\n %s %d %s\n", runtime.GOARCH, sum, size, index))
	a.run("gpg", "--homedir", a.keys, "--batch", "--yes", "--output", filepath.Join(filepath.Dir(release), "InRelease"),
		"--clearsign", release)
}

// popplerSource serves packages of a program, its library and the library's headers.
func popplerSource(b *bench) *debianArchive {
	b.t.Helper()
	a := newDebianArchive(b)
	lib := "usr/lib/" + debian.Triplet(runtime.GOARCH)
	a.add("poppler-utils", map[string]string{"usr/bin/pdftotext": "#!/bin/sh\n", "usr/share/doc/x/copyright": "",
		"usr/bin/pdfinfo": "-> /usr/bin/pdftotext"}, "Depends: libpoppler1, libthere1, libc6")
	a.add("libpoppler1", map[string]string{
		lib + "/libpoppler.so.1.2": "library", lib + "/libpoppler.so.1": "-> libpoppler.so.1.2",
		lib + "/blas/libpoppler.so.1": "another", "usr/bin/poppler-tool": "#!/bin/sh\n",
		// A plug-in may have the name of a library, as libgdal.so of OGDI does, and a private library has no version.
		lib + "/plugins/libpoppler-glib.so": "another", lib + "/libpoppler-glib.so.8": "library",
		lib + "/private/libcommon-1.so": "library", lib + "/blas/libblas.so.3": "-> libblas.so.3.11",
		lib + "/blas/libblas.so.3.11": "library"})
	a.add("libpoppler-dev", map[string]string{
		"usr/include/poppler.h": "", lib + "/libpoppler.a": "", lib + "/libpoppler.so": "-> libpoppler.so.1.2",
		lib + "/libthere.so":          "-> libthere.so.1.9",
		lib + "/pkgconfig/poppler.pc": "prefix=/usr\nlibdir=${prefix}/lib\nName: /usr\n",
		"usr/bin/poppler-config":      "#!/bin/sh\nprefix=/usr\necho -I/usr/include '/usr/lib/x' /opt/usr/lib\n",
	}, "Depends: libpoppler1 (= 1:2.0-1)", "Recommends: not-there")
	a.add("libthere1", map[string]string{lib + "/libthere.so.1": "a later one"})
	a.sign()
	return a
}

// linksBelow returns the files of a directory, with the targets of links.
func linksBelow(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if d.Type() == fs.ModeSymlink {
			target, _ := os.Readlink(file) // it is one
			rel += " -> " + target
		}
		all = append(all, strings.ReplaceAll(rel, debian.Triplet(runtime.GOARCH), "TRIPLET"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func testDebian(t *testing.T, _ spec.G, it spec.S) {
	start := func(aptfile string) *bench {
		b := newBench(t, map[string]string{"requirements.txt": "six\n", "Aptfile": aptfile})
		b.machine = debianImage(map[string]string{"libthere1": "libthere.so.1"})
		return b
	}

	it("packages of the Aptfile are there for the build and in the image, and are downloaded once", func() {
		b := start("# for thumbnails\npoppler-utils\nlibpoppler-dev # headers\n")
		a := popplerSource(b)
		uv := maps.Clone(fakeUV)
		uv["uv"] = strings.Replace(uv["uv"], "[ \"$1\" = venv ]", "poppler-config >\"$CALLS.conf\"\n"+
			"cat \"${PKG_CONFIG_PATH%%:*}/poppler.pc\" >>\"$CALLS.conf\"\n"+
			"readlink \"${LIBRARY_PATH%%:*}/../root/usr/lib/\"*/libthere.so >>\"$CALLS.conf\"\n[ \"$1\" = venv ]", 1)
		b.replace("uv", uv)
		var files []string
		b.exported = func(l libcnb.Layer) {
			if l.Name == "debian" && isDir(l.Path) {
				files = linksBelow(t, l.Path)
			}
		}
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		if !strings.Contains(b.log.String(), "packages under 1 MB, Debian packages under 1 MB, app") {
			t.Errorf("the sizes are not in the log:\n%s", &b.log)
		}
		want := []string{
			"env/PATH.append", "env/PATH.delim",
			"lib/libblas.so.3 -> ../root/usr/lib/TRIPLET/blas/libblas.so.3",
			"lib/libblas.so.3.11 -> ../root/usr/lib/TRIPLET/blas/libblas.so.3.11",
			"lib/libcommon-1.so -> ../root/usr/lib/TRIPLET/private/libcommon-1.so",
			"lib/libpoppler-glib.so.8 -> ../root/usr/lib/TRIPLET/libpoppler-glib.so.8",
			"lib/libpoppler.so -> ../root/usr/lib/TRIPLET/libpoppler.so",
			"lib/libpoppler.so.1 -> ../root/usr/lib/TRIPLET/libpoppler.so.1",
			"lib/libpoppler.so.1.2 -> ../root/usr/lib/TRIPLET/libpoppler.so.1.2",
			"lib/libthere.so -> ../root/usr/lib/TRIPLET/libthere.so",
			"lib/libthere.so.1 -> ../root/usr/lib/TRIPLET/libthere.so.1",
			"programs/pdfinfo -> ../root/usr/bin/pdfinfo", "programs/pdftotext -> ../root/usr/bin/pdftotext",
			"programs/poppler-config -> ../root/usr/bin/poppler-config",
			"root/usr/bin/pdfinfo -> pdftotext", "root/usr/bin/pdftotext", "root/usr/bin/poppler-config",
			"root/usr/bin/poppler-tool", "root/usr/lib/TRIPLET/blas/libblas.so.3 -> libblas.so.3.11",
			"root/usr/lib/TRIPLET/blas/libblas.so.3.11", "root/usr/lib/TRIPLET/blas/libpoppler.so.1",
			"root/usr/lib/TRIPLET/libpoppler-glib.so.8", "root/usr/lib/TRIPLET/libpoppler.so -> libpoppler.so.1.2",
			"root/usr/lib/TRIPLET/libpoppler.so.1 -> libpoppler.so.1.2", "root/usr/lib/TRIPLET/libpoppler.so.1.2",
			"root/usr/lib/TRIPLET/libthere.so -> /usr/lib/TRIPLET/libthere.so.1.9",
			"root/usr/lib/TRIPLET/libthere.so.1",
			"root/usr/lib/TRIPLET/plugins/libpoppler-glib.so", "root/usr/lib/TRIPLET/private/libcommon-1.so",
		}
		if diff := cmp.Diff(want, files); diff != "" {
			t.Errorf("the image (-want +got):\n%s", diff)
		}
		root := b.layers + "/deb-build/root"
		conf, err := os.ReadFile(b.calls + ".conf")
		b.must(err)
		wantConf := "-I" + root + "/usr/include " + root + "/usr/lib/x /opt/usr/lib\nprefix=" + root +
			"/usr\nlibdir=${prefix}/lib\nName: /usr\n/usr/lib/" + debian.Triplet(runtime.GOARCH) + "/libthere.so.1.9\n"
		if diff := cmp.Diff(wantConf, string(conf)); diff != "" {
			t.Errorf("what a compiler is told (-want +got):\n%s", diff)
		}
		if env := b.seen("uv pip install"); !strings.Contains(env["CPATH"], root+"/usr/include") ||
			!strings.HasPrefix(env["LD_LIBRARY_PATH"], b.layers+"/deb-build/lib:") {
			t.Errorf("uv sees CPATH=%s LD_LIBRARY_PATH=%s", env["CPATH"], env["LD_LIBRARY_PATH"])
		}
		if slices.ContainsFunc(a.requests, func(path string) bool { return strings.Contains(path, "libc6") }) {
			t.Errorf("requests %q", a.requests)
		}
		a.requests = nil
		if _, err := b.build(); err != nil || len(a.requests) > 0 {
			t.Errorf("a second build: %v, requests %q\n%s", err, a.requests, &b.log)
		}
		b.write(map[string]string{"Aptfile": "libthere1\n"})
		if _, err := b.build(); err != nil ||
			!strings.Contains(b.log.String(), "Debian packages in the image: libthere1") ||
			strings.Contains(b.log.String(), "deb-build") {
			t.Errorf("another Aptfile: %v\n%s", err, &b.log)
		}
	})

	it("nothing is downloaded that the images have, or that is switched off", func() {
		for name, c := range map[string]struct{ aptfile, stack, mode, says string }{
			"there": {"libpq5\n", "heroku-24", "", "Debian packages: libpq5, which the images have"},
			"off":   {"libpq5\n:repo:x\n", "", "off", ""},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"requirements.txt": "six\n", "Aptfile": c.aptfile})
				b.machine = debianImage(map[string]string{"libpq5": "libpq.so.5"})
				a := popplerSource(b)
				t.Setenv("CNB_STACK_ID", c.stack)
				t.Setenv("BP_APT", c.mode)
				_, err := b.build()
				if err != nil || len(a.requests) > 0 || !strings.Contains(b.log.String(), c.says) ||
					c.says == "" && strings.Contains(b.log.String(), "Debian") {
					t.Errorf("%v, requests %q\n%s", err, a.requests, &b.log)
				}
			})
		}
	})

	it("nothing is downloaded that an earlier buildpack has installed", func() {
		b := newBench(t, map[string]string{"requirements.txt": "psycopg2\n"})
		b.machine = debianImage(map[string]string{"libcrypt1": "libcrypt.so.1"})
		for _, file := range []string{"bin/pg_config", "lib/libpq.so.5", "lib/libcrypt.so.1"} {
			b.machine["layers/other/"+file] = &fstest.MapFile{}
		}
		withPsycopg(b)
		t.Setenv("PATH", os.Getenv("PATH")+":/layers/other/bin")
		t.Setenv("LD_LIBRARY_PATH", "/layers/other/lib")
		a := popplerSource(b)
		if _, err := b.build(); err != nil || len(a.requests) > 0 ||
			strings.Contains(b.log.String(), "Debian packages") {
			t.Errorf("%v, requests %q\n%s", err, a.requests, &b.log)
		}
	})

	it("a source without the right signature, or without the package, ends the build", func() {
		for name, c := range map[string]struct {
			aptfile string
			spoil   func(b *bench, a *debianArchive)
			id      string
		}{
			"unknown": {"no-such-library\n", func(*bench, *debianArchive) {}, "apt/no-such-package"},
			"version": {"libpoppler1=9.9\n", func(*bench, *debianArchive) {}, "apt/no-such-package"},
			"another key": {"libpoppler1\n", func(b *bench, a *debianArchive) {
				other := newDebianArchive(&bench{t: b.t, dir: b.t.TempDir()})
				key, err := os.ReadFile(filepath.Join(other.etc, "key.gpg"))
				b.must(err)
				b.must(os.WriteFile(filepath.Join(a.etc, "key.gpg"), key, 0o644))
				b.t.Setenv("APT_CONFIG", filepath.Join(a.etc, "apt.conf"))
			}, "apt/signature"},
			"an index that was changed": {"libpoppler1\n", func(_ *bench, a *debianArchive) {
				a.add("libother1", nil) // and not signed again
			}, "apt/network"},
			"a package that was changed": {"libpoppler1\n", func(_ *bench, a *debianArchive) {
				_, size := a.sum("libpoppler1.deb")
				a.write(filepath.Join(a.dir, "libpoppler1.deb"), strings.Repeat("x", size))
			}, "apt/network"},
			"no source": {"libpoppler1\n", func(b *bench, a *debianArchive) {
				b.must(os.RemoveAll(filepath.Join(a.dir, "dists")))
			}, "apt/network"},
			"a line": {":repo:deb https://apt.example.com/ stable main\n" +
				"https://downloads.example.com/tool_1.0_amd64.deb\n" +
				"libmysql*\n", func(*bench, *debianArchive) {}, "apt/line"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"requirements.txt": "six\n", "Aptfile": c.aptfile})
				b.machine = debianImage(nil)
				c.spoil(b, popplerSource(b))
				_, err := b.build()
				all := fail.Each(err)
				for _, one := range all {
					if user, ok := fail.User(one); !ok || user.ID != c.id {
						t.Errorf("%v\n%s", one, &b.log)
					}
				}
				if wanted := map[string]int{"a line": 3}[name]; len(all) != max(wanted, 1) {
					t.Errorf("%d errors: %v", len(all), err)
				}
			})
		}
	})

	it("what an error of apt says to do makes the next build succeed", func() {
		for _, c := range []struct{ aptfile, id, says, cure string }{
			{"libpopler1\n", "apt/no-such-package", "libpopler1: did you mean libpoppler1", "libpoppler1\n"},
			{"libpoppler1=9.9\n", "apt/no-such-package", "libpoppler1=9.9: the sources have 1:2.0-1", "libpoppler1\n"},
			{"libpoppler1\nlibnewer1\n", "apt/needs-newer-image", "requires libc6 1:2.0-1. The image has 1.0",
				"libpoppler1\n"},
		} {
			b := start(c.aptfile)
			a := popplerSource(b)
			a.add("libc6", nil)
			a.add("libnewer1", nil, "Depends: libc6 (>= 1:2.0)")
			a.sign()
			_, err := b.build()
			if user, ok := fail.User(err); !ok || user.ID != c.id || !strings.Contains(user.Why, c.says) {
				t.Errorf("%s: %v\n%s", c.aptfile, err, &b.log)
			}
			b.write(map[string]string{"Aptfile": c.cure})
			if _, err := b.build(); err != nil {
				t.Errorf("%s, then %s: %v\n%s", c.aptfile, c.cure, err, &b.log)
			}
		}
	})

	it("what the Python packages are known to need is installed, and what they turn out to need", func() {
		b := newBench(t, map[string]string{"requirements.txt": "psycopg2\n"})
		b.machine = debianImage(map[string]string{"libcrypt1": "libcrypt.so.1"})
		withPsycopg(b)
		a := newDebianArchive(b)
		lib := "usr/lib/" + debian.Triplet(runtime.GOARCH)
		a.add("libpq5", map[string]string{lib + "/libpq.so.5": "library"})
		a.add("libpq-dev", map[string]string{"usr/include/libpq-fe.h": ""}, "Depends: libpq5 (= 1:2.0-1), libssl-dev")
		a.add("libssl-dev", nil)
		a.add("libcrypt1", map[string]string{lib + "/libcrypt.so.1": "library"})
		a.sign()
		var files []string
		b.exported = func(l libcnb.Layer) {
			if l.Name == "debian" && isDir(l.Path) {
				files = linksBelow(t, l.Path)
			}
		}
		if _, err := b.build(); err != nil || strings.Contains(b.log.String(), "may not have") {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		for _, want := range []string{"lib/libpq.so.5 -> ../root/usr/lib/TRIPLET/libpq.so.5",
			"lib/libcrypt.so.1 -> ../root/usr/lib/TRIPLET/libcrypt.so.1"} {
			if !slices.Contains(files, want) {
				t.Errorf("the image has no %s: %q\n%s", want, files, &b.log)
			}
		}
		a.requests = nil
		if _, err := b.build(); err != nil || len(a.requests) > 0 {
			t.Errorf("a second build: %v, requests %q\n%s", err, a.requests, &b.log)
		}
	})

	it("what only Tandem's table names does not fail the build, and is tried again", func() {
		b := newBench(t, map[string]string{"requirements.txt": "psycopg2\n"})
		b.machine = debianImage(map[string]string{"libcrypt1": "libcrypt.so.1"})
		withPsycopg(b)
		a := newDebianArchive(b)
		for range 2 {
			a.requests = nil
			if _, err := b.build(); err != nil || len(a.requests) == 0 ||
				!strings.Contains(b.log.String(), "no Debian packages: ") {
				t.Errorf("%v, requests %q\n%s", err, a.requests, &b.log)
			}
		}
	})
}

// What another buildpack has, and what the release does not have, is not installed.
func TestPackagesOfTheImages(t *testing.T) {
	image := debianImage(map[string]string{"libpq5": "libpq.so.5"})
	all, err := debian.Installed(image)
	if err != nil {
		t.Fatal(err)
	}
	s := system{build: all, run: debian.Base(all, nil), buildFiles: []string{"libpq-dev"},
		runFiles: []string{"libmagic-dev"},
		absent:   []string{"libharfbuzz-subset0"}}.packages()
	build := map[string]bool{"libc6": true, "libpq5": true, "libpq-dev": true, "libharfbuzz-subset0": true}
	if diff := cmp.Diff(build, s.Build); diff != "" {
		t.Errorf("the build image (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{"libc6": true, "libmagic-dev": true, "libharfbuzz-subset0": true},
		s.Run); diff != "" {
		t.Errorf("the run image (-want +got):\n%s", diff)
	}
}
