package integration

import (
	"archive/tar"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// npmRegistry serves packages that the test makes.
type npmRegistry struct {
	packages map[string]madePackage
	refuses  func(q *http.Request) bool // nil: nothing
	host     string                     // and port
	leaked   atomic.Bool                // a request of the build had credentials
}

// madePackage is a package in version 1.0.0.
type madePackage struct {
	entries    []tar.Header
	own, entry map[string]any // more of its package.json, and of the lockfile's entry
	raw        []byte         // instead of an archive
	places     []string       // where it is installed, besides node_modules
}

// oddPackages are packages that no registry would have: each has another thing that unpacking can do in two ways.
func oddPackages() map[string]madePackage {
	file := func(name string, mode int64) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}
	}
	of := func(entries ...tar.Header) madePackage { return madePackage{entries: entries} }
	bin, script := of(file("package/cli.js", 0o644)), of(file("package/install.js", 0o644))
	bin.own, bin.entry = map[string]any{"bin": "cli.js"}, map[string]any{"bin": map[string]string{"bin": "cli.js"}}
	script.own = map[string]any{"scripts": map[string]string{"install": "node install.js"}}
	script.entry = map[string]any{"hasInstallScript": true}
	bundles := of(file("package/node_modules/inside/package.json", 0o644))
	bundles.own = map[string]any{"bundleDependencies": []string{"inside"}}
	return map[string]madePackage{
		"ignores": of(file("package/.gitignore", 0o644), file("package/a/.npmignore", 0o644),
			file("package/a/.gitignore", 0o644)),
		"modes": of(file("package/none", 0), file("package/read", 0o444), file("package/run", 0o755),
			file("package/all", 0o777)),
		"root-modes": of(file("package/setuid", 0o4755), file("package/kind", 0o100644)),
		"links": of(tar.Header{Typeflag: tar.TypeSymlink, Name: "package/link", Linkname: "package.json"},
			tar.Header{Typeflag: tar.TypeLink, Name: "package/hard", Linkname: "package/package.json"}),
		"empty-dir": of(tar.Header{Typeflag: tar.TypeDir, Name: "package/empty/", Mode: 0o700}),
		"twice":     of(file("package/a", 0o644), file("package/a", 0o755)),
		"dots":      of(file("./package/dot", 0o644), file("package/./dot", 0o644), file("package//double", 0o644)),
		"no-first":  of(file("alone", 0o644), file("package/a", 0o644)),
		"long":      of(file("package/"+strings.Repeat("x", 90)+"/"+strings.Repeat("y", 200), 0o644)),
		"pax":       of(tar.Header{Typeflag: tar.TypeReg, Name: "package/ü", Mode: 0o644, Format: tar.FormatPAX}),
		"gnu": of(tar.Header{Typeflag: tar.TypeReg, Name: "package/" + strings.Repeat("z", 160),
			Format: tar.FormatGNU}),
		"bin": bin, "script": script, "bundles": bundles,
		"@scope/scoped": of(file("package/a", 0o644)),
		"places": {
			entries: []tar.Header{file("package/a", 0o644)},
			places:  []string{"bin/node_modules/places", "twice/node_modules/places", "alias"},
		},
	}
}

// madeApp returns an app with all packages of a registry, which it starts.
func madeApp(t *testing.T, r *npmRegistry) (dir string) {
	t.Helper()
	archives := map[string][]byte{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.UserAgent() == "tandem" && q.Header.Get("Authorization") != "" {
			r.leaked.Store(true)
		}
		data, ok := archives[q.URL.Path]
		if !ok || r.refuses != nil && r.refuses(q) {
			http.NotFound(w, q)
			return
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	r.host = strings.TrimPrefix(server.URL, "http://")
	packages, wanted := map[string]any{}, map[string]string{}
	for name, p := range r.packages {
		path := fmt.Sprintf("/%s/-/%s-1.0.0.tgz", name, path.Base(name))
		archives[path] = p.archive(t, name)
		entry := map[string]any{"version": "1.0.0", "resolved": path, "integrity": digestOf(archives[path])}
		if name == "pax" { // as in old locks
			old := sha1.Sum(archives[path])
			entry["integrity"] = "sha1-" + base64.StdEncoding.EncodeToString(old[:])
		}
		maps.Copy(entry, p.entry)
		entry["resolved"] = server.URL + entry["resolved"].(string)
		packages["node_modules/"+name], wanted[name] = entry, "1.0.0"
		for _, place := range p.places {
			packages["node_modules/"+place] = entry
		}
	}
	if _, ok := packages["node_modules/alias"]; ok {
		wanted["alias"] = "npm:places@1.0.0"
		packages["node_modules/alias"] = withName(packages["node_modules/alias"].(map[string]any), "places")
	}
	app := map[string]any{"name": "app", "version": "1.0.0", "dependencies": wanted}
	packages[""] = app
	lock := map[string]any{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}
	return write(t, map[string]string{
		".npmrc":       "registry=" + server.URL + "/\n", // npm 12 takes archives from its registry only
		"package.json": asJSON(t, app), "package-lock.json": asJSON(t, lock),
	})
}

func withName(entry map[string]any, name string) map[string]any {
	entry = maps.Clone(entry)
	entry["name"] = name
	return entry
}

// archive returns the package as the registry has it.
func (p madePackage) archive(t *testing.T, name string) []byte {
	t.Helper()
	if p.raw != nil {
		return p.raw
	}
	own := map[string]any{"name": name, "version": "1.0.0"}
	maps.Copy(own, p.own)
	dump := `require("fs").writeFileSync("seen", JSON.stringify([process.execArgv, Object.keys(process.env).sort()]))`
	first := tar.Header{Typeflag: tar.TypeReg, Name: "package/package.json", Mode: 0o644}
	return hostile.Tgz(t, append([]tar.Header{first}, p.entries...), func(h tar.Header) string {
		switch filepath.Base(h.Name) {
		case "package.json":
			if h.Name == first.Name {
				return asJSON(t, own)
			}
			return `{"name": "inside", "version": "1.0.0"}`
		case "cli.js":
			return "#!/usr/bin/env node\r\n" + dump // npm removes the carriage return
		}
		return dump
	})
}

func digestOf(data []byte) string {
	sum := sha512.Sum512(data)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
