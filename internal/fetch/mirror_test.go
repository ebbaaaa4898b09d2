package fetch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/tandem-cnb/tandem/internal/fail"
)

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// nowhere is an address that no test may ask.
const nowhere = "https://vendor.invalid"

func TestFetchWithoutANetwork(t *testing.T) {
	mirror := t.TempDir()
	writeFile(t, filepath.Join(mirror, "vendor.invalid/dist/node.tar.gz"), content)
	byHost := "file://" + mirror + "/{originalHost}"
	dep := release(nowhere)
	sum := dep.SHA256

	t.Run("from a mirror of a binding", func(t *testing.T) {
		f := fetcher(t, libcnb.Binding{Type: "dependency-mirror", Secret: map[string]string{"vendor.invalid": byHost}})
		arrives(t, f)
	})
	t.Run("from a mirror of a variable", func(t *testing.T) {
		t.Setenv("BP_DEPENDENCY_MIRROR", byHost)
		arrives(t, fetcher(t))
	})
	t.Run("from a mapping", func(t *testing.T) {
		to := "file://" + mirror + "/vendor.invalid/dist/node.tar.gz"
		arrives(t, fetcher(t, libcnb.Binding{Type: "dependency-mapping", Secret: map[string]string{sum: to}}))
	})
	t.Run("from the offline package", func(t *testing.T) {
		bp := libcnb.Buildpack{Path: t.TempDir()}
		writeFile(t, filepath.Join(bp.Path, "dependencies", sum+".toml"), "")
		writeFile(t, filepath.Join(bp.Path, "dependencies", sum, "node.tar.gz"), content)
		f, err := NewFetcher(bp, nil, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		arrives(t, f)
	})
	t.Run("a mirror that lacks it", func(t *testing.T) {
		t.Setenv("BP_DEPENDENCY_MIRROR", "file://"+t.TempDir())
		_, err := fetcher(t).Fetch(t.Context(), dep, new(lines).say)
		if failure,
			ok := fail.User(err); !ok || failure.ID != "download/unreachable" ||
			!strings.Contains(failure.Why, "no such file") {
			t.Errorf("got %v", err)
		}
	})
}

func arrives(t *testing.T, f Fetcher) {
	t.Helper()
	path, err := f.Fetch(t.Context(), release(nowhere), new(lines).say)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != content {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestAMirrorThatCannotBeUsedIsRefused(t *testing.T) {
	for mirror, reason := range map[string]string{
		"mirror.example.com":            "not a URL",
		"user:hunter2@mirror":           "its scheme",
		"http://u:hunter2@mirror/x":     `its scheme is "http"`,
		"https://":                      "no host",
		"https://u:hunter2@[bad":        "not a URL",
		"mirror=mirror,skip-path=/dist": "not a URL",
	} {
		_, err := NewFetcher(libcnb.Buildpack{}, libcnb.Bindings{
			{Type: "dependency-mirror", Secret: map[string]string{"nodejs.org": mirror}}}, t.TempDir())
		failure, ok := fail.User(err)
		if !ok || failure.ID != "download/bad-mirror" || !strings.Contains(failure.Why, reason) ||
			!strings.Contains(failure.Why, "BP_DEPENDENCY_MIRROR_NODEJS_ORG") {
			t.Errorf("%s: got %v, want %q", mirror, err, reason)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password is shown: %v", err)
		}
	}
}

func TestMirrorsThatLibpakUnderstandsAreAccepted(t *testing.T) {
	for _, mirror := range []string{
		"", "https://mirror.example.com", "https://u:p@mirror/{originalHost}", "file:///archives",
		"mirror=https://mirror,skip-path=/dist",
		"https://mirror,skip-path=/dist", "https%3A%2F%2Fmirror%2Fx", "HTTPS://mirror",
	} {
		f := fetcher(t, libcnb.Binding{Type: "dependency-mirror", Secret: map[string]string{"default": mirror}})
		// No panic is what counts: libpak parses the mirror now.
		if strings.Contains(mirror, "file") {
			_, err := f.Fetch(t.Context(), release(nowhere), new(lines).say)
			if _, ok := fail.User(err); !ok {
				t.Errorf("%s: got %v", mirror, err)
			}
		}
	}
}

func TestSettingsThatLibpakRefusesAreAUsersError(t *testing.T) {
	t.Setenv("BP_DIALER_TIMEOUT", "soon")
	_, err := NewFetcher(libcnb.Buildpack{}, nil, t.TempDir())
	if failure,
		ok := fail.User(err); !ok || failure.ID != "download/settings" ||
		!strings.Contains(failure.Why, "BP_DIALER_TIMEOUT") {
		t.Errorf("got %v", err)
	}
}
