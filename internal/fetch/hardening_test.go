package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// otherArchive is a whole archive, valid in every way but for being another one.
func otherArchive(t *testing.T) []byte {
	t.Helper()
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	packed := tar.NewWriter(zipped)
	err := packed.WriteHeader(&tar.Header{Name: "top/first", Typeflag: tar.TypeReg, Mode: 0o755, Size: 4})
	_, wrote := packed.Write([]byte("EVIL"))
	if err := errors.Join(err, wrote, packed.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// slowly sends data in two halves, as every real download is slower than its unpacking; announced may be more than
// that.
func slowly(w http.ResponseWriter, data []byte, announced int) {
	w.Header().Set("Content-Length", fmt.Sprint(announced))
	_, _ = w.Write(data[:len(data)/2])
	w.(http.Flusher).Flush()
	time.Sleep(50 * time.Millisecond)
	_, _ = w.Write(data[len(data)/2:])
}

// What is unpacked is what was summed up, whoever answers, however often, and wherever the file lies.
func TestOnlyWhatHasTheChecksumIsInstalled(t *testing.T) {
	right, other := runtimeArchive(t), otherArchive(t)
	for name, c := range map[string]struct {
		answer func(n int, w http.ResponseWriter)
		lay    func(f Fetcher, dep versions.Release) error // files that are there before
		// with download/checksum; else the right archive is installed
		fails bool
	}{
		"another archive, then the right one": {answer: func(n int, w http.ResponseWriter) {
			if n == 1 {
				slowly(w, other, len(other))
				return
			}
			_, _ = w.Write(right)
		}},
		"another archive and a broken connection, then the right one": {answer: func(n int, w http.ResponseWriter) {
			if n == 1 {
				slowly(w, other, len(other)+100)
				return
			}
			_, _ = w.Write(right)
		}},
		"another archive every time": {answer: func(_ int, w http.ResponseWriter) { slowly(w, other, len(other)) },
			fails: true},
		"the right archive with more behind it": {answer: func(_ int, w http.ResponseWriter) {
			slowly(w, append(bytes.Clone(right), "more"...), len(right)+4)
		}, fails: true},
		"another archive in the buildpack": {lay: func(f Fetcher, dep versions.Release) error {
			return lay(f.cache.CachePath, dep, other)
		}, fails: true},
		"another archive where downloads go": {answer: func(_ int, w http.ResponseWriter) { _, _ = w.Write(right) },
			lay: func(f Fetcher, dep versions.Release) error {
				return lay(f.cache.DownloadPath, dep, other)
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.answer == nil {
				c.answer = func(int, http.ResponseWriter) { t.Error("it was downloaded") }
			}
			dep, dir, f := serve(t, right, c.answer), filepath.Join(t.TempDir(), "runtime"), fetcher(t)
			// as shipped: what follows the first file must not be at its end before the second has come
			f.wait = firstWait
			if c.lay != nil {
				if err := c.lay(f, dep); err != nil {
					t.Fatal(err)
				}
			}
			_, err := f.Install(t.Context(), dep, dir, t.Logf)
			if got, _ := os.ReadFile(filepath.Join(dir, "first")); string(got) == "EVIL" {
				t.Errorf("another archive is installed (error: %v)", err)
			}
			switch user, ok := fail.User(err); {
			case c.fails && (!ok || user.ID != "download/checksum"):
				t.Errorf("got %v, want download/checksum", err)
			case c.fails:
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("%v is left", left)
				}
			case err != nil:
				t.Error(err)
			default:
				checkInstalled(t, dir)
			}
		})
	}
}

// lay puts an archive where libpak takes it for verified.
func lay(below string, dep versions.Release, data []byte) error {
	place := filepath.Join(below, dep.SHA256)
	return errors.Join(os.MkdirAll(place, 0o755), os.WriteFile(place+".toml", nil, 0o644),
		os.WriteFile(filepath.Join(place, filepath.Base(dep.URI)), data, 0o644))
}
