package build

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/plan"
)

// compiling is a Python that writes bytecode into its layer, as bytecode.py does.
func compiling() map[string]string {
	python := maps.Clone(fakePython)
	python["bin/python3"] = record + "[ \"$4\" != unchecked ] || cp \"$6\" \"$7/os.cpython-313.pyc\"\n"
	return python
}

// images returns what the last build's image gets of a layer, or what it has of the previous one.
func (b *bench) images(name string) func() map[string]string {
	b.t.Helper()
	var got map[string]string
	b.exported = func(l libcnb.Layer) {
		if _, err := os.Stat(l.Path); l.Name == name && err == nil {
			got = state(b.t, l.Path, func(string) bool { return false })
		}
	}
	return func() map[string]string { return got }
}

func testSealed(t *testing.T, when spec.G, it spec.S) {
	// A step of the app that changes Python's layer has that Python for itself: neither this image nor the next build
	// gets it.
	it("Python is shipped as it was made", func() {
		for name, c := range map[string]struct{ script, want string }{
			"chmod":              {"chmod 777 bin/python3", "bin/python3"},
			"bytecode elsewhere": {"ln -sfn /tmp lib/python3.13/__pycache__", "lib/python3.13/__pycache__"},
			"bytecode of its own": {"rm lib/python3.13/__pycache__ && mkdir lib/python3.13/__pycache__",
				"lib/python3.13/__pycache__"},
			"a changed module": {"echo evil >lib/python3.13/os.py", "lib/python3.13/os.py"},
			"a new module":     {"echo evil >" + sitecustomize, sitecustomize},
			"a module is gone": {"rm lib/python3.13/os.py", "lib/python3.13/os.py"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"requirements.txt": "", "bin/post_compile": "true\n"})
				image := b.images("python")
				b.mustBuild()
				want := image()
				if _, there := want["lib/python3.13/__pycache__"]; !there {
					t.Fatalf("no link to bytecode: %v", want)
				}
				b.must(os.RemoveAll(b.layers))
				b.must(os.Mkdir(b.layers, 0o755))
				b.write(map[string]string{"bin/post_compile": "cd " + filepath.Join(b.layers, "python") + " && " +
					c.script + "\n"})
				b.mustBuild()
				if diff := cmp.Diff(want, image()); diff != "" {
					t.Errorf("the image (-want +got):\n%s", diff)
				}
				if !strings.Contains(b.log.String(),
					"Warning: Python 3.13.1: a command of this build changed "+c.want) {
					t.Errorf("the log does not say it:\n%s", &b.log)
				}
				b.write(map[string]string{"bin/post_compile": "true\n"})
				b.mustBuild()
				if diff := cmp.Diff(want, image()); diff != "" {
					t.Errorf("the next image (-want +got):\n%s", diff)
				}
				if !strings.Contains(b.log.String(),
					"Python 3.13.1: rebuilt, a command of an earlier build had changed it") {
					t.Errorf("the next build does not make it again:\n%s", &b.log)
				}
			})
		}
	})

	// npm install -g of a hook: the image has it, the next build does not.
	it("what a hook installs into Node is of one image", func() {
		b := launching(t, "true")
		b.write(map[string]string{"bin/post_compile": "echo x >" + filepath.Join(b.layers, "node/bin/global") + "\n"})
		image := b.images("node")
		for range 2 {
			b.mustBuild()
			if _,
				there := image()["bin/global"]; !there ||
				!strings.Contains(b.log.String(), "the image gets it as it is now") {
				t.Errorf("the image does not have it:\n%s", &b.log)
			}
		}
		if !strings.Contains(b.log.String(), "Node.js 24.1.0: restored from the cache") {
			t.Errorf("the copy, which does not have it, is not used:\n%s", &b.log)
		}
		b.write(map[string]string{"bin/post_compile": "true\n"})
		b.mustBuild()
		if _, there := image()["bin/global"]; there {
			t.Error("the next image has it too")
		}
	})

	// The layers of package managers and of headers serve builds alone, most often. Their copies stay as they were.
	it("a tool that is changed is not kept", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "", "Procfile": "web: true\n", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
			"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`,
		})
		tool := filepath.Join(b.layers, "tool_node-modules/node_modules/pnpm/package.json")
		header := filepath.Join(b.layers, "headers/include/evil.h")
		b.write(map[string]string{"bin/post_compile": "echo >>" + tool + " && echo >" + header + "\n"})
		b.mustBuild()
		for _, want := range []string{"pnpm: a command of this build changed node_modules/pnpm/", "changed include/evil.h"} {
			if !strings.Contains(b.log.String(), want) {
				t.Errorf("the log does not say %q:\n%s", want, &b.log)
			}
		}
		for _, name := range []string{"headers", "tool_node-modules"} { // the lifecycle gives back layers that are kept
			b.must(os.RemoveAll(filepath.Join(b.layers, name)))
		}
		b.write(map[string]string{"bin/post_compile": "test ! -e " + header + " && ! grep -q '^$' " + tool + "\n"})
		b.mustBuild()
		if log := b.log.String(); !strings.Contains(log, "pnpm: new") || strings.Contains(log, "Warning") {
			t.Errorf("the next build uses it:\n%s", log)
		}
	})

	// The bytecode of an image is compiled when no command runs any more, and nothing else is in its layer.
	it("bytecode that others wrote is not shipped", func() {
		b := newBench(t, simple())
		b.replace("cpython", compiling())
		image, dir := b.images(plan.ByteCodeLayer), filepath.Join(b.layers, plan.ByteCodeLayer)
		b.write(map[string]string{"bin/post_compile": "mkdir -p " + dir + " && echo evil >" + dir + "/evil.pyc\n"})
		for range 2 {
			b.mustBuild()
			got := image()
			if _, evil := got["evil.pyc"]; evil || !strings.Contains(got["os.cpython-313.pyc"], "/venv/lib") {
				t.Errorf("the image has %q\n%s", got, &b.log)
			}
			b.must(os.RemoveAll(dir)) // the lifecycle restores no layer that is only in the image
		}
		if !strings.Contains(b.log.String(), "Bytecode: unchanged\n") {
			t.Errorf("the second build makes it again:\n%s", &b.log)
		}
	})

	// Packages that a step has changed are in this image alone, and so is their bytecode.
	it("bytecode of changed packages is of one image", func() {
		b := newBench(t, simple())
		b.replace("cpython", compiling())
		b.write(map[string]string{"bin/post_compile": "echo >" + filepath.Join(b.layers, "venv/lib/new.py") + "\n"})
		for range 2 {
			b.mustBuild()
			b.must(os.RemoveAll(filepath.Join(b.layers, plan.ByteCodeLayer)))
		}
		if strings.Contains(b.log.String(), "Bytecode: unchanged") {
			t.Errorf("it is used again:\n%s", &b.log)
		}
	})
}
