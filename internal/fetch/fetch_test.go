package fetch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

const content = "the archive"

func fetcher(t *testing.T, bindings ...libcnb.Binding) Fetcher {
	t.Helper()
	f, err := NewFetcher(libcnb.Buildpack{Path: t.TempDir()}, bindings, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f.wait = time.Millisecond
	return f
}

func release(uri string) versions.Release {
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	return versions.Release{ID: versions.Node, Version: "22.1.0", URI: uri + "/dist/node.tar.gz", SHA256: sum}
}

// lines collects lines as a branch of the log does.
type lines struct{ strings.Builder }

func (l *lines) say(format string, args ...any) { fmt.Fprintf(l, format+"\n", args...) }

// answers gives one status after the other, the last one for ever; 200 comes with the content, 299 with another.
func answers(t *testing.T, statuses ...int) (*httptest.Server, *atomic.Int32) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := statuses[min(int(asked.Add(1)), len(statuses))-1]
		switch status {
		case 200:
			fmt.Fprint(w, content)
		case 299:
			fmt.Fprint(w, "something else")
		case -1: // less than announced
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "some")
		default:
			w.WriteHeader(status)
		}
	}))
	t.Cleanup(server.Close)
	return server, &asked
}

func TestFetch(t *testing.T) {
	for name, c := range map[string]struct {
		statuses []int
		asked    int32
		code     string // of the error; "" when it arrives
		evidence string
	}{
		"at once":                      {[]int{200}, 1, "", ""},
		"after an error of the server": {[]int{500, 200}, 2, "", ""},
		"after two":                    {[]int{503, 429, 200}, 3, "", ""},
		"after a broken connection":    {[]int{-1, 200}, 2, "", ""},
		"after a wrong file":           {[]int{299, 200}, 2, "", ""},
		"three errors": {[]int{502, 502, 502, 200}, 3, "download/unreachable",
			"Attempts: 3. The last: the server answered 502 Bad Gateway"},
		"three broken connections": {[]int{-1, -1, -1, 200}, 3, "download/unreachable", "unexpected EOF"},
		"not there":                {[]int{404, 200}, 1, "download/unreachable", "answered 404 Not Found"},
		"not allowed":              {[]int{403, 200}, 1, "download/unreachable", "answered 403 Forbidden"},
		"two wrong files": {[]int{299, 299, 200}, 2, "download/checksum",
			fmt.Sprintf("received: %x", sha256.Sum256([]byte("something else")))},
	} {
		t.Run(name, func(t *testing.T) {
			server, asked := answers(t, c.statuses...)
			f, out := fetcher(t), new(lines)
			dep := release(strings.Replace(server.URL, "http://", "http://token:secret@", 1))
			path, err := f.Fetch(t.Context(), dep, out.say)
			if n := asked.Load(); n != c.asked {
				t.Errorf("the server was asked %d times, want %d", n, c.asked)
			}
			if c.code == "" {
				if data, reading := os.ReadFile(path); err != nil || reading != nil || string(data) != content {
					t.Errorf("got %q, %v, %v", data, err, reading)
				}
			} else {
				failure, ok := fail.User(err)
				if !ok || failure.ID != c.code || !strings.Contains(failure.Why, c.evidence) ||
					!strings.Contains(failure.Why, server.URL+"/dist/") {
					t.Errorf("got %v, want %s with %q", err, c.code, c.evidence)
				}
				if strings.HasPrefix(name, "three") != failure.Temporary {
					t.Errorf("temporary: %v", failure.Temporary)
				}
				if left, _ := filepath.Glob(filepath.Join(f.cache.DownloadPath, "*")); len(left) != 0 {
					t.Errorf("left behind: %v", left)
				}
			}
			all := fmt.Sprint(out.String(), err, errors.Unwrap(err))
			if strings.Contains(all, "secret") || strings.Contains(all, "token") {
				t.Errorf("the credentials are shown: %s", all)
			}
			if !strings.Contains(out.String(), "Downloading "+server.URL) {
				t.Errorf("the log does not say where from: %s", out)
			}
		})
	}
}

func TestFetchSaysWhatToDoAboutANetworkThatIsNotThere(t *testing.T) {
	server, _ := answers(t, 200)
	dep := release(server.URL)
	server.Close()
	_, err := fetcher(t).Fetch(t.Context(), dep, new(lines).say)
	if failure, ok := fail.User(err); !ok || failure.ID != "download/unreachable" ||
		!strings.Contains(failure.Why, "connection refused") ||
		!strings.Contains(failure.Fix.String(), mirrorVariable) {
		t.Errorf("got %v", err)
	}
}

