package build

import (
	"debug/elf"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sclevine/spec"
)

// debianImage is a build image whose packages are installed ones of Debian, each with one library.
func debianImage(packages map[string]string) fstest.MapFS {
	fsys, status := fstest.MapFS{}, ""
	add := func(name, priority string) {
		status += "Package: " + name + "\nStatus: install ok installed\nPriority: " + priority + "\nVersion: 1.0\n" +
			"Architecture: " + runtime.GOARCH + "\nMaintainer: me\nDescription: test\n\n"
	}
	add("libc6", "required")
	for name, library := range packages {
		add(name, "optional")
		file := "usr/lib/" + library
		fsys["var/lib/dpkg/info/"+name+".list"] = &fstest.MapFile{Data: []byte("/" + file + "\n")}
		fsys[file] = &fstest.MapFile{}
	}
	fsys["var/lib/dpkg/status"] = &fstest.MapFile{Data: []byte(status)}
	return fsys
}

// needsLibpq returns a file that was compiled for this machine: it needs libpq.so.5 and libcrypt.so.1.
func needsLibpq(b *bench) string {
	data, err := os.ReadFile("testdata/needs-libpq.so")
	b.must(err)
	if runtime.GOARCH == "arm64" {
		data[18] = byte(elf.EM_AARCH64) // e_machine
	}
	file := filepath.Join(b.dir, "needs-libpq.so")
	b.must(os.WriteFile(file, data, 0o644))
	return file
}

// withPsycopg lets uv install a psycopg2 that was compiled.
func withPsycopg(b *bench) {
	file := needsLibpq(b)
	uv := maps.Clone(fakeUV)
	uv["uv"] += "site=\"$venv/lib/python3.13/site-packages/psycopg2\"\nmkdir -p \"$site\"\ncp '" + file +
		"' \"$site/_psycopg.so\"\n"
	b.replace("uv", uv)
}

func testLibraries(t *testing.T, _ spec.G, it spec.S) {
	it("libraries that the run image may not have are named, in a build that reuses the packages too", func() {
		const (
			inBuild = "psycopg2 needs libpq.so.5, which the run image may not have. To add it: BP_APT_PACKAGES=libpq5"
			nowhere = "psycopg2 needs libcrypt.so.1, which neither image has"
		)
		t.Setenv("BP_APT", "listed")
		b := newBench(t, map[string]string{"requirements.txt": "psycopg2\n"})
		withPsycopg(b)
		for _, c := range []struct {
			image  fstest.MapFS
			has    []string
			hasNot string
		}{
			{debianImage(map[string]string{"libpq5": "libpq.so.5"}), []string{inBuild, nowhere}, ""},
			{debianImage(map[string]string{"libpq5": "libpq.so.5", "libcrypt1": "libcrypt.so.1"}), []string{inBuild},
				nowhere},
			{fstest.MapFS{"usr/lib/libpq.so.5": {}}, []string{nowhere}, "libpq"},
		} {
			b.machine = c.image
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			log := strings.ReplaceAll(b.log.String(), "\n", " ")
			log = strings.Join(strings.Fields(log), " ")
			for _, want := range c.has {
				if !strings.Contains(log, want) {
					t.Errorf("not in the log: %s\n%s", want, &b.log)
				}
			}
			if c.hasNot != "" && strings.Contains(log, c.hasNot) {
				t.Errorf("in the log: %s\n%s", c.hasNot, &b.log)
			}
		}
		if !strings.Contains(b.log.String(), "Python packages: unchanged") {
			t.Errorf("the packages are not reused:\n%s", &b.log)
		}
	})

	it("libraries that a Node.js package of the image needs are named, also if the package is reused", func() {
		b := launching(t, "true")
		b.machine = debianImage(map[string]string{"libpq5": "libpq.so.5", "libcrypt1": "libcrypt.so.1"})
		file := needsLibpq(b)
		b.write(map[string]string{"package.json": `{"scripts": {"build": "mkdir -p node_modules/@a/pg/build && cp ` +
			file +
			` node_modules/@a/pg/build/pg.node"}, "dependencies": {"a": "1"}}`})
		for range 2 {
			b.log.Reset()
			b.mustBuild()
			log := strings.Join(strings.Fields(b.log.String()), " ")
			for _, want := range []string{
				"@a/pg needs libpq.so.5, which the run image may not have. To add it: BP_APT_PACKAGES=libpq5",
				"@a/pg needs libcrypt.so.1",
			} {
				if !strings.Contains(log, want) {
					t.Errorf("not in the log: %s\n%s", want, &b.log)
				}
			}
		}
	})

	it("the libraries of a well-known run image are not named", func() {
		b := newBench(t, map[string]string{"requirements.txt": "psycopg2\n"})
		withPsycopg(b)
		b.machine = debianImage(map[string]string{"libpq5": "libpq.so.5", "libcrypt1": "libcrypt.so.1"})
		b.machine[strings.TrimPrefix(b.dir, "/")+"/analyzed.toml"] = &fstest.MapFile{
			Data: []byte("[run-image]\nreference = \"x@sha256:1\"\nimage = \"registry.example.com/heroku/heroku:24\"\n")}
		if _, err := b.build(); err != nil || strings.Contains(b.log.String(), "needs lib") {
			t.Errorf("%v\n%s", err, &b.log)
		}
	})
}
