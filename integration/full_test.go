package integration

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// filler fills $CACHE_DIR, which is next to the layers. It is no Node.js: that may hang where it ends on a full disk.
const filler = `cat /dev/zero >$CACHE_DIR/big`

// full are builds on disks for the layers that are too small.
var full = []struct {
	name  string
	room  []string // what fits: Python, uv
	size  int      // in MB, besides that
	files map[string]string
	want  []string // in the log, of which the last is the build's error; none: the build is right, without some copies
}{
	{name: "Python does not fit", size: 20, files: plainFiles, want: []string{"unpack", "no space left on device"}},
	{name: "uv does not fit", room: []string{"python"}, size: 10, files: plainFiles,
		want: []string{"unpack", "no space left on device"}},
	{name: "the Python packages do not fit", room: []string{"python", "uv"}, size: 10,
		files: map[string]string{"requirements.txt": "django==5.2.4\n"},
		want:  []string{"The Python packages could not be installed:", "No space left on device"}},
	{name: "an install script of npm's finds no space", size: 900,
		files: map[string]string{"requirements.txt": "",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "7.0.0"}, "scripts": ` +
				`{"preinstall": "` +
				strings.ReplaceAll(filler, "CACHE_DIR", "npm_config_cache") + `"}}`},
		want: []string{"The Node.js packages could not be installed:", "o space left on device"}},
	{name: "a script finds no space", size: 900,
		files: map[string]string{"requirements.txt": "", "package.json": `{"scripts": {"build": "` + filler + `"}}`,
			"bin/post_compile": ""},
		want: []string{"The script of package.json failed: npm run build:", "No space left on device"}},
	{name: "a hook finds no space", room: []string{"python", "uv"}, size: 12,
		files: map[string]string{"requirements.txt": "", "bin/post_compile": "cat /dev/zero >\"$CACHE_DIR/big\"\n"},
		want:  []string{"The app's hook bin/post_compile failed:", "No space left on device"}},
	{name: "only a copy does not fit", room: []string{"python", "uv"}, size: 45, files: map[string]string{
		"requirements.txt": "", "bin/post_compile": "head -c 25000000 /dev/urandom >\"$CACHE_DIR/big\"\n"}},
}

// A full disk ends the build with an error that names it, or costs copies for the next build; it never gives a wrong
// image.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		skip(t, "root", errors.New("only root can make small disks"))
	}
	sizes := map[string]int{"python": pythonSize(t), "uv": uvSize(t)}
	spec.Run(t, "full disk", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range full {
			it(c.name, func() {
				p := phases(t)
				size := c.size
				for _, name := range c.room {
					size += sizes[name]
				}
				disk(t, filepath.Join(p.Dir, "layers"), size)
				log, err := p.Build(t.Context(), devenv.Build{App: write(t, c.files)})
				if c.want == nil {
					if err != nil {
						t.Fatalf("%v\n%s", err, log)
					}
					contains(t, log, []string{"not cached (", "no space left on device"}, nil)
					if out,
						err := os.ReadFile(filepath.Join(p.Layers, "python/bin/python3")); err != nil || len(out) == 0 {
						t.Errorf("there is no Python to ship: %v", err)
					}
					return
				}
				if err == nil {
					t.Fatalf("the build succeeds:\n%s", log)
				}
				contains(t, message(log, p.Dir),
					append(c.want, "The disk of the build is full", "MB free of", "[build/disk-full]"),
					[]string{"internal error"})
			})
		}
	}, spec.Parallel())
}

// pythonSize returns how much space Python's layer and its copy for the next build take, in MB: the copy is made while
// the packages are installed.
func pythonSize(t *testing.T) int {
	t.Helper()
	p := phases(t)
	mustBuild(t, p, devenv.Build{App: write(t, plainFiles)})
	blocks := int64(0)
	for _, layer := range []string{"python", "cache-python"} {
		err := filepath.WalkDir(filepath.Join(p.Layers, layer), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			blocks += (info.Size() + 4095) / 4096
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return int(blocks * 4096 >> 20)
}

// uvSize is what uv takes beside the layers while packages are installed, in MB.
func uvSize(t *testing.T) int {
	t.Helper()
	buildpack, err := env.Buildpack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(buildpack, "dependencies/*/uv-*.tar.gz"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	file, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	for entries := tar.NewReader(unzipped); ; {
		h, err := entries.Next()
		if err != nil {
			return int(size>>20) + 1
		}
		size += h.Size
	}
}

// disk mounts one of so many MB, in memory, for the user that builds.
func disk(t *testing.T, dir string, size int) {
	t.Helper()
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	options := fmt.Sprintf("size=%dm,uid=%d,gid=%d,mode=755", size, owner.Uid, owner.Gid)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		skip(t, "mount", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}
