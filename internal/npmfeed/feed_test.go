package npmfeed

import (
	"archive/tar"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// packedOf returns an archive as npm packs it. Each file has its name as contents.
func packedOf(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	for i := range entries {
		if entries[i].Mode == 0 {
			entries[i].Mode = 0o644
		}
	}
	return hostile.Tgz(t, entries, func(h tar.Header) string { return h.Name })
}

func integrityOf(data []byte) string {
	digest := sha512.Sum512(data)
	return "sha512-" + base64.StdEncoding.EncodeToString(digest[:])
}

// registry serves archives by path, and counts the requests.
type registry struct {
	*httptest.Server
	files map[string][]byte
	asked chan *http.Request
}

func newRegistry(t *testing.T, files map[string][]byte) *registry {
	r := &registry{files: files, asked: make(chan *http.Request, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.asked <- q
		switch data, ok := r.files[q.URL.Path]; {
		case q.URL.Path == "/never":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("x"))
			w.(http.Flusher).Flush()
			<-q.Context().Done()
		case q.URL.Path == "/short":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("x"))
		case !ok:
			http.NotFound(w, q)
		default:
			_, _ = w.Write(data)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// start returns a feed whose app is a new directory.
func start(t *testing.T, archives ...Archive) (f *Feed, app string) {
	t.Helper()
	scratch, err := os.MkdirTemp("", "t") // shorter than t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(scratch) })
	app = t.TempDir()
	f, err = Start(t.Context(), Options{Scratch: scratch, Root: app, Archives: archives, Client: NewClient()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := f.Close(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	})
	return f, app
}

// wanted is what npm asks for.
type wanted struct{ url, integrity, dir string }

// ask asks for a package, as the hook does, and returns the answer.
func ask(t *testing.T, f *Feed, w wanted) string {
	t.Helper()
	return send(t, f, request{URL: w.url, Integrity: w.integrity, Dir: w.dir})
}

func send(t *testing.T, f *Feed, q request) string {
	t.Helper()
	conn, err := net.Dial("unix", filepath.Join(f.dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := json.NewEncoder(conn).Encode(q); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// tree returns the names and permissions below dir, and the contents of files.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		text := []byte(nil)
		if d.Type().IsRegular() {
			text, err = os.ReadFile(path)
		}
		found[rel] = info.Mode().String() + " " + string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestUnpacksAsNPM(t *testing.T) {
	reg := func(name string, mode int64) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode}
	}
	data := packedOf(t,
		tar.Header{Typeflag: tar.TypeDir, Name: "package/empty/", Mode: 0o755},
		reg("package/package.json", 0o600), reg("package/bin/run", 0o755), reg("package/.gitignore", 0o644),
		reg("package/a/.npmignore", 0o644), reg("package/a/.gitignore", 0o644), reg("package/read-only", 0o444),
		reg("README", 0o644),
		tar.Header{Typeflag: tar.TypeSymlink, Name: "package/link", Linkname: "/etc/passwd"},
		tar.Header{Typeflag: tar.TypeLink, Name: "package/hard", Linkname: "package/package.json"},
	)
	r := newRegistry(t, map[string][]byte{"/a.tgz": data})
	archive := Archive{r.URL + "/a.tgz", integrityOf(data)}
	f, app := start(t, archive)
	for _, dir := range []string{"node_modules/a", "node_modules/b/node_modules/a"} {
		if got := ask(t, f, wanted{archive.URL, archive.Integrity, filepath.Join(app, dir)}); got != "ok" {
			t.Fatalf("%s: %q", dir, got)
		}
		want := map[string]string{
			"package.json": "-rw-r--r-- package/package.json",
			"bin":          "drwxr-xr-x ",
			"bin/run":      "-rwxr-xr-x package/bin/run",
			".npmignore":   "-rw-r--r-- package/.npmignore",
			"a":            "drwxr-xr-x ",
			"a/.npmignore": "-rw-r--r-- package/a/.npmignore",
			"read-only":    "-rw-r--r-- package/read-only",
		}
		want[".npmignore"] = "-rw-r--r-- package/.gitignore"
		if diff := cmp.Diff(want, tree(t, filepath.Join(app, dir))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", dir, diff)
		}
	}
	if len(r.asked) != 1 {
		t.Errorf("%d requests for one archive", len(r.asked))
	}
	if q := <-r.asked; q.Header.Get("Authorization") != "" || len(q.Header) != 2 {
		t.Errorf("headers: %v", q.Header)
	}
	if served, _ := f.Close(); served != (Served{Guessed: 1, Fed: 2}) {
		t.Errorf("served %+v", served)
	}
}

// What is not as npm's own archives are is left to npm, and nothing of it stays.
func TestLeftToNPM(t *testing.T) {
	ok := tar.Header{Typeflag: tar.TypeReg, Name: "package/index.js"}
	of := func(h tar.Header) []byte { return packedOf(t, ok, h) }
	file := func(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name} }
	whole := packedOf(t, ok)
	made := map[string][]byte{
		"/twice": of(file("package/index.js")), "/dots": of(file("package/../../out")), "/dot": of(file("./package/a")),
		"/absolute": of(file("/etc/out")), "/double": of(file("package//a")), "/below": of(file("package/index.js/a")),
		"/setuid": of(tar.Header{Typeflag: tar.TypeReg, Name: "package/s", Mode: 0o4755}),
		"/device": of(tar.Header{Typeflag: tar.TypeChar, Name: "package/d"}),
		"/latin":  of(file("package/\xff")), "/cut": whole[:len(whole)-9], "/plain": []byte("no gzip"), "/none": {},
		"/case": whole,
	}
	r := newRegistry(t, made)
	f, app := start(t)
	for _, path := range slices.Sorted(maps.Keys(made)) {
		if path == "/case" {
			continue
		}
		q := wanted{r.URL + path, integrityOf(made[path]), filepath.Join(app, "node_modules", path)}
		if got := ask(t, f, q); got != "no" {
			t.Errorf("%s: %q", path, got)
		}
	}
	for name, q := range map[string]wanted{
		"another digest":  {r.URL + "/case", integrityOf([]byte("x")), filepath.Join(app, "node_modules/x")},
		"not there":       {r.URL + "/gone", integrityOf([]byte("y")), filepath.Join(app, "node_modules/y")},
		"ends early":      {r.URL + "/short", integrityOf([]byte("z")), filepath.Join(app, "node_modules/z")},
		"no digest":       {r.URL + "/case", "", filepath.Join(app, "node_modules/none")},
		"not http":        {"file:///etc/passwd", integrityOf(whole), filepath.Join(app, "node_modules/file")},
		"the app itself":  {r.URL + "/case", integrityOf(whole), app},
		"outside":         {r.URL + "/case", integrityOf(whole), filepath.Join(app, "../outside")},
		"a relative path": {r.URL + "/case", integrityOf(whole), "node_modules/a"},
	} {
		if got := ask(t, f, q); got != "no" {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, entry := range tree(t, app) {
		if !strings.HasPrefix(entry, "d") {
			t.Errorf("%s is left", name)
		}
	}
	requests := map[string]int{}
	for len(r.asked) > 0 {
		requests[(<-r.asked).URL.Path]++
	}
	if requests["/case"] != 1 {
		t.Errorf("%d requests for a digest that is not the archive's, want 1", requests["/case"])
	}
}

// If nothing answers, not each package of an app is tried. One answer shows that the network is there.
func TestDownloadsAreGivenUp(t *testing.T) {
	data := packedOf(t, tar.Header{Typeflag: tar.TypeReg, Name: "package/index.js"})
	for begin, want := range map[string]int{"none": mayFail, "good": 2 * mayFail} {
		r := newRegistry(t, map[string][]byte{"/good": data})
		f, app := start(t)
		if begin == "good" {
			want++
			_ = ask(t, f, wanted{r.URL + "/good", integrityOf(data), filepath.Join(app, "good")})
		}
		for i := range 2 * mayFail {
			q := wanted{r.URL + "/gone", integrityOf([]byte{byte(i)}), filepath.Join(app, "gone")}
			if got := ask(t, f, q); got != "no" {
				t.Errorf("got %q", got)
			}
		}
		if got := len(r.asked); got != want {
			t.Errorf("%s: %d requests, want %d", begin, got, want)
		}
	}
}

// The first reason is told. One of the network does not have the URL, which may have credentials.
func TestReasons(t *testing.T) {
	f, _ := start(t)
	if got := send(t, f, request{Uses: "credentials"}); got != "no" {
		t.Errorf("got %q", got)
	}
	if served, err := f.Close(); err != nil || served != (Served{Why: "it uses credentials"}) {
		t.Errorf("%+v, %v", served, err)
	}
	second, app := start(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	url := strings.Replace(closed.URL, "//", "//user:canary@", 1)
	if got := ask(t, second, wanted{url, sum, filepath.Join(app, "a")}); got != "no" {
		t.Errorf("got %q", got)
	}
	served, err := second.Close()
	told := strings.Contains(served.Why, "refused") && !strings.Contains(served.Why, "canary")
	if err != nil || served.Refused != 1 || !told {
		t.Errorf("%+v, %v", served, err)
	}
}

// A link in the app leads nowhere, and a directory with files is npm's to empty.
func TestDirectories(t *testing.T) {
	data := packedOf(t, tar.Header{Typeflag: tar.TypeReg, Name: "package/index.js"})
	r := newRegistry(t, map[string][]byte{"/a": data})
	f, app := start(t)
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(app, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(app, "full/a"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"node_modules/a", "full"} {
		if got := ask(t, f, wanted{r.URL + "/a", integrityOf(data), filepath.Join(app, dir)}); got != "no" {
			t.Errorf("%s: %q", dir, got)
		}
	}
	if len(tree(t, outside)) != 0 || len(tree(t, filepath.Join(app, "full"))) != 1 {
		t.Error("a directory has changed")
	}
	if err := os.Mkdir(filepath.Join(app, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, f, wanted{r.URL + "/a", integrityOf(data), filepath.Join(app, "empty")}); got != "ok" {
		t.Errorf("empty: %q", got)
	}
}

// A package may be unpacked after those below its node_modules, which stay whatever happens to it.
func TestNestedPackages(t *testing.T) {
	file := tar.Header{Typeflag: tar.TypeReg, Name: "package/index.js"}
	whole, bad := packedOf(t, file), packedOf(t, file, tar.Header{Typeflag: tar.TypeChar, Name: "package/d"})
	r := newRegistry(t, map[string][]byte{"/whole": whole, "/bad": bad})
	f, app := start(t)
	for _, q := range []struct {
		url, dir, want string
		data           []byte
	}{
		{"/whole", "a/node_modules/inner", "ok", whole}, {"/whole", "a", "ok", whole},
		{"/whole", "b/node_modules/inner", "ok", whole}, {"/bad", "b", "no", bad},
	} {
		if got := ask(t, f, wanted{r.URL + q.url, integrityOf(q.data), filepath.Join(app, q.dir)}); got != q.want {
			t.Errorf("%s: %q", q.dir, got)
		}
	}
	found := tree(t, app)
	for name, want := range map[string]bool{
		"a/index.js": true, "a/node_modules/inner/index.js": true,
		"b/index.js": false, "b/node_modules/inner/index.js": true,
	} {
		if _, got := found[name]; got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A build that ends does not wait for a server that sends nothing.
func TestCloseEndsDownloads(t *testing.T) {
	r := newRegistry(t, nil)
	f, app := start(t, Archive{r.URL + "/never", sum})
	<-r.asked
	answer := make(chan string)
	go func() { answer <- ask(t, f, wanted{r.URL + "/never", sum, filepath.Join(app, "a")}) }()
	time.Sleep(50 * time.Millisecond)
	if _, err := f.Close(); err != nil {
		t.Error(err)
	}
	if got := <-answer; got == "ok" {
		t.Errorf("got %q", got)
	}
}

func TestRedirects(t *testing.T) {
	data := packedOf(t, tar.Header{Typeflag: tar.TypeReg, Name: "package/index.js"})
	plain := newRegistry(t, map[string][]byte{"/a": data})
	// The path has how many redirects follow; after them http is elsewhere.
	redirect := func(w http.ResponseWriter, r *http.Request) {
		switch left, _ := strconv.Atoi(r.URL.Path[1:]); left {
		case 0:
			_, _ = w.Write(data)
		case 100:
			http.Redirect(w, r, plain.URL+"/a", http.StatusFound)
		default:
			http.Redirect(w, r, fmt.Sprintf("/%d", left-1), http.StatusFound)
		}
	}
	safe, open := httptest.NewTLSServer(http.HandlerFunc(redirect)), httptest.NewServer(http.HandlerFunc(redirect))
	defer safe.Close()
	defer open.Close()
	client := NewClient()
	client.Transport = safe.Client().Transport
	for url, want := range map[string]bool{
		safe.URL + "/5": true, safe.URL + "/6": false, safe.URL + "/100": false, open.URL + "/100": true, open.URL +
			"/6": false,
	} {
		response, err := client.Get(url)
		if err == nil {
			err = response.Body.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestArgv(t *testing.T) {
	f, _ := start(t)
	dir := t.TempDir()
	for _, name := range []string{"npm-cli.js", "wrapper.sh"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("npm-cli.js", filepath.Join(dir, "npm")); err != nil {
		t.Fatal(err)
	}
	argv, err := f.Argv("/bin/node", filepath.Join(dir, "npm"))
	if err != nil || len(argv) != 4 || argv[3] != filepath.Join(dir, "npm-cli.js") {
		t.Fatalf("%v, %v", argv, err)
	}
	text, err := os.ReadFile(argv[2])
	if err != nil || !strings.Contains(string(text), `connect("`+f.dir) || strings.Contains(string(text), "SOCKET") {
		t.Errorf("%v: %s", err, text)
	}
	if _, err := f.Argv("/bin/node", filepath.Join(dir, "wrapper.sh")); err == nil {
		t.Error("a script is npm")
	}
}
