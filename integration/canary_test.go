package integration

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/sclevine/spec"
)

// bird begins every canary: a secret that tests give to a build and then look for in all that it made. What follows
// says where it was given, so that one search finds all. There is no dash in it: it must survive every way of writing.
const bird = "c4n4ryOfTandem"

func canary(where string) string { return bird + where }

// forms are how bird may be written: as it is and in base64, where its letters depend on what stands before them.
var forms = func() [][]byte {
	all := [][]byte{[]byte(bird)}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", shift) + bird))
		begin := []int{0, 2, 3}[shift] // the letters before have bits of what stands there
		end := len(encoded) / 4 * 4
		all = append(all, []byte(strings.TrimRight(encoded[begin:end], "=")[:12]))
	}
	return all
}()

// found is a canary and where it lies, with the archives around it.
type found struct{ path, text string }

func (f found) String() string { return f.path + ": …" + f.text + "…" }

// search looks for canaries in all files and names below dir, and in what is in archives and compressed files: a phases
// folder, or a folder with an image that docker save has written. skip says which folders are left out.
func search(dir string, skip ...string) (all []found, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skip, rel):
			return fs.SkipDir
		}
		all = append(all, searchText(rel, []byte(rel))...)
		if d.Type() == fs.ModeSymlink {
			target, err := os.Readlink(path)
			all = append(all, searchText(rel, []byte(target))...)
			return err
		}
		if !d.Type().IsRegular() {
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		more, err := searchStream(rel, f)
		all = append(all, more...)
		return err
	})
	return all, err
}

func searchText(path string, text []byte) (all []found) {
	if i := bytes.IndexByte(text, '%'); i >= 0 && i+2 < len(text) {
		if plain := unescaped(text); len(plain) < len(text) {
			all = append(all, searchForms(path, plain)...)
		}
	}
	return append(all, searchForms(path, text)...)
}

func searchForms(path string, text []byte) (all []found) {
	for _, form := range forms {
		if i := bytes.Index(text, form); i >= 0 {
			all = append(all, found{path, string(bytes.ToValidUTF8(text[max(0, i-20):min(len(text), i+40)], nil))})
		}
	}
	return all
}

// unescaped is text with its percent-encoding undone: any letter of a canary may be written so.
func unescaped(text []byte) []byte {
	plain := make([]byte, 0, len(text))
	for {
		i := bytes.IndexByte(text, '%')
		if i < 0 || i+2 >= len(text) {
			return append(plain, text...)
		}
		plain = append(plain, text[:i]...)
		if letter, err := strconv.ParseUint(string(text[i+1:i+3]), 16, 8); err == nil {
			plain, text = append(plain, byte(letter)), text[i+3:]
		} else {
			plain, text = append(plain, '%'), text[i+1:]
		}
	}
}

const window = 1 << 20

// windows has the buffers that no scan uses now: to clear a new one for each of many small files takes longer than to
// search them.
var windows = sync.Pool{New: func() any { return new([window]byte) }}

// searchStream looks into one file as it is, and into what it holds.
func searchStream(path string, r io.Reader) (all []found, err error) {
	var inside func(io.Reader) ([]found, error)
	in := bufio.NewReaderSize(r, 1<<16)
	head, _ := in.Peek(512) // a short file is one too
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		inside = func(r io.Reader) ([]found, error) { return through(path+"!gz", r, asReader(gzip.NewReader)) }
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		inside = func(r io.Reader) ([]found, error) {
			return through(path+"!zst", r,
				func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) })
		}
	// a zlib stream: git's objects, and others
	case len(head) > 2 && head[0] == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0:
		inside = func(r io.Reader) ([]found, error) { //nolint:unparam // the others have errors
			found, _ := through(path+"!z", r, asReader(zlib.NewReader)) // with an error it only looked like one
			return found, nil
		}
	case len(head) > 262 && string(head[257:262]) == "ustar":
		inside = func(r io.Reader) ([]found, error) { return searchTar(path, r) }
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		inside = func(r io.Reader) ([]found, error) { return searchZip(path, r) }
	}
	if inside == nil {
		return scan(path, in, nil)
	}
	// Archives are looked at both ways: not all in them needs be compressed, and names may stand in their tables only.
	pipe, feed := io.Pipe()
	done := make(chan error, 1)
	var within []found
	go func() {
		var err error
		within, err = inside(pipe)
		_, rest := io.Copy(io.Discard, pipe)
		done <- errors.Join(err, rest)
	}()
	all, err = scan(path, in, feed)
	feed.Close()
	err = errors.Join(err, <-done)
	return append(all, within...), err
}

