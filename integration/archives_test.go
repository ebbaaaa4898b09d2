package integration

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// zipped and tarGz make archives that are the same every time.
func zipped(files map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, files[name])
		}
		if err != nil {
			panic(err) // memory does not fail
		}
	}
	w.Close()
	return out.Bytes()
}

func tarGz(files map[string]string) []byte {
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	w := tar.NewWriter(compressed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name]))}); err != nil {
			panic(err)
		}
		_, _ = io.WriteString(w, files[name])
	}
	w.Close()
	compressed.Close()
	return out.Bytes()
}

func wheelSum() string {
	sum := sha256.Sum256(wheel())
	return hex.EncodeToString(sum[:])
}
