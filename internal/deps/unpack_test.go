package deps

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
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

func TestUnpack(t *testing.T) {
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
			dir := t.TempDir()
			file := filepath.Join(dir, "x.tar.gz")
			writeFile(t, file, string(c.data))
			err := Unpack(t.Context(), file, filepath.Join(dir, "out"), 1)
			if c.err == nil {
				data, reading := os.ReadFile(filepath.Join(dir, "out/bin/node"))
				if err != nil || reading != nil || string(data) != "elf" {
					t.Errorf("got %q, %v, %v", data, err, reading)
				}
			} else if err == nil {
				t.Errorf("no error, want %v", c.err)
			} else if !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
		})
	}
}
