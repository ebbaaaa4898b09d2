package archive

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// The tree that the benchmarks pack and unpack: $TANDEM_BENCH_TREE, a node_modules for example, else 5,000 files made
// here.
func benchTree(b *testing.B) string {
	b.Helper()
	if dir := os.Getenv("TANDEM_BENCH_TREE"); dir != "" {
		return dir
	}
	dir := b.TempDir()
	for i := range 5000 {
		name := filepath.Join(dir, fmt.Sprintf("package-%d/dist/esm", i/20), fmt.Sprintf("module-%d.js", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		text := fmt.Appendf(nil, "export const value%d = %d;\n", i, i*i)
		if err := os.WriteFile(name, bytes.Repeat(text, 1+i%200), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// formats are ways to compress a packed copy.
var formats = []struct {
	name   string
	writer func(w io.Writer) (io.WriteCloser, error)
	reader func(r io.Reader) (io.Reader, error)
}{
	{"tar", func(w io.Writer) (io.WriteCloser, error) { return nopCloser{w}, nil },
		func(r io.Reader) (io.Reader, error) { return r, nil }},
	{"gzip", func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"s2", func(w io.Writer) (io.WriteCloser, error) { return s2.NewWriter(w), nil },
		func(r io.Reader) (io.Reader, error) { return s2.NewReader(r), nil }},
	{"zstd-fastest", zstdWriter(zstd.SpeedFastest), zstdReader},
	{"zstd-default", zstdWriter(zstd.SpeedDefault), zstdReader},
	{"zstd-better", zstdWriter(zstd.SpeedBetterCompression), zstdReader},
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func zstdWriter(level zstd.EncoderLevel) func(w io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w, zstd.WithEncoderLevel(level)) }
}

func zstdReader(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) }

func BenchmarkPack(b *testing.B) {
	tree := Tree{Base: benchTree(b), Roots: []string{"."}}
	for _, f := range formats {
		b.Run(f.name, func(b *testing.B) {
			var size int
			for b.Loop() {
				size = len(packed(b, tree, f.writer))
			}
			b.ReportMetric(float64(size)/1e6, "MB")
		})
	}
}

func BenchmarkUnpack(b *testing.B) {
	tree := Tree{Base: benchTree(b), Roots: []string{"."}}
	for _, f := range formats {
		data := packed(b, tree, f.writer)
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				dir := b.TempDir()
				b.StartTimer()
				r, err := f.reader(bytes.NewReader(data))
				if err == nil {
					err = Extract(context.Background(), r, dir, Options{AnyLink: true})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func packed(b *testing.B, tree Tree, writer func(w io.Writer) (io.WriteCloser, error)) []byte {
	b.Helper()
	var out bytes.Buffer
	w, err := writer(&out)
	if err == nil {
		err = Write(context.Background(), w, tree)
	}
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// What a manifest costs: with and without it, as a runtime is unpacked from its archive and as a kept copy is.
// TANDEM_BENCH_TREE=an unpacked Node.js go test -bench Manifest -count 6 ./internal/archive
func BenchmarkManifest(b *testing.B) {
	tree := Tree{Base: benchTree(b), Roots: []string{"."}}
	for _, f := range formats {
		if f.name != "gzip" && f.name != "zstd-fastest" {
			continue
		}
		data := packed(b, tree, f.writer)
		for _, listed := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/listed=%v", f.name, listed), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					dir := b.TempDir()
					b.StartTimer()
					r, err := f.reader(bytes.NewReader(data))
					if err != nil {
						b.Fatal(err)
					}
					if listed {
						_, err = ExtractListed(context.Background(), r, dir, Options{AnyLink: true})
					} else {
						err = Extract(context.Background(), r, dir, Options{AnyLink: true})
					}
					if err != nil {
						b.Fatal(err)
					}
					b.StopTimer()
					if err := os.RemoveAll(dir); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
			})
		}
	}
}
