package integration

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// smallFiles is a small app that has a cache of every kind.
var smallFiles = map[string]string{
	"requirements.txt": "six==1.17.0\n",
	"package.json": `{"name": "a", "version": "1.0.0", "scripts": {"build": "node -e \"require('is-number')\""}, ` +
		`"dependencies": {"is-number": "7.0.0"}}`,
	"bin/post_compile": "python -c 'import six'; echo x >>\"$CACHE_DIR/rounds\"\n",
}

// folders are the cache's, without the records beside them.
const folders = "cache-*[^l]"

// spoiled are caches that are of no use, or not any more.
var spoiled = []struct {
	name   string
	spoil  func(p *devenv.Phases) error
	log    []string
	notLog []string
	lost   []string // layers that the next build does not find in its cache
}{
	{name: "archives that cannot be read",
		spoil: func(p *devenv.Phases) error { return chmod(p, "cache-*/contents.tar.zst", 0) },
		log: []string{"Python packages: the cached archive is not usable, it is rebuilt (",
			"Node packages: the cached archive is not usable", "permission denied"}},
	{name: "folders that cannot be read or written",
		spoil: func(p *devenv.Phases) error { return chmod(p, folders, 0) },
		log: []string{"Python packages: not cached (",
			"Node packages: not cached (", "files of hooks: not cached", "permission denied"},
		lost: []string{"cache-python", "cache-venv", "cache-node", "cache-headers", "cache-node-modules",
			"cache-hooks"}},
	{name: "folders that cannot be written", spoil: func(p *devenv.Phases) error {
		return errors.Join(record(p, "*", func(r map[string]any) { r["key"].(map[string]any)["arch"] = "s390x" }),
			chmod(p, folders, 0o555))
	},
		log: []string{"Python packages: rebuilt, the architecture changed from s390x to",
			"Python packages: not cached ("},
		lost: []string{"cache-python", "cache-venv", "cache-node", "cache-headers", "cache-node-modules",
			"cache-hooks"}},
	{name: "records that cannot be read", spoil: func(p *devenv.Phases) error { return chmod(p, "cache-*.toml", 0) },
		log: []string{"Python packages: rebuilt, what is kept has no record that this version can read"}},
	{name: "another form of layers", spoil: func(p *devenv.Phases) error {
		return record(p, "*", func(r map[string]any) { r["key"].(map[string]any)["format"] = "0" })
	},
		log: []string{"Python packages: rebuilt, the form of the layers changed from 0 to ",
			"Node packages: rebuilt, the form of the layers"}, notLog: []string{"restored from the cache"}},
	{name: "another processor", spoil: func(p *devenv.Phases) error {
		return record(p, "*", func(r map[string]any) { r["key"].(map[string]any)["arch"] = "s390x" })
	},
		log: []string{"Node packages: rebuilt, the architecture changed from s390x to",
			"rebuilt, the architecture changed"}, notLog: []string{"restored from the cache"}},
	{name: "records without some fields", spoil: func(p *devenv.Phases) error {
		return errors.Join(record(p, "cache-venv", func(r map[string]any) { delete(r, "facts") }),
			record(p, "cache-node-modules", func(r map[string]any) { delete(r, "id") }),
			record(p, "cache-python", func(r map[string]any) { delete(r["key"].(map[string]any), "version") }))
	},
		log: []string{"Python packages: rebuilt, what is kept has no record",
			"Node packages: rebuilt, what is kept has no record", "rebuilt, the Python version changed"}},
	{name: "a layer that there is no more",
		spoil:  func(p *devenv.Phases) error { return clone(p, "cache-hooks", "cache-uv") },
		notLog: []string{"rebuilt"}},
}

// A cache is an offer: one that is of no use costs what is in it and says why, and never the build. What nobody has any
// use for does not stay.
func TestASpoiledCacheCostsItsLayersAndSaysWhy(t *testing.T) {
	t.Parallel()
	app, p := write(t, smallFiles), phases(t)
	mustBuild(t, p, devenv.Build{App: app})
	fresh := kept(t, p)
	restore(t, p)
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	spec.Run(t, "spoiled cache", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range spoiled {
			it(c.name, func() {
				if err := p.Rewind(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { // else they can't be removed
					if err := errors.Join(chmod(p, "*.toml", 0o644), chmod(p, "cache-*", 0o755),
						chmod(p, "cache-*/*", 0o644)); err != nil {
						t.Error(err)
					}
				})
				if err := c.spoil(p); err != nil {
					t.Fatal(err)
				}
				contains(t, mustBuild(t, p, devenv.Build{App: app}), c.log, c.notLog)
				for _, layer := range []string{"python", "venv", "env", "cache-python", "cache-venv", "cache-node",
					"cache-headers", "cache-node-modules", "cache-npm", "cache-hooks", "cache-uv"} {
					_, err := os.Stat(filepath.Join(p.Layers, layer+".toml"))
					there, want := err == nil, strings.Contains(fresh, layer+".toml")
					for _, lost := range c.lost {
						want = want && layer != lost
					}
					if there != want {
						t.Errorf("layer %s: %t, want %t", layer, there, want)
					}
				}
				if got := kept(t, p); len(c.lost) == 0 && line(got, "venv.toml") != line(fresh, "venv.toml") {
					t.Errorf("the packages are\n%s, not\n%s", got, fresh)
				}
			})
		}
	})
}

// line is the line of text that begins so.
func line(text, begin string) string {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, begin) {
			return l
		}
	}
	return ""
}

func chmod(p *devenv.Phases, pattern string, mode os.FileMode) error {
	files, err := filepath.Glob(filepath.Join(p.Layers, pattern))
	for _, file := range files {
		err = errors.Join(err, os.Chmod(file, mode))
	}
	return err
}

// record changes the records of cache layers, as another version of ours or another machine would have written them.
func record(p *devenv.Phases, layer string, change func(record map[string]any)) error {
	files, err := filepath.Glob(filepath.Join(p.Layers, layer+".toml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		var content struct {
			Metadata map[string]any `toml:"metadata"`
		}
		if _, err := toml.DecodeFile(file, &content); err != nil {
			return err
		}
		change(content.Metadata)
		out, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0) // in place: it stays the build user's
		if err := errors.Join(err, toml.NewEncoder(out).Encode(content), out.Close()); err != nil {
			return err
		}
	}
	return nil
}

// clone gives a layer's contents and record another name too.
func clone(p *devenv.Phases, from, to string) error {
	content, err := os.ReadFile(filepath.Join(p.Layers, from+".toml"))
	return errors.Join(err, os.CopyFS(filepath.Join(p.Layers, to), os.DirFS(filepath.Join(p.Layers, from))),
		os.WriteFile(filepath.Join(p.Layers, to+".toml"), content, 0o644))
}
