package layer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/secret"
)

const token = "glpat-0123456789"

func guarded(t *testing.T, dir string) *build {
	t.Helper()
	b := newBuild(t, dir)
	b.set.Guard(secret.New(secret.Value{Name: "GITLAB_TOKEN", Text: token}))
	return b
}

// wants fails the test if err is not the leak of the entry.
func wants(t *testing.T, err error, entry string) {
	t.Helper()
	var leak *secret.Leak
	if !errors.As(err, &leak) || leak.Entry != entry || leak.Name != "GITLAB_TOKEN" ||
		strings.Contains(err.Error(), token) {
		t.Errorf("got %v, want the entry %s", err, entry)
	}
}

// Whatever an archive would have of a secret, its contents or the names, nothing is kept or shipped.
func TestContentsWithASecretAreAnErrorThatNamesTheEntry(t *testing.T) {
	for entry, fill := range map[string]func(dir string) error{
		"lib/config.py": func(dir string) error {
			text := strings.Repeat("x", 200_000) + token
			return errors.Join(os.Mkdir(filepath.Join(dir, "lib"), 0o755), os.WriteFile(filepath.Join(dir, "lib",
				"config.py"), []byte(text), 0o644))
		},
		"****": func(dir string) error { return os.WriteFile(filepath.Join(dir, token), nil, 0o644) },
		"link": func(dir string) error {
			return os.Symlink("https://user:"+token+"@h", filepath.Join(dir, "link"))
		},
	} {
		for _, keep := range []bool{true, false} {
			b := guarded(t, t.TempDir())
			spec := b.tree(testKey{"1", "a"})
			spec.Keep = keep
			spec.Fill = func(_ context.Context, dir string) (Filled, error) {
				return Filled{}, errors.Join(os.WriteFile(filepath.Join(dir, "a"), nil, 0o644), fill(dir),
					os.WriteFile(filepath.Join(dir, "z"), nil, 0o644))
			}
			b.make(spec)
			_, err := b.set.Close(t.Context())
			wants(t, err, entry)
			if found, _ := filepath.Glob(filepath.Join(b.dir, "cache-thing", "*")); len(found) > 0 {
				t.Errorf("%s is kept: %v", entry, found)
			}
		}
	}
}

func TestADownloadCacheWithASecretIsNotKept(t *testing.T) {
	b := guarded(t, t.TempDir())
	m, err := b.set.Cache(b.meta(testKey{"1", "a"}))
	if err == nil {
		err = m.Get(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.Dir(), "index"), []byte("?token="+token), 0o644); err != nil {
		t.Fatal(err)
	}
	b.close()
	if _, kept := b.layers["cache-thing"]; kept || !strings.Contains(b.log.String(),
		"index of Thing has the value of GITLAB_TOKEN") {
		t.Errorf("kept: %v\n%s", kept, &b.log)
	}
}

// A step may write into a layer after it was packed, also into one from the cache.
func TestALayerThatAStepChangedIsLookedAtAgain(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		b := guarded(t, dir)
		m := b.make(b.tree(testKey{"1", "a"}))
		b.read(m)
		m.Packed()
		if round == 0 {
			b.close()
			restore(t, dir)
			continue
		}
		if err := os.WriteFile(filepath.Join(m.Dir(), "late"), []byte(token), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := b.set.Close(t.Context())
		wants(t, err, "late")
	}
}

// A masked key is compared with a masked one, so that the layer is not made anew in each build.
func TestRecordsAreMasked(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		b := guarded(t, dir)
		spec := b.tree(testKey{"1", "from https://u:" + token + "@h/x"})
		spec.Fill = func(_ context.Context, dir string) (Filled, error) {
			b.fills++
			filled := Filled{Facts: Facts{"address": token},
				BOM: []bom.Component{{PURL: "pkg:pypi/a@" + token, License: token, Places: []string{token}}}}
			return filled, os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
		}
		b.read(b.make(spec))
		b.close()
		if text := fmt.Sprint(b.layers["thing"].Metadata, b.layers["cache-thing"].Metadata); strings.Contains(text,
			token) ||
			!strings.Contains(text, "https://u:****@h/x") {
			t.Errorf("the metadata is %s", text)
		}
		if b.fills > 0 && round == 1 {
			t.Errorf("it is rebuilt:\n%s", &b.log)
		}
		restore(t, dir)
	}
}

// What is installed is looked up in the record by its name, so a secret that is also the name of a package must not
// change it: a password "django" would otherwise hide Django from the next build.
func TestNamesOfPackagesAreNotMasked(t *testing.T) {
	b := guarded(t, t.TempDir())
	spec := b.tree(testKey{"1", ""})
	spec.Fill = func(_ context.Context, dir string) (Filled, error) {
		filled := Filled{Facts: Facts{},
			BOM: []bom.Component{{PURL: "pkg:pypi/" + token + "@1", Evidence: bom.Installed}}}
		return filled, os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
	}
	b.read(b.make(spec))
	b.close()
	if text := fmt.Sprint(b.layers["thing"].Metadata["bom"]); text != "[pkg:pypi/"+token+"@1]" {
		t.Errorf("the bill of materials is %s", text)
	}
}

// What a failed command has left may have a secret, and is not looked at.
func TestContentsThatAreNotCompleteAreRemovedWhereThereAreSecrets(t *testing.T) {
	for secrets, left := range map[bool]bool{true: false, false: true} {
		b := newBuild(t, t.TempDir())
		if secrets {
			b = guarded(t, t.TempDir())
		}
		spec := b.tree(testKey{"1", "a"})
		spec.Fill = func(_ context.Context, dir string) (Filled, error) {
			return Filled{}, errors.Join(os.WriteFile(filepath.Join(dir, "a"), nil, 0o644), errors.New("no"))
		}
		m := b.make(spec)
		err := m.Get(t.Context())
		if _, statErr := os.Stat(filepath.Join(m.Dir(), "a")); err == nil || (statErr == nil) != left {
			t.Errorf("with secrets: %v: %v, what is left: %v", secrets, err, statErr)
		}
	}
}
