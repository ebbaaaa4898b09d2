package hostile

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"
)

// Tgz returns a gzipped tar archive with entries. content returns what a file has.
func Tgz(t testing.TB, entries []tar.Header, content func(h tar.Header) string) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, h := range entries {
		text := ""
		if h.Typeflag == tar.TypeReg {
			text = content(h)
		}
		h.Size = int64(len(text))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
