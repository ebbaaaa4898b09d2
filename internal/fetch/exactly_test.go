package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/archive"
)

func gzipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	tw := tar.NewWriter(zw)
	err := tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: int64(len(text))})
	if _, writing := io.WriteString(tw, text); writing != nil || err != nil {
		t.Fatal(err, writing)
	}
	if err := errors.Join(tw.Close(), zw.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exactly unpacks data as the dependency that it is.
func exactly(t *testing.T, data []byte, dir string) error {
	t.Helper()
	dep := release("")
	dep.SHA256, dep.Strip = fmt.Sprintf("%x", sha256.Sum256(data)), 1
	_, err := unpackExactly(t.Context(), bytes.NewReader(data), dep, dir)
	return err
}

func TestUnpackExactly(t *testing.T) {
	whole := gzipped(t, "node-v22/bin/node", "elf")
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-8] ^= 1 // gzip's checksum
	for name, c := range map[string]struct {
		data []byte
		err  error // nil when it must arrive
	}{
		"an archive":               {whole, nil},
		"a damaged one":            {damaged, gzip.ErrChecksum},
		"half of one":              {whole[:len(whole)/2], io.ErrUnexpectedEOF},
		"one that leaves":          {gzipped(t, "node/../../evil", "x"), archive.ErrUnsafe},
		"something else, an error": {[]byte("<html>an error page</html>"), gzip.ErrHeader},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			err := exactly(t, c.data, dir)
			if c.err == nil {
				data, reading := os.ReadFile(filepath.Join(dir, "bin/node"))
				if err != nil || reading != nil || string(data) != "elf" {
					t.Errorf("got %q, %v, %v", data, err, reading)
				}
				return
			}
			if !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the directory is still there: %v", err)
			}
		})
	}
}

// Whatever else is wrong with an archive: one with another checksum is another archive.
func TestAnotherChecksumIsSaidBeforeAllElse(t *testing.T) {
	whole := gzipped(t, "node-v22/bin/node", "elf")
	for name, data := range map[string][]byte{
		"an archive": whole, "half of one": whole[:len(whole)/2], "nothing": nil,
		"one that leaves":     gzipped(t, "node/../../evil", "x"),
		"with more behind it": append(bytes.Clone(whole), 1), "twice": slices.Concat(whole, whole),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			dep := release("")
			dep.Strip = 1
			_, err := unpackExactly(t.Context(), bytes.NewReader(data), dep, dir)
			var other *mismatchError
			if !errors.As(err, &other) || other.got != fmt.Sprintf("%x", sha256.Sum256(data)) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the directory is still there: %v", err)
			}
		})
	}
}

func TestARuntimeHasLimits(t *testing.T) {
	var large bytes.Buffer // it says so, and ends there
	zw := gzip.NewWriter(&large)
	tw := tar.NewWriter(zw)
	err := tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "top/large", Mode: 0o644, Size: maxUnpacked})
	if err := errors.Join(err, zw.Close()); err != nil {
		t.Fatal(err)
	}
	if err := exactly(t, large.Bytes(), filepath.Join(t.TempDir(), "out")); !errors.Is(err, archive.ErrUnsafe) {
		t.Errorf("a large file: %v", err)
	}
	endless := io.LimitReader(zeros{}, maxPacked+10)
	_, err = unpackExactly(t.Context(), endless, release(""), filepath.Join(t.TempDir(), "out"))
	var other *mismatchError
	if !errors.As(err, &other) || !strings.Contains(other.got, "more than 512 MB") {
		t.Errorf("a long archive: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTheContextEndsUnpacking(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("stop"))
	_, err := unpackExactly(ctx, zeros{}, release(""), filepath.Join(t.TempDir(), "out"))
	var other *mismatchError
	if err == nil || errors.As(err, &other) {
		t.Errorf("got %v", err)
	}
}
