package apt

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unpacked returns a directory with the files of a package. "-> x" is a link to x, and a name with "/" at its end is an
// empty directory.
func unpacked(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if link, ok := strings.CutPrefix(text, "-> "); ok && err == nil {
			err = os.Symlink(link, file)
		} else if strings.HasSuffix(name, "/") && err == nil {
			err = os.MkdirAll(file, 0o755)
		} else if err == nil {
			err = os.WriteFile(file, []byte(text), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// filesBelow returns the files of a directory and the targets of its links, without DIR in front of either.
func filesBelow(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if d.Type() == fs.ModeSymlink {
			target, _ := os.Readlink(file) // it is one
			rel += " -> " + target
		}
		all = append(all, rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// finished adds a package to an empty layer and finishes it.
func finished(t *testing.T, files map[string]string, named, forImage bool) (dir string, libraries []string) {
	t.Helper()
	to := target{dir: t.TempDir(), forImage: forImage, owners: map[string]string{}, sizes: map[string]int64{}}
	if err := to.add(t.Context(), unpacked(t, files), "libx1", named); err != nil {
		t.Fatal(err)
	}
	libraries, err := to.finish()
	if err != nil {
		t.Fatal(err)
	}
	return to.dir, libraries
}

// poppler has a file of each kind that is treated in its own way.
var poppler = map[string]string{
	"usr/bin/tool": "program", "bin/small": "program", "usr/lib/x/libx.so.1": "library", "lib/liby.so": "library",
	"usr/lib/libx.so.1": "the loader's own", "usr/include/x.h": "header", "usr/lib/x/libx.a": "archive",
	"usr/lib/x/libx.la": "libtool", "usr/lib/x/pkgconfig/x.pc": "prefix=/usr\n", "usr/share/doc/x": "text",
	"usr/share/documents/x": "text", "usr/share/man/x": "text", "usr/share/libz.so": "not where libraries are",
	"usr/lib/x/z.so": "not a library by its name", "usr/lib/x/libz.so.txt/": "", "etc/x.conf": "settings",
	"var/lib/x": "state", "opt": "a file of that name", "usr/share/a.a/x": "in a directory",
}

func TestTheImageHasWhatRuns(t *testing.T) {
	dir, libraries := finished(t, poppler, true, true)
	want := []string{
		"lib/libx.so.1 -> ../root/usr/lib/libx.so.1", "lib/liby.so -> ../root/lib/liby.so",
		"programs/small -> ../root/bin/small", "programs/tool -> ../root/usr/bin/tool",
		"root/bin/small", "root/etc/x.conf", "root/lib/liby.so", "root/usr/bin/tool", "root/usr/lib/libx.so.1",
		"root/usr/lib/x/libx.so.1", "root/usr/lib/x/z.so", "root/usr/share/a.a/x", "root/usr/share/documents/x",
		"root/usr/share/libz.so",
	}
	if diff := cmp.Diff(want, filesBelow(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := []string{"libx.so.1=libx1", "liby.so=libx1"}; !slices.Equal(libraries, want) {
		t.Errorf("the libraries are %q", libraries)
	}
}

// A program is on PATH in the image only if the user has named its package. The build has what a compiler reads.
func TestProgramsAndHeaders(t *testing.T) {
	has := func(all []string, part string) bool {
		return slices.ContainsFunc(all, func(file string) bool { return strings.HasPrefix(file, part) })
	}
	image, _ := finished(t, poppler, false, true)
	build, _ := finished(t, poppler, true, false)
	for _, dir := range []string{image, build} {
		if has(filesBelow(t, dir), programsDir) {
			t.Errorf("programs are on PATH: %q", filesBelow(t, dir))
		}
	}
	for _, file := range []string{"usr/include/x.h", "usr/lib/x/libx.a", "usr/lib/x/libx.la",
		"usr/lib/x/pkgconfig/x.pc"} {
		if !has(filesBelow(t, build), "root/"+file) {
			t.Errorf("the build does not have %s", file)
		}
	}
}

// Links lead to the layer if it has the file, and to the image if not. None leads out of the layer.
func TestLinksOfPackages(t *testing.T) {
	dir, _ := finished(t, map[string]string{
		"usr/lib/liba.so.1": "", "usr/lib/relative": "-> liba.so.1", "usr/lib/absolute": "-> /usr/lib/liba.so.1",
		"usr/lib/theirs": "-> /usr/lib/libimage.so", "usr/lib/near": "-> libimage.so",
		"usr/lib/up": "-> ../../../../etc",
	}, false, true)
	want := []string{
		"lib/liba.so.1 -> ../root/usr/lib/liba.so.1", "root/usr/lib/absolute -> liba.so.1", "root/usr/lib/liba.so.1",
		"root/usr/lib/near -> /usr/lib/libimage.so", "root/usr/lib/relative -> liba.so.1",
		"root/usr/lib/theirs -> /usr/lib/libimage.so", "root/usr/lib/up -> /etc",
	}
	if diff := cmp.Diff(want, filesBelow(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The first file of a name has the link, and the others are no error.
func TestTwoPackagesHaveAProgramOfOneName(t *testing.T) {
	to := target{dir: t.TempDir(), forImage: true, owners: map[string]string{}, sizes: map[string]int64{}}
	for _, file := range []string{"usr/bin/tool", "bin/tool"} {
		if err := to.add(t.Context(), unpacked(t, map[string]string{file: ""}), "x", true); err != nil {
			t.Fatal(err)
		}
	}
	if link, err := os.Readlink(filepath.Join(to.dir, "programs/tool")); err != nil || link != "../root/usr/bin/tool" {
		t.Errorf("%q, %v", link, err)
	}
}

func TestFontsHaveAConfiguration(t *testing.T) {
	for _, c := range []struct {
		file string
		want bool
	}{{"usr/share/fonts/a.ttf", true}, {"usr/share/fonts", false}, {"usr/share/x", false}} {
		dir, _ := finished(t, map[string]string{c.file: ""}, false, true)
		text, _ := os.ReadFile(filepath.Join(dir, "fonts.conf")) // there may be none
		if got := strings.Contains(string(text), "<dir>"+dir+"/root/usr/share/fonts</dir>"); got != c.want {
			t.Errorf("%s: %v, %s", c.file, got, text)
		}
	}
}

// Only texts that tell a compiler where to look are changed.
func TestWhichFilesAreRedirected(t *testing.T) {
	const text = "prefix=/usr\n"
	long := text + strings.Repeat("#", maxScript-len(text))
	files := map[string]string{
		"usr/bin/pg_config": text, "usr/bin/x-config": text, "usr/lib/x.pc": text, "usr/bin/configure": text,
		"usr/lib/x-config": text, "usr/bin/binary-config": text + "\x00", "usr/bin/zero-config": "\x00\n" + text,
		"usr/bin/long-config": long, "usr/bin/longer-config": long + "#", "usr/bin/link-config": "-> pg_config",
	}
	dir, _ := finished(t, files, false, false)
	var changed []string
	for name, before := range files {
		data, err := os.ReadFile(filepath.Join(dir, rootDir, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != before && name != "usr/bin/link-config" {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	want := []string{"usr/bin/long-config", "usr/bin/pg_config", "usr/bin/x-config", "usr/lib/x.pc"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	image, _ := finished(t, files, false, true)
	if data, err := os.ReadFile(filepath.Join(image, rootDir, "usr/lib/x.pc")); err != nil || string(data) != text {
		t.Errorf("in the image: %q, %v", data, err)
	}
}
