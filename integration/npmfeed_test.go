package integration

import (
	"archive/tar"
	"crypto/sha1"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
	"github.com/tandem-cnb/tandem/internal/npmfeed"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// TestFedNPM: npm ci gives the same tree and says the same, whether its packages are downloaded and unpacked for it or
// not, with each npm that builds meet.
func TestFedNPM(t *testing.T) {
	t.Parallel()
	made, example := madeApp(t, &npmRegistry{packages: oddPackages()}), stagedLock(t, "webpack")
	for name, c := range map[string]ci{
		"an example":  {app: example},
		"npm of Node": {app: made},
		"npm 8.19.4":  {npm: "npm@8.19.4", app: made},
		"npm 10.9.4":  {npm: "npm@10.9.4", app: made},
		"npm 12.2.2":  {npm: "npm@12.2.2", app: made},
	} {
		t.Run(name, func(t *testing.T) {
			if served := c.compare(t); served.Fed < 5 {
				t.Errorf("npm was fed %+v", served)
			}
		})
	}
}

// Whatever is downloaded before npm asks, the tree is the same, and so it is if the registry gives the build nothing.
func TestFedNPMWithOtherGuesses(t *testing.T) {
	t.Parallel()
	refusing := &npmRegistry{packages: oddPackages(), refuses: func(q *http.Request) bool {
		return q.UserAgent() == "tandem" && crc32.ChecksumIEEE([]byte(q.URL.Path))%2 == 0
	}}
	other := npmfeed.Archive{URL: "http://localhost:1/a.tgz", Integrity: digestOf(nil)}
	made := madeApp(t, &npmRegistry{packages: oddPackages()})
	alone := ci{app: made}.install(t, packagesCopy(t, made), false)
	for name, c := range map[string]ci{
		"none": {app: made, alone: &alone, guess: func([]npmfeed.Archive) []npmfeed.Archive { return nil }},
		"half": {app: made, alone: &alone, guess: func(all []npmfeed.Archive) []npmfeed.Archive {
			return all[:len(all)/2]
		}},
		"another": {app: made, alone: &alone, guess: func([]npmfeed.Archive) []npmfeed.Archive {
			return []npmfeed.Archive{other}
		}},
		"half are refused": {app: madeApp(t, refusing)},
	} {
		t.Run(name, func(t *testing.T) {
			served := c.compare(t)
			if served.Fed < 5 || name == "half are refused" && served.Refused < 5 {
				t.Errorf("npm was fed %+v", served)
			}
		})
	}
}

// What npm cannot install, it reports in the same words.
func TestFedNPMFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]madePackage{
		"another digest": {entry: map[string]any{"integrity": digestOf([]byte("x"))}},
		"not there":      {entry: map[string]any{"resolved": "/gone.tgz"}},
		"no archive":     {raw: []byte("text")},
		"cut off":        {raw: hostile.Tgz(t, nil, nil)[:10]},
	} {
		t.Run(name, func(t *testing.T) {
			c := ci{app: madeApp(t, &npmRegistry{packages: map[string]madePackage{"bad": c}}), fails: true}
			if served := c.compare(t); served.Fed > 0 || served.Why == "" {
				t.Errorf("npm was fed %+v", served)
			}
		})
	}
}

// With credentials, or through a proxy of its own, npm downloads everything itself. The build sends none anywhere.
func TestNotFedNPM(t *testing.T) {
	t.Parallel()
	r := &npmRegistry{packages: oddPackages()}
	app := madeApp(t, r)
	for name, c := range map[string]struct{ settings, why string }{
		"a token": {"//" + r.host + "/:_authToken=canary", "it uses credentials"},
		"umask":   {"umask=077", "it uses the setting umask"},
		"before":  {"before=2040-01-01", "it uses the setting before"},
	} {
		t.Run(name, func(t *testing.T) {
			c := ci{app: packagesCopy(t, app), settings: c.settings, want: c.why}
			if served := c.compare(t); served.Fed > 0 || served.Why != c.want {
				t.Errorf("npm was fed %+v", served)
			}
		})
	}
	if r.leaked.Load() {
		t.Error("the build has sent credentials")
	}
}

// Of random archives npm makes the same files, or it unpacks them itself.
func TestFedNPMWithRandomArchives(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	packages := map[string]madePackage{}
	for n := range 60 {
		packages[fmt.Sprintf("random-%d", n)] = madePackage{entries: randomEntries(random)}
	}
	if served := (ci{app: madeApp(t, &npmRegistry{packages: packages})}).compare(t); served.Fed < 10 {
		t.Errorf("npm was fed %+v", served)
	}
}