func asReader[T io.Reader](open func(io.Reader) (T, error)) func(io.Reader) (io.Reader, error) {
	return func(r io.Reader) (io.Reader, error) { return open(r) }
}

func through(path string, r io.Reader, open func(io.Reader) (io.Reader, error)) ([]found, error) {
	content, err := open(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return searchStream(path, content)
}

// scan reads r in pieces that overlap, and copies it to w.
func scan(path string, r io.Reader, w io.Writer) (all []found, err error) {
	array := windows.Get().(*[window]byte)
	defer windows.Put(array)
	buffer, have := array[:], 0
	for {
		n, err := io.ReadFull(r, buffer[have:])
		if w != nil && n > 0 {
			if _, err := w.Write(buffer[have : have+n]); err != nil {
				return all, err
			}
		}
		all = append(all, searchText(path, buffer[:have+n])...)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return all, nil
		}
		if err != nil {
			return all, fmt.Errorf("%s: %w", path, err)
		}
		have = copy(buffer, buffer[have+n-64:have+n])
	}
}

func searchTar(path string, r io.Reader) (all []found, err error) {
	archive := tar.NewReader(r)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, fmt.Errorf("%s: %w", path, err)
		}
		name := path + "!" + header.Name
		for _, text := range append([]string{header.Name, header.Linkname, header.Uname}, records(header)...) {
			all = append(all, searchText(name, []byte(text))...)
		}
		more, err := searchStream(name, archive)
		all = append(all, more...)
		if err != nil {
			return all, err
		}
	}
}

func records(header *tar.Header) (texts []string) {
	for name, value := range header.PAXRecords {
		texts = append(texts, name+"="+value)
	}
	return texts
}

func searchZip(path string, r io.Reader) (all []found, err error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil // Python's launchers for Windows begin otherwise, and some test data is broken on purpose
	}
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			continue // encrypted, or packed in a way of its own
		}
		more, err := searchStream(path+"!"+file.Name, content)
		all = append(all, more...)
		if err := errors.Join(err, content.Close()); err != nil {
			return all, err
		}
	}
	return all, nil
}

// noCanaries searches a phases folder and the log of its last build. The platform's folder has them all.
func noCanaries(t *testing.T, dir, log string) {
	t.Helper()
	all, err := search(dir, "platform", "lifecycle", "buildpacks")
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, searchText("the log", []byte(log))...)
	for _, f := range all[:min(len(all), 20)] {
		t.Errorf("a secret is in what the build made: %s", f)
	}
}