func TestFetchSaysWhatToDoAboutACertificateThatIsNotTrusted(t *testing.T) {
	// libpak does not look at certificates of 127.0.0.1; the other loopback addresses are like any.
	listener, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("no second loopback address: ", err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	_ = server.Listener.Close() // the one of 127.0.0.1 has no connections
	server.Listener = listener
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	out := new(lines)
	_, err = fetcher(t).Fetch(t.Context(), release(server.URL), out.say)
	if failure,
		ok := fail.User(err); !ok || !strings.Contains(failure.Why, "x509") ||
		!strings.Contains(failure.Fix.String(), "ca-certificates") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(out.String(), "Downloading"); n != 1 {
		t.Errorf("%d attempts, want one: another one would end the same", n)
	}
}

func TestFetchEndsWithTheContext(t *testing.T) {
	stop := errors.New("the other branch has failed")
	started, resume := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "some")
		w.(http.Flusher).Flush()
		started <- struct{}{}
		<-resume
	}))
	defer server.Close()
	defer close(resume)
	ctx, cancel := context.WithCancelCause(t.Context())
	var asked time.Time
	go func() {
		<-started
		asked = time.Now()
		cancel(stop)
	}()
	f := fetcher(t)
	_, err := f.Fetch(ctx, release(server.URL), new(lines).say)
	if took := time.Since(asked); !errors.Is(err, stop) || took > time.Second {
		t.Errorf("got %v after %v, want %v at once", err, took, stop)
	}
	f.wait = time.Hour
	failing, _ := answers(t, 500)
	ctx, cancel = context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(stop) })
	if _, err := f.Fetch(ctx, release(failing.URL), new(lines).say); !errors.Is(err, stop) {
		t.Errorf("while it waits: got %v, want %v", err, stop)
	}
}

func TestTwoBranchesFetchAtOnce(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request) {
		fmt.Fprint(w, r.URL.Path)
	}))
	defer server.Close()
	f := fetcher(t, libcnb.Binding{Type: "dependency-mapping", Secret: map[string]string{"00": "https://x/y"}})
	var all sync.WaitGroup
	for _, path := range []string{"/node.tar.gz", "/python.tar.gz"} {
		dep := release(server.URL)
		dep.URI, dep.SHA256 = server.URL+path, fmt.Sprintf("%x", sha256.Sum256([]byte(path)))
		all.Go(func() {
			file, err := f.Fetch(t.Context(), dep, new(lines).say)
			if data, reading := os.ReadFile(file); err != nil || reading != nil || string(data) != path {
				t.Errorf("got %q, %v, %v, want %q", data, err, reading, path)
			}
		})
	}
	all.Wait()
}

func TestNothingIsFetchedWithoutAChecksum(t *testing.T) {
	server, asked := answers(t, 200)
	dep := release(server.URL)
	dep.SHA256 = ""
	if _, err := fetcher(t).Fetch(t.Context(), dep, new(lines).say); err == nil || asked.Load() != 0 {
		t.Errorf("got %v after %d requests", err, asked.Load())
	}
}

func TestLibpakGetsWhatAnSBOMNeeds(t *testing.T) {
	dep := dependency(versions.Release{ID: versions.Python, Version: "3.13.1", Arch: "amd64", EOL: "2029-10-31",
		Strip: 1,
		URI:   "https://x/python.tar.gz", SHA256: strings.Repeat("AB", 32)})
	if got, want := string(dep.Checksum), "sha256:"+strings.Repeat("ab", 32); got != want {
		t.Errorf("got checksum %s, want %s: libpak compares lower-case digits", got, want)
	}
	if want := time.Date(2029, 10, 31, 0, 0, 0, 0, time.UTC); !dep.EOLDate.Equal(want) {
		t.Errorf("got the end of life %v, want %v", dep.EOLDate, want)
	}
	if len(dep.CPEs) != 1 || len(dep.GetPURLS()) != 1 || len(dep.Licenses) == 0 || dep.Name == "" ||
		dep.StripComponents != 1 {
		t.Errorf("got %+v", dep)
	}
	if _, err := dep.AsSyftArtifact("here"); err != nil {
		t.Error(err)
	}
}
