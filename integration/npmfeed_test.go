package integration

import (
	"archive/tar"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
	"github.com/tandem-cnb/tandem/internal/npmfeed"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// TestFedNPM: npm ci gives the same tree and says the same, whether its packages are downloaded and unpacked for it or
// not, with each npm that builds meet.
func TestFedNPM(t *testing.T) {
	made, example := madeApp(t), stagedLock(t, "webpack")
	for name, c := range map[string]struct{ npm, app string }{
		"an example":  {"", example},
		"npm of Node": {"", made},
		"npm 8.19.4":  {"npm@8.19.4", made},
		"npm 10.9.4":  {"npm@10.9.4", made},
		"npm 12.2.2":  {"npm@12.2.2", made},
	} {
		t.Run(name, func(t *testing.T) {
			alone, fed := packagesCopy(t, c.app), packagesCopy(t, c.app)
			want, _ := installed(t, c.npm, alone, false)
			got, served := installed(t, c.npm, fed, true)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("npm says (-alone +fed):\n%s", diff)
			}
			if diff := cmp.Diff(packagesIn(t, alone), packagesIn(t, fed)); diff != "" {
				t.Errorf("the trees (-alone +fed):\n%s", diff)
			}
			if served.Fed < 5 {
				t.Errorf("npm was fed %+v", served)
			}
		})
	}
}

