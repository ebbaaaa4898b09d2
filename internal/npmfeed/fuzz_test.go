package npmfeed

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// Whatever an archive has, only files and directories of the package are made; or nothing, if it is refused.
func FuzzUnpack(f *testing.F) {
	for _, name := range []string{"package/a", "package/../a", "/a", "package/.gitignore", "a"} {
		zipped := hostile.Tgz(f, []tar.Header{{Typeflag: tar.TypeReg, Name: name, Mode: 0o644}},
			func(tar.Header) string { return "text" })
		unzipped, err := gzip.NewReader(bytes.NewReader(zipped))
		if err != nil {
			f.Fatal(err)
		}
		plain, err := io.ReadAll(unzipped)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		if _, err := w.Write(plain); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		feed := &Feed{root: filepath.Join(dir, "app"), umask: 0o022}
		if err := os.Mkdir(feed.root, 0o755); err != nil {
			t.Fatal(err)
		}
		refused := feed.into(t.Context(), "node_modules/a", zipped.Bytes()) != nil
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case !d.IsDir() && !d.Type().IsRegular():
				t.Errorf("%q is a %s", name, d.Type())
			case name != "." && !strings.HasPrefix("app/node_modules/a", name) &&
				!strings.HasPrefix(name, "app/node_modules/a/"):
				t.Errorf("%q is outside", name)
			case refused && strings.HasPrefix(name, "app/node_modules/a/"):
				t.Errorf("%q is left", name)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