// The search finds what is put in each place on purpose: else nothing found would prove nothing.
func TestTheSearchFindsASecretEverywhere(t *testing.T) {
	t.Parallel()
	spec.Run(t, "search", func(t *testing.T, _ spec.G, it spec.S) {
		it("finds a secret everywhere", func() {
			secret := []byte("key = " + canary("Here") + "\n")
			places := map[string]func() []byte{
				"text":              func() []byte { return secret },
				"behind a megabyte": func() []byte { return append(bytes.Repeat([]byte{'x'}, window-10), secret...) },
				"percent":           func() []byte { return []byte("?a=%63%34n4ry%4ffTandemHere") },
				"percent, each":     func() []byte { return []byte("100% " + percent(canary("Here"))) },
				"base64": func() []byte {
					return []byte(base64.StdEncoding.EncodeToString([]byte("user:" +
						canary("Here"))))
				},
				"base64, shifted": func() []byte {
					return []byte(base64.StdEncoding.EncodeToString([]byte("user7:" +
						canary("Here"))))
				},
				"base64, shifted 2": func() []byte {
					return []byte(base64.StdEncoding.EncodeToString([]byte("user77:" +
						canary("Here"))))
				},
				"label of an image": func() []byte {
					return []byte(`{"config": {"Labels": {"a": "{\"b\": \"` +
						canary("Here") + `\"}"}}}`)
				},
				"gzip":               func() []byte { return wrapped(t, secret, "gz") },
				"zstd":               func() []byte { return wrapped(t, secret, "zst") },
				"zlib":               func() []byte { return wrapped(t, secret, "z") },
				"tar":                func() []byte { return wrapped(t, secret, "tar") },
				"name in a tar":      func() []byte { return wrapped(t, nil, "tar:"+canary("Here")) },
				"tar.gz":             func() []byte { return wrapped(t, secret, "tar", "gz") },
				"layer of an image":  func() []byte { return wrapped(t, secret, "tar", "gz", "tar") },
				"wheel":              func() []byte { return wrapped(t, secret, "zip") },
				"wheel in a tar.zst": func() []byte { return wrapped(t, secret, "zip", "tar", "zst") },
				"gzip in a wheel":    func() []byte { return wrapped(t, secret, "gz", "zip") },
				"bytecode":           func() []byte { return append([]byte("\xcb\r\r\n\x01\x00\x00\x00\xe3\x00\x00\x00\xda\x16"), secret...) },
				"packed layer":       func() []byte { return wrapped(t, secret, "tar", "zst", "tar", "gz") },
			}
			for name, make := range places {
				dir := t.TempDir()
				put(t, filepath.Join(dir, "layers/some/file"), string(make()))
				put(t, filepath.Join(dir, "platform/env/SECRET"), canary("Platform"))
				all, err := search(dir, "platform")
				if err != nil || len(all) == 0 || strings.Contains(fmt.Sprint(all), "platform") {
					t.Errorf("%s: got %v, %v", name, all, err)
				}
			}
			dir := t.TempDir()
			put(t, filepath.Join(dir, canary("Name")), "")
			put(t, filepath.Join(dir, "clean.tar.gz"), string(wrapped(t, []byte("nothing"), "tar", "gz")))
			if err := os.Symlink(canary("Link"), filepath.Join(dir, "link")); err != nil {
				t.Fatal(err)
			}
			if all, err := search(dir); err != nil || len(all) != 2 {
				t.Errorf("names: got %v, %v", all, err)
			}
		})
	}, spec.Parallel())
}

// percent writes each letter as its code.
func percent(text string) string {
	var out strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&out, "%%%02x", text[i])
	}
	return out.String()
}

// wrapped wraps data in archives, the innermost first.
func wrapped(t *testing.T, data []byte, ways ...string) []byte {
	t.Helper()
	for _, way := range ways {
		var out bytes.Buffer
		way, name, _ := strings.Cut(way, ":")
		var err error
		switch way {
		case "gz":
			w := gzip.NewWriter(&out)
			_, err = w.Write(data)
			err = errors.Join(err, w.Close())
		case "z":
			w := zlib.NewWriter(&out)
			_, err = w.Write(data)
			err = errors.Join(err, w.Close())
		case "zst":
			w, _ := zstd.NewWriter(&out)
			_, err = w.Write(data)
			err = errors.Join(err, w.Close())
		case "tar":
			w := tar.NewWriter(&out)
			err = w.WriteHeader(&tar.Header{Name: "dir/file" + name, Mode: 0o644, Size: int64(len(data))})
			_, wrote := w.Write(data)
			err = errors.Join(err, wrote, w.Close())
		case "zip":
			w := zip.NewWriter(&out)
			f, made := w.Create("dir/file")
			_, wrote := f.Write(data)
			err = errors.Join(err, made, wrote, w.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		data = out.Bytes()
	}
	return data
}
