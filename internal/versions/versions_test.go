package versions

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// A version that nobody writes is refused at once, in a few words; the longest that is not refused costs little.
func TestVersionsHaveALimit(t *testing.T) {
	inv, err := Load("", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []ID{Python, Node} {
		for name, c := range map[string]struct{ version, id string }{
			"digits":       {strings.Repeat("3", 200_000), "version/malformed"},
			"commas":       {strings.Repeat(">=3.9,", 30_000) + "<4", "version/malformed"},
			"alternatives": {strings.Repeat("99999||", 30_000) + "22", "version/malformed"},
			"interpreters": {strings.Repeat("pypy", 50_000), "version/malformed"},
			"the longest":  {strings.Repeat(">=0,", 63) + ">=1", ""},
			"dots":         {strings.Repeat("3.", 127) + "3", "version/"},
			"a number":     {strings.Repeat("9", 255), "version/"},
		} {
			begin := time.Now()
			_, err := inv.Choose(Ask{ID: id, First: Request{Want: c.version, Source: ".x"}}, "amd64")
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("%s, %s: it took %s", id, name, took)
			}
			if user, ok := fail.User(err); ok != (c.id != "") || ok &&
				(!strings.HasPrefix(user.ID, c.id) || len(user.Error()) > 1200) {
				t.Errorf("%s, %s: got %.300v", id, name, err)
			}
		}
	}
}

// FuzzVersions: whatever somebody writes for a version, it is one, or the user's error, soon and in a few words.
func FuzzVersions(f *testing.F) {
	for _, text := range []string{
		"", "*", "3.12.1", "lts/jod", "lts/-1", ">=3.11,<3.13", "^22 || ~20.1 - 21", "python-3.12", "==3.12.*",
		"!=3.9.*", "3.x", "1!2", ">=1.0rc1", "|", "v", "^", "~=3", "=== 3.12", "3.9+local", "18446744073709551616",
		">=3.9.99999999999999999999",
	} {
		f.Add(text)
	}
	inv, err := Load("", os.ReadFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, id := range []ID{Python, Node} {
			begin := time.Now()
			_, err := inv.Choose(Ask{ID: id, First: Request{text, "x"}, Within: []Request{{text, "y"}},
				Prefer: []string{text, "3.13", "24"}}, "amd64")
			if user, ok := fail.User(err); err != nil && (!ok || len(user.Error()) > 4000) {
				t.Errorf("%s %q: %.300v", id, text, err)
			}
			_ = id.Accepts(text, "3.12.1")
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("%s %q takes %s", id, text, took)
			}
		}
	})
}
