package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// offer gives the buildpack the archive that it has of id under other versions, all with one end of support.
func (b *bench) offer(id, eol string, versions ...string) {
	b.t.Helper()
	path := filepath.Join(b.dir, "buildpack", "inventory.json")
	data, err := os.ReadFile(path)
	b.must(err)
	var inventory, offered []map[string]any
	b.must(json.Unmarshal(data, &inventory))
	for _, e := range inventory {
		if e["id"] != id {
			offered = append(offered, e)
			continue
		}
		for _, version := range versions {
			copied := map[string]any{"version": version, "eol": eol}
			for name, value := range e {
				if copied[name] == nil {
					copied[name] = value
				}
			}
			offered = append(offered, copied)
		}
	}
	data, err = json.Marshal(offered)
	b.must(err)
	b.must(os.WriteFile(path, data, 0o644))
}

func front() map[string]string {
	return map[string]string{"requirements.txt": "", "package.json": `{"scripts": {"build": "true"}}`}
}

// says expects lines in the log of a build that succeeds.
func (b *bench) says(want ...string) {
	b.t.Helper()
	if _, err := b.build(); err != nil {
		b.t.Fatalf("%v\n%s", err, &b.log)
	}
	for _, text := range want {
		if !strings.Contains(b.log.String(), text+"\n") {
			b.t.Errorf("%q is not in the log:\n%s", text, &b.log)
		}
	}
}

func testVersion(t *testing.T, when spec.G, it spec.S) {
	it("an app stays on the line of its last build and gets its newest patch", func() {
		b := newBench(t, front())
		b.offer("cpython", "2099-01-01", "3.11.1", "3.13.1")
		b.offer("node", "2099-01-01", "22.1.0", "24.1.0")
		b.says("  Python 3.13.1, from the default", "  Node.js 24.1.0, from the default")

		b.write(map[string]string{".python-version": "3.11", ".nvmrc": "22"})
		b.says("  Python 3.11.1, from .python-version", "  Node.js 22.1.0, from .nvmrc")
		b.must(os.Remove(filepath.Join(b.app, ".python-version")))
		b.must(os.Remove(filepath.Join(b.app, ".nvmrc")))
		b.offer("cpython", "2099-01-01", "3.11.1", "3.11.2", "3.13.1")
		b.offer("node", "2099-01-01", "22.1.0", "22.2.0", "24.1.0")
		b.says("  Python 3.11.2, from the last build", "  Node.js 22.2.0, from the last build")

		b.must(os.Remove(filepath.Join(b.app, "package.json"))) // a build without Node forgets nothing
		b.says("  Python 3.11.2, from the last build")
		b.write(front())
		b.offer("cpython", "2099-01-01", "3.13.1") // the line is not to be had any more
		b.says("  Python 3.13.1, from the default", "  Node.js 22.2.0, from the last build")
	})

	it("the log says why it is this version", func() {
		b := newBench(t, front())
		b.offer("cpython", "2099-01-01", "3.12.1", "3.12.2", "3.13.1", "3.14.0")
		b.offer("node", "2099-01-01", "22.1.0", "24.1.0", "26.0.0")
		b.write(map[string]string{
			".python-version": "3.12\n3.11\n", "pyproject.toml": "[project]\nname = 'a'\nrequires-python = '<3.12.2'\n",
			"package.json": `{"scripts": {"build": "true"}, "engines": {"node": ">=20"}}`,
		})
		b.says("  Python 3.12.1, from .python-version, the first of 2 lines (3.12) and requires-python in "+
			"pyproject.toml (<3.12.2)",
			"  Node.js 24.1.0, from engines.node in package.json (>=20), default series")
		b.must(os.Remove(filepath.Join(b.app, ".python-version")))
		b.write(map[string]string{"pyproject.toml": "[project]\nname = 'a'\nrequires-python = '>=3.12'\n",
			".nvmrc": "node"})
		b.says("  Python 3.13.1, from requires-python in pyproject.toml (>=3.12), default series",
			"  Node.js 26.0.0, from engines.node in package.json (>=20) and .nvmrc (node)")
	})

	it("a version that has ended builds with a warning", func() {
		const warning = "Warning: Python 3.13 has had no security fixes since 2025-10-31"
		for now, want := range map[string]bool{"2025-10-31T23:00:00Z": false, "2025-11-01T01:00:00Z": true} {
			b := newBench(t, map[string]string{"requirements.txt": ""})
			b.offer("cpython", "2025-10-31", "3.13.1")
			var err error
			b.now, err = time.Parse(time.RFC3339, now)
			b.must(err)
			b.says()
			if got := strings.Count(b.log.String(), warning); got > 1 || want != (got == 1) {
				t.Errorf("on %s: %d warnings, want any: %v\n%s", now, got, want, &b.log)
			}
		}
	})

	it("a contradiction ends the build before any download", func() {
		b := newBench(t, front())
		b.offer("cpython", "2099-01-01", "3.11.1", "3.13.1")
		b.offer("node", "2099-01-01", "20.1.0", "22.1.0")
		b.write(map[string]string{".nvmrc": "v20.1.0",
			"package.json": `{"scripts": {"build": "true"}, "engines": {"node": ">=22"}}`})
		b.must(os.Remove(filepath.Join(b.dir, "cpython.tar.gz"))) // whoever downloads it fails in another way
		_, err := b.build()
		user, ok := fail.User(err)
		if !ok || user.ID != "version/contradiction" ||
			user.Why != "engines.node in package.json: >=22\n.nvmrc: v20.1.0" ||
			!strings.Contains(user.Fix.String(), "\n    echo 22 > .nvmrc") {
			t.Fatalf("got %v\n%s", err, &b.log)
		}
		b = newBench(t, front())
		b.offer("node", "2099-01-01", "20.1.0", "22.1.0")
		b.write(map[string]string{".nvmrc": "v20.1.0",
			"package.json": `{"scripts": {"build": "true"}, "engines": {"node": ">=22"}}`})
		t.Setenv("BP_NODE_VERSION", "20")
		b.says("  Node.js 20.1.0, from BP_NODE_VERSION")
	})

	it("a misspelled variable is named", func() {
		b := newBench(t, front())
		t.Setenv("BP_NODE_VERSON", "20")
		if _, err := b.build(); err != nil {
			t.Fatal(err)
		}
		if want := "BP_NODE_VERSON is not known: did you mean BP_NODE_VERSION?"; !strings.Contains(b.log.String(),
			want) {
			t.Errorf("the log has no %q:\n%s", want, &b.log)
		}
	})

	it("all that is wrong is said at once", func() {
		b := newBench(t, front())
		b.write(map[string]string{".python-version": "3.99", "yarn.lock": "", "package-lock.json": "{}",
			".nvmrc": "three"})
		_, err := b.build()
		var ids []string
		for _, err := range fail.Each(err) {
			user, _ := fail.User(err)
			ids = append(ids, user.ID)
		}
		if got, want := strings.Join(ids, " "), "app/several-locks version/unknown version/malformed"; got != want {
			t.Fatalf("got %s, want %s\n%s", got, want, &b.log)
		}
		text := readable(libcnb.BuildContext{}, err).Error()
		for _, id := range ids {
			if !strings.Contains(text, "("+id+")") {
				t.Errorf("the user does not read of %s:\n%s", id, text)
			}
		}
	})
}
