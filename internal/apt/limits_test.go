package apt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestALayerThatIsTooLarge(t *testing.T) {
	sizes := map[string]int64{"libsmall1": 1 << 20, "libbig1": 500 << 20}
	for _, c := range "abcdefghij" {
		sizes["lib"+string(c)] = 2 << 20
	}
	if err := tooLarge(sizes, 521<<20); err != nil {
		t.Error(err)
	}
	err := tooLarge(sizes, 521<<20-1)
	user, ok := fail.User(err)
	if !ok || user.ID != "apt/too-large" {
		t.Fatal(err)
	}
	if big, a := strings.Index(user.Why, "libbig1 "), strings.Index(user.Why, "liba "); big < 0 || a < big ||
		strings.Contains(user.Why, "libj ") || strings.Contains(user.Why, "libsmall1") {
		t.Errorf("%s", user.Why)
	}
}

func TestTheLargestFilesComeFirst(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for name, size := range map[string]int{"a": 1, "b": 3, "c": 2, "d": 3} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b", "c", "d", "none"} {
		files = append(files, filepath.Join(dir, name))
	}
	var got string
	for _, file := range bySize(files) {
		got += filepath.Base(file) + " "
	}
	if got != "b d c a none " {
		t.Error(got)
	}
}
