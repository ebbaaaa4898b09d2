package node

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// packed writes an archive with one file, below a directory of any name, and returns the archive's name.
func packed(t *testing.T, name, text string) string {
	t.Helper()
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	entries := tar.NewWriter(zipped)
	header := &tar.Header{Name: "top/" + name, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(text))}
	err := entries.WriteHeader(header)
	_, writing := entries.Write([]byte(text))
	if err := errors.Join(err, writing, entries.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.tgz")
	if err := os.WriteFile(file, data.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// package.json may have the checksum of the one file of Yarn 2 and later.
func TestTheChecksumOfAPackageManagerIsCompared(t *testing.T) {
	archive := packed(t, "bin/yarn.js", "abc")
	for hash, id := range map[string]string{
		"sha224.23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7": "",
		"sha224.33097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7": "node/manager-checksum",
		"md5.900150983cd24fb0d6963f7d28e17f72":                            "node/manager-checksum",
	} {
		err := checkTool(archive, plan.Project{Manager: manager.YarnBerry, Tool: plan.Tool{Hash: hash}})
		user, _ := fail.User(err)
		if id == "" && err != nil || id != "" && (user == nil || user.ID != id) {
			t.Errorf("%s: got %v", hash, err)
		}
	}
}

func TestAnArchiveWithoutTheFileHasNoChecksum(t *testing.T) {
	archive := packed(t, "bin/other.js", "abc")
	err := checkTool(archive, plan.Project{Manager: manager.YarnBerry, Tool: plan.Tool{Hash: "sha1.00"}})
	if _, ok := fail.User(err); err == nil || ok {
		t.Errorf("got %v", err)
	}
}