// installed runs npm ci in dir and returns what it prints, without times.
func installed(t *testing.T, spec, dir string, feed bool) (said string, served npmfeed.Served) {
	t.Helper()
	node, err := env.Runtime(t.Context(), string(versions.Node))
	if err != nil {
		t.Fatal(err)
	}
	npm := filepath.Join(node, "bin/npm")
	if spec != "" {
		if err := env.NodeTool(t.Context(), dir, spec, "true"); err != nil { // installs it
			t.Fatal(err)
		}
		npm = filepath.Join(env.Home, "node-tools", spec, "node_modules/.bin/npm")
	}
	argv := []string{npm}
	if feed {
		lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
		if err != nil {
			t.Fatal(err)
		}
		named, err := npmfeed.Read(lock, runtime.GOARCH)
		if err != nil {
			t.Fatal(err)
		}
		f, err := npmfeed.Start(t.Context(), npmfeed.Options{
			Scratch: shortDir(t), Root: dir, Archives: named.Archives, Client: npmfeed.NewClient(),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if served, err = f.Close(); err != nil {
				t.Error(err)
			}
		}()
		if argv, err = f.Argv(filepath.Join(node, "bin/node"), npm); err != nil {
			t.Fatal(err)
		}
	}
	ci := exec.CommandContext(t.Context(), argv[0], append(argv[1:], "ci", "--no-audit", "--no-fund")...)
	home := t.TempDir()
	ci.Dir, ci.Env = dir, []string{
		"PATH=" + filepath.Join(node, "bin") + ":/usr/bin:/bin", "HOME=" + home, "npm_config_update_notifier=false",
		"npm_config_cafile=" + os.Getenv("NODE_EXTRA_CA_CERTS"), "npm_config_cache=" + filepath.Join(home, "npm"),
	}
	out, err := ci.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	changing := regexp.MustCompile(`in \d+\w*|` + regexp.QuoteMeta(dir) + "|" + regexp.QuoteMeta(home))
	return changing.ReplaceAllString(string(out), "…"), served
}

// packagesIn returns each file below dir with its kind, permissions, contents or target.
func packagesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		found[name] = info.Mode().String()
		path := filepath.Join(dir, name)
		switch {
		case d.Type().IsRegular():
			data, err := os.ReadFile(path)
			found[name] += fmt.Sprintf(" %x", sha1.Sum(data))
			return err
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			found[name] += " " + target
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// stagedLock returns a directory with the package.json and the lockfile of an example.
func stagedLock(t *testing.T, example string) string {
	t.Helper()
	staged, err := env.Stage(t.Context(), filepath.Join(env.Root, "examples", example), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(staged, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shortDir is a temporary directory in which a socket's path is short enough.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func packagesCopy(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "app") // of equal length, for what npm prints in columns
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// madeApp returns an app whose packages no registry would have: each has another thing that unpacking can do in two
// ways. A server of the test has the archives.
func madeApp(t *testing.T) string {
	t.Helper()
	dump := `require("fs").writeFileSync("seen", JSON.stringify([process.execArgv, Object.keys(process.env).sort()]))`
	file := func(name string, mode int64) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}
	}
	packages := map[string][]tar.Header{
		"ignores": {
			file("package/.gitignore", 0o644),
			file("package/a/.npmignore", 0o644),
			file("package/a/.gitignore", 0o644),
		},
		"modes": {
			file("package/none", 0),
			file("package/read", 0o444),
			file("package/run", 0o755),
			file("package/all", 0o777),
		},
		"root-modes": {file("package/setuid", 0o4755), file("package/kind", 0o100644)},
		"links": {
			{Typeflag: tar.TypeSymlink, Name: "package/link", Linkname: "package.json"},
			{Typeflag: tar.TypeLink, Name: "package/hard", Linkname: "package/package.json"},
		},
		"empty-dir": {{Typeflag: tar.TypeDir, Name: "package/empty/", Mode: 0o700}},
		"twice":     {file("package/a", 0o644), file("package/a", 0o755)},
		"dots":      {file("./package/dot", 0o644), file("package/./dot", 0o644), file("package//double", 0o644)},
		"no-first":  {file("alone", 0o644), file("package/a", 0o644)},
		"long":      {file("package/"+strings.Repeat("x", 90)+"/"+strings.Repeat("y", 200), 0o644)},
		"pax":       {{Typeflag: tar.TypeReg, Name: "package/ü", Mode: 0o644, Format: tar.FormatPAX}},
		"bin":       {file("package/cli.js", 0o644)},
		"script":    {file("package/install.js", 0o644)},
	}
	archives := map[string][]byte{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		data, ok := archives[q.URL.Path]
		if !ok {
			http.NotFound(w, q)
			return
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	lock := map[string]any{"": map[string]any{"name": "app", "version": "1.0.0"}}
	wanted := map[string]string{}
	for name, entries := range packages {
		own := map[string]any{"name": name, "version": "1.0.0"}
		path := "/" + name + "/-/" + name + "-1.0.0.tgz"
		entry := map[string]any{"version": "1.0.0", "resolved": server.URL + path}
		switch name {
		case "bin":
			own["bin"], entry["bin"] = "cli.js", map[string]string{"bin": "cli.js"}
		case "script":
			own["scripts"], entry["hasInstallScript"] = map[string]string{"install": "node install.js"}, true
		}
		data, err := json.Marshal(own)
		if err != nil {
			t.Fatal(err)
		}
		archives[path] = archiveOf(t, string(data), dump, entries)
		sum := sha512.Sum512(archives[path])
		entry["integrity"] = "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
		if name == "pax" { // as in old locks
			old := sha1.Sum(archives[path])
			entry["integrity"] = "sha1-" + base64.StdEncoding.EncodeToString(old[:])
		}
		lock["node_modules/"+name], wanted[name] = entry, "1.0.0"
	}
	lock[""] = map[string]any{"name": "app", "version": "1.0.0", "dependencies": wanted}
	dir := t.TempDir()
	// npm 12 takes archives from its registry only.
	if err := os.WriteFile(filepath.Join(dir, ".npmrc"), []byte("registry="+server.URL+"/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]any{
		"package.json":      map[string]any{"name": "app", "version": "1.0.0", "dependencies": wanted},
		"package-lock.json": map[string]any{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": lock},
	} {
		data, err := json.Marshal(content)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// archiveOf returns a package with these entries, all with the same text.
func archiveOf(t *testing.T, packageJSON, text string, entries []tar.Header) []byte {
	t.Helper()
	first := tar.Header{Typeflag: tar.TypeReg, Name: "package/package.json", Mode: 0o644}
	return hostile.Tgz(t, append([]tar.Header{first}, entries...), func(h tar.Header) string {
		if h.Name == first.Name {
			return packageJSON
		}
		return text
	})
}