// randomEntries are what an archive may have, by chance more than once.
func randomEntries(random *rand.Rand) (all []tar.Header) {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for range 1 + random.IntN(6) {
		h := tar.Header{Typeflag: tar.TypeReg, Mode: int64(random.IntN(0o1000))}
		h.Name = pick("package/", "package/", "package/", "other/", "./package/", "", "package//") +
			pick("", "", "a/", "b/c/") + pick("a", "b", ".gitignore", ".npmignore", "ü", strings.Repeat("l", 120))
		switch random.IntN(12) {
		case 0:
			h.Typeflag, h.Name = tar.TypeDir, h.Name+"/"
		case 1:
			h.Typeflag, h.Linkname = tar.TypeSymlink, "package.json"
		case 2:
			h.Typeflag, h.Linkname = tar.TypeLink, "package/package.json"
		case 3:
			h.Mode |= 0o4000
		}
		all = append(all, h)
	}
	return all
}

// ci is an npm ci that runs twice: alone, and with the build's downloads.
type ci struct {
	npm, app string
	settings string                                    // more lines of .npmrc
	guess    func([]npmfeed.Archive) []npmfeed.Archive // of the archives of the lockfile; nil: all
	alone    *result                                   // of npm alone; nil: compare makes one
	fails    bool
	want     string
}

// result is what npm ci says, each line once and sorted, and makes.
type result struct {
	lines  []string
	tree   map[string]string
	served npmfeed.Served
}

// compare runs both, and compares their trees and what they print.
func (c ci) compare(t *testing.T) npmfeed.Served {
	t.Helper()
	if c.alone == nil {
		alone := c.install(t, packagesCopy(t, c.app), false)
		c.alone = &alone
	}
	fed := c.install(t, packagesCopy(t, c.app), true)
	if diff := cmp.Diff(c.alone.lines, fed.lines); diff != "" {
		t.Errorf("npm says (-alone +fed):\n%s", diff)
	}
	if diff := cmp.Diff(c.alone.tree, fed.tree); diff != "" {
		t.Errorf("the trees (-alone +fed):\n%s", diff)
	}
	return fed.served
}

// install runs npm ci in dir.
func (c ci) install(t *testing.T, dir string, feed bool) (r result) {
	t.Helper()
	argv := []string{npmOf(t, c.npm, dir)}
	if feed {
		f := c.feed(t, dir)
		defer func() {
			var err error
			if r.served, err = f.Close(); err != nil {
				t.Error(err)
			}
		}()
		node, err := env.Runtime(t.Context(), string(versions.Node))
		if err == nil {
			argv, err = f.Argv(filepath.Join(node, "bin/node"), argv[0])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	settings, err := os.ReadFile(filepath.Join(dir, ".npmrc"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	home := t.TempDir()
	err = os.WriteFile(filepath.Join(home, ".npmrc"), []byte(c.settings+"\n"+string(settings)), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	ci := exec.CommandContext(t.Context(), argv[0], append(argv[1:], "ci", "--no-audit", "--no-fund")...)
	ci.Dir, ci.Env = dir, []string{
		"PATH=" + nodePath(t) + ":/usr/bin:/bin", "HOME=" + home, "npm_config_update_notifier=false",
		"npm_config_fetch_retries=0", "npm_config_logs_max=0",
		"npm_config_cafile=" + os.Getenv("NODE_EXTRA_CA_CERTS"), "npm_config_cache=" + filepath.Join(home, "npm"),
	}
	out, err := ci.CombinedOutput()
	if (err != nil) != c.fails {
		t.Fatalf("%v\n%s", err, out)
	}
	changing := regexp.MustCompile(`in \d+\w*|` + regexp.QuoteMeta(dir) + "|" + regexp.QuoteMeta(home))
	lines := strings.Split(changing.ReplaceAllString(string(out), "…"), "\n")
	slices.Sort(lines) // npm unpacks several packages at once
	return result{lines: slices.Compact(lines), tree: packagesIn(t, dir)}
}

// nodePath is the directory with the program node.
func nodePath(t *testing.T) string {
	t.Helper()
	dir, err := env.Runtime(t.Context(), string(versions.Node))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "bin")
}

// npmOf returns the program of a version of npm, "npm@1.2.3". That of Node.js if it is empty.
func npmOf(t *testing.T, spec, dir string) string {
	t.Helper()
	if spec == "" {
		return filepath.Join(nodePath(t), "npm")
	}
	if err := env.NodeTool(t.Context(), dir, spec, "true"); err != nil { // installs it
		t.Fatal(err)
	}
	return filepath.Join(env.Home, "node-tools", spec, "node_modules/.bin/npm")
}

// feed starts what feeds npm in dir.
func (c ci) feed(t *testing.T, dir string) *npmfeed.Feed {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	lock, err := npmfeed.Read(text, runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	if c.guess != nil {
		lock.Archives = c.guess(lock.Archives)
	}
	f, err := npmfeed.Start(t.Context(), npmfeed.Options{
		Scratch: shortDir(t), Root: dir, Archives: lock.Archives, Client: npmfeed.NewClient(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
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
