package build

import (
	"archive/tar"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/klauspost/compress/zstd"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// simple is an app with a front end, without hooks.
func simple() map[string]string {
	files := django()
	delete(files, "bin/pre_compile")
	delete(files, "bin/post_compile")
	files["package.json"] = scripts(`"build": "true"`)
	return files
}

// scripts is a package.json with them.
func scripts(list string) string { return `{"scripts": {` + list + `}, "dependencies": {"a": "1"}}` }

func testPrivate(t *testing.T, when spec.G, it spec.S) {
	// However a build ends, neither of its own directories is left.
	it("nothing of the build is left", func() {
		for name, c := range map[string]struct {
			files map[string]string
			id    string
		}{
			"it succeeds":           {nil, ""},
			"bin/pre_compile fails": {map[string]string{"bin/pre_compile": "exit 1\n"}, "step/hook"},
			"the installation fails": {map[string]string{"package.json": scripts(`"heroku-prebuild": "exit 1"`)},
				"step/script"},
			"a step fails":     {map[string]string{"package.json": scripts(`"build": "exit 1"`)}, "step/script"},
			"the app is wrong": {map[string]string{"Procfile": "no type\n"}, "procfile/line"},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, simple())
				b.write(c.files)
				b.bindings = libcnb.Bindings{{Type: "netrc",
					Secret: map[string]string{".netrc": "machine h login u password p\n"}}}
				_, err := b.build()
				if user, _ := fail.User(err); (err != nil) != (c.id != "") || err != nil && user.ID != c.id {
					t.Errorf("got %v", err)
				}
				for _, dir := range []string{filepath.Join(b.layers, "private"), filepath.Join(b.dir, "tmp", "tandem")} {
					if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
						t.Errorf("%s: %v", dir, err)
					}
				}
			})
		}
	})

	// Settings that are wrong end a build before its first part.
	it("nothing is left of a build that cannot begin", func() {
		b := newBench(t, simple())
		b.bindings = libcnb.Bindings{{Type: "npmrc", Name: "n", Secret: map[string]string{"no-such-file": "x"}}}
		_, err := Build(libcnb.BuildContext{
			ApplicationPath: b.app, Layers: libcnb.Layers{Path: b.layers},
			Platform: libcnb.Platform{Path: b.dir, Bindings: b.bindings},
			Buildpack: libcnb.Buildpack{
				Path: filepath.Join(b.dir, "buildpack"), Info: libcnb.BuildpackInfo{Name: "Tandem"}, Metadata: declared(t),
			},
		})
		if user, ok := fail.User(err); !ok || user.ID != "binding/entry" {
			t.Errorf("got %v", err)
		}
		if isDir(filepath.Join(b.layers, "private")) || isDir(filepath.Join(b.dir, "tmp", "tandem")) {
			t.Error("its directories are left")
		}
	})

	// Only the user of the build reads the private directory, and nothing that was there is used.
	it("the private directory begins empty", func() {
		b := newBench(t, simple())
		elsewhere, private := filepath.Join(b.dir, "elsewhere"), filepath.Join(b.layers, "private")
		b.must(os.MkdirAll(elsewhere, 0o755))
		b.must(os.WriteFile(filepath.Join(elsewhere, "precious"), nil, 0o644))
		for name, before := range map[string]func() error{
			"left by a build that was killed": func() error {
				uv := filepath.Join(private, "uv")
				return errors.Join(os.MkdirAll(uv, 0o755), os.WriteFile(filepath.Join(uv, "uv"), nil, 0o755))
			},
			"a link": func() error { return os.Symlink(elsewhere, private) },
			"a file": func() error { return os.WriteFile(private, nil, 0o644) },
		} {
			b.must(before())
			b.write(map[string]string{
				"bin/pre_compile": "cd '" + private + "'; stat -c '%a %F' .; ls -A | grep -v '^certificates.pem$'; echo END\n",
			})
			b.mustBuild()
			if !strings.Contains(b.log.String(), "    700 directory\n    END\n") {
				t.Errorf("%s:\n%s", name, &b.log)
			}
		}
		if _, err := os.Stat(filepath.Join(elsewhere, "precious")); err != nil {
			t.Error(err)
		}
	})

	// What bin/pre_compile does to the build's own files has no effect.
	it("pre_compile cannot replace the build's own files", func() {
		b := newBench(t, simple())
		t.Setenv("SSL_CERT_FILE", certificate(t))
		b.write(map[string]string{
			"bin/pre_compile": "cd '" + b.layers + `/private' && echo evil >certificates.pem
mkdir -p headers/node uv-cache packages/tool/bin uv
touch headers/node/evil.h uv-cache/evil packages/tool/bin/evil uv/evil
`,
			"package.json": scripts(`"build": "npm rebuild", "heroku-prebuild": "cd '` + b.layers +
				`/private'; find . -name '*evil*'; cat certificates.pem; echo END"`),
		})
		b.mustBuild()
		log := b.log.String()
		used := strings.Contains(log, "      evil") || strings.Contains(log, "/evil")
		if used || !strings.Contains(log, "-----END CERTIFICATE-----\n") {
			t.Errorf("something of it is used:\n%s", log)
		}
		if found, _ := filepath.Glob(filepath.Join(b.layers, "headers", "*", "*", "evil.h")); len(found) > 0 {
			t.Errorf("it is in a layer: %v", found)
		}
	})

	// What a command writes where the next build looks for what the last one has chosen is not kept.
	it("no command writes for the next build", func() {
		b := newBench(t, simple())
		store := filepath.Join(b.layers, "store.toml")
		b.write(map[string]string{"bin/post_compile": `echo '[metadata]
node_line = "18"' >'` + store + "'\n"})
		b.mustBuild()
		if _, err := os.Lstat(store); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("store.toml is there (%v), and libcnb may leave it", err)
		}
	})

	// The records that bin/pre_compile can write are not those that the build believes.
	it("pre_compile cannot replace a copy", func() {
		b := newBench(t, simple())
		b.mustBuild()
		var packed bytes.Buffer
		for name, text := range map[string]string{"bin/python3": record, "bin/python": record, sitecustomize: "evil"} {
			packed.Write(tarEntry(t, name, text))
		}
		packed.Write(make([]byte, 1024))
		compressed, err := zstd.NewWriter(nil)
		b.must(err)
		file := filepath.Join(b.dir, "evil.tar.zst")
		b.must(os.WriteFile(file, compressed.EncodeAll(packed.Bytes(), nil), 0o644))
		b.write(map[string]string{"bin/pre_compile": fmt.Sprintf(`cd '%s' && cp '%s' cache-python/contents.tar.zst
sed -i 's/id = "sha256:[0-9a-f]*"/id = "sha256:%x"/' python.toml cache-python.toml && grep -h ' id = ' *python.toml
`, b.layers, file, sha256.Sum256(packed.Bytes()))})
		poisoned(t, b, func() { b.must(os.Remove(filepath.Join(b.app, "bin/pre_compile"))) })
	})

	// Processes end after the step that has started them, whatever they do to hide, and the log names them once.
	it("processes end with their step", func() {
		const quiet = " >/dev/null 2>&1 </dev/null &"
		for name, c := range map[string]struct{ start, shown string }{
			"a session of its own": {"setsid sh -c 'echo $$ >\"$PIDS\"; sleep 300; true'" + quiet, "sh, sleep"},
			"two forks": {
				"(setsid sh -c '(sh -c \"echo \\$\\$ >\\\"$PIDS\\\"; sleep 300; true\"" + quiet + ")'" + quiet + ")", "sh, sleep",
			},
			"ignores SIGTERM": {
				"setsid sh -c 'trap \"\" TERM HUP INT; echo $$ >\"$PIDS\"; read x <\"$PIDS.pipe\"'" + quiet, "sh",
			},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, simple())
				pids := filepath.Join(b.dir, "pids")
				b.must(syscall.Mkfifo(pids+".pipe", 0o644))
				t.Setenv("PIDS", pids)
				running := "while ! [ -s \"$PIDS\" ]; do sleep 0.01; done; kill -0 $(cat \"$PIDS\") && echo STILL-RUNNING; true\n"
				b.write(map[string]string{"bin/pre_compile": c.start + "\n" + running, "bin/post_compile": running})
				b.mustBuild()
				log := b.log.String()
				if n := strings.Count(log, "STILL-RUNNING"); n != 1 {
					t.Errorf("%d steps see it:\n%s", n, log)
				}
				count := strings.Count(c.shown, ",") + 1
				line := fmt.Sprintf("still running after bin/pre_compile are ended: %d (%s)\n", count, c.shown)
				if strings.Count(log, line) != 1 {
					t.Errorf("the log does not say %q:\n%s", line, log)
				}
			})
		}
	})

	// Where there are credentials, the log says who can read them.
	it("the log says who can read bindings", func() {
		const line = "Every script of this build can read the bindings netrc, npmrc: " +
			"this version does not confine commands. See docs/concepts/security.md\n"
		b := newBench(t, simple())
		b.mustBuild()
		if strings.Contains(b.log.String(), "confine") {
			t.Errorf("there are no credentials:\n%s", &b.log)
		}
		b.bindings = libcnb.Bindings{
			{Type: "npmrc", Secret: map[string]string{".npmrc": "a=b\n"}},
			{Type: "netrc", Secret: map[string]string{".netrc": "machine h login u password p\n"}},
			{Type: "tandem-build-env", Secret: map[string]string{"A": "b"}},
		}
		b.mustBuild()
		if strings.Count(b.log.String(), line) != 1 {
			t.Errorf("the log does not say it once:\n%s", &b.log)
		}
	})

	// The app may have a link or a pipe where the report goes.
	it("a timeline in the app follows no link", func() {
		for name, lay := range map[string]func(place, beside string) error{
			"a link": func(place, beside string) error { return os.Symlink(beside, place) },
			"a pipe": func(place, _ string) error { return syscall.Mkfifo(place, 0o644) },
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n", "Procfile": "web: x\n"})
				beside := filepath.Join(b.dir, "victim")
				b.must(os.WriteFile(beside, []byte("precious"), 0o644))
				b.must(lay(filepath.Join(b.app, "times.json"), beside))
				t.Setenv("BP_TIMELINE_FILE", filepath.Join(b.app, "times.json"))
				b.mustBuild()
				if data, err := os.ReadFile(beside); err != nil || string(data) != "precious" {
					t.Errorf("the file beside the app is %q, %v", data, err)
				}
				if data, err := os.ReadFile(filepath.Join(b.app, "times.json")); err != nil || !bytes.HasPrefix(data, []byte("{")) {
					t.Errorf("the report is %q, %v", data, err)
				}
			})
		}
	})
}

// certificate is a file with one.
func certificate(t *testing.T) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "company.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// tarEntry is a file of a tar archive.
func tarEntry(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(text))})
	_, writeErr := io.WriteString(w, text)
	if err := errors.Join(err, writeErr, w.Flush()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
