package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// runtimeArchive has a small file, four megabytes that do not compress, and another small file.
func runtimeArchive(t *testing.T) []byte {
	t.Helper()
	noise := make([]byte, 4<<20)
	rand.New(rand.NewSource(1)).Read(noise)
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	packed := tar.NewWriter(zipped)
	for _, f := range []struct {
		name string
		data []byte
	}{{"first", []byte("1")}, {"noise", noise}, {"last", []byte("2")}} {
		err := packed.WriteHeader(&tar.Header{Name: "top/" + f.name, Typeflag: tar.TypeReg, Mode: 0o644,
			Size: int64(len(f.data))})
		if err == nil {
			_, err = packed.Write(f.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(packed.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// serve gives the answers of handle, counted from 1, and a dependency that is to be had there.
func serve(t *testing.T, data []byte, handle func(n int, w http.ResponseWriter)) versions.Release {
	t.Helper()
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		handle(n, w)
	}))
	t.Cleanup(server.Close)
	dep := release(server.URL)
	dep.SHA256, dep.Strip = fmt.Sprintf("%x", sha256.Sum256(data)), 1
	return dep
}

func checkInstalled(t *testing.T, dir string) {
	t.Helper()
	for name, want := range map[string]string{"first": "1", "last": "2", "stale": ""} {
		if data, _ := os.ReadFile(filepath.Join(dir, name)); string(data) != want {
			t.Errorf("%s holds %q, want %q", name, data, want)
		}
	}
}

func stale(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "runtime")
	if err := errors.Join(os.Mkdir(dir, 0o755),
		os.WriteFile(filepath.Join(dir, "stale"), []byte("x"), 0o644)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestInstallUnpacksWhileItDownloads(t *testing.T) {
	data, dir, early := runtimeArchive(t), stale(t), false
	dep := serve(t, data, func(_ int, w http.ResponseWriter) {
		w.Write(data[:2<<20])
		w.(http.Flusher).Flush()
		for range 1000 { // the server holds the second half back until the first is unpacked
			if got, err := os.ReadFile(filepath.Join(dir, "first")); err == nil && len(got) > 0 {
				early = true
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		w.Write(data[2<<20:])
	})
	if _, err := fetcher(t).Install(t.Context(), dep, dir, t.Logf); err != nil {
		t.Fatal(err)
	}
	if !early {
		t.Error("nothing was unpacked before the whole archive had come")
	}
	checkInstalled(t, dir)
}

func TestInstallBeginsAnewAfterABrokenDownload(t *testing.T) {
	data, dir := runtimeArchive(t), stale(t)
	dep := serve(t, data, func(n int, w http.ResponseWriter) {
		if n == 1 {
			w.Write(data[:3<<20]) // less than announced
			return
		}
		w.Write(data)
	})
	if _, err := fetcher(t).Install(t.Context(), dep, dir, t.Logf); err != nil {
		t.Fatal(err)
	}
	checkInstalled(t, dir)
}

func TestInstallTakesAnArchiveThatIsInTheBuildpack(t *testing.T) {
	data, dir := runtimeArchive(t), stale(t)
	dep := serve(t, data, func(int, http.ResponseWriter) { t.Error("it was downloaded") })
	f := fetcher(t)
	place := filepath.Join(f.cache.CachePath, dep.SHA256)
	if err := errors.Join(os.MkdirAll(place, 0o755), os.WriteFile(place+".toml", nil, 0o644),
		os.WriteFile(filepath.Join(place, "node.tar.gz"), data, 0o644)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Install(t.Context(), dep, dir, t.Logf); err != nil {
		t.Fatal(err)
	}
	checkInstalled(t, dir)
}

// The archive is read by its path: once with the dependency's checksum, once with another.
func TestInstallTakesAnArchiveOfAFileMirror(t *testing.T) {
	data, file := runtimeArchive(t), filepath.Join(t.TempDir(), "node.tar.gz")
	writeFile(t, file, string(data))
	dep := release("")
	dep.URI, dep.Strip = "file://"+file, 1
	for sum, id := range map[string]string{
		fmt.Sprintf("%x", sha256.Sum256(data)): "", fmt.Sprintf("%064d", 0): "download/checksum",
	} {
		dir := stale(t)
		dep.SHA256 = sum
		_, err := fetcher(t).Install(t.Context(), dep, dir, t.Logf)
		switch user, _ := fail.User(err); {
		case id == "" && err == nil:
			checkInstalled(t, dir)
		case id == "" || user == nil || user.ID != id:
			t.Errorf("got %v, want %q", err, id)
		default:
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		}
	}
}

// libpak trusts a file that lies in the buildpack. What is there is named, and what to do about it.
func TestAWrongArchiveInTheBuildpackIsNamed(t *testing.T) {
	data := runtimeArchive(t)
	dep := serve(t, data, func(int, http.ResponseWriter) { t.Error("it was downloaded") })
	f := fetcher(t)
	if err := lay(f.cache.CachePath, dep, otherArchive(t)); err != nil {
		t.Fatal(err)
	}
	_, err := f.Install(t.Context(), dep, stale(t), t.Logf)
	user, ok := fail.User(err)
	if !ok || user.Fix.String() != repackage.fix(dep).String() || !strings.Contains(user.Why, f.cache.CachePath) {
		t.Errorf("got %v", err)
	}
}
