package python

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Variables win over files, and PIP_CONFIG_FILE over the home of the platform.
func TestPipSettings(t *testing.T) {
	home := appOf(t, map[string]string{
		".pip/pip.conf":        "[global]\nindex-url = https://old.example.com\ntimeout = 1\n",
		".config/pip/pip.conf": "[global]\nindex-url = https://home.example.com\n",
	})
	own := filepath.Join(t.TempDir(), "pip.conf")
	must(t, os.WriteFile(own, []byte("[global]\nindex-url = https://own.example.com\n"), 0o644))
	atHome := filepath.Join(home, ".config/pip/pip.conf")
	for name, c := range map[string]struct {
		env         run.Env
		index, from string
	}{
		"the home":            {run.Env{}, "https://home.example.com", atHome},
		"a file of its own":   {run.Env{"PIP_CONFIG_FILE": own}, "https://own.example.com", own},
		"a file that is gone": {run.Env{"PIP_CONFIG_FILE": own + "x"}, "https://home.example.com", atHome},
		"no file":             {run.Env{"PIP_CONFIG_FILE": os.DevNull}, "", ""},
		"a variable": {run.Env{"PIP_INDEX_URL": "https://v.example.com"}, "https://v.example.com",
			"PIP_INDEX_URL"},
		"a variable and a file": {
			run.Env{"PIP_CONFIG_FILE": own, "PIP_INDEX_URL": "https://v.example.com"},
			"https://v.example.com", "PIP_INDEX_URL",
		},
	} {
		read := ReadPip(binding.Access{}, c.env, home)
		if got := read.All["index-url"]; read.err != nil || got.Value != c.index || got.Source != c.from {
			t.Errorf("%s: %+v, %v", name, got, read.err)
		}
	}
	must(t, os.WriteFile(own, []byte("[global\nindex-url = x\n"), 0o644))
	read := ReadPip(binding.Access{}, run.Env{"PIP_CONFIG_FILE": own}, "")
	if user, ok := fail.User(read.err); !ok || user.ID != "python/pip-conf" {
		t.Errorf("a file that cannot be understood: %v", user)
	}
}

func TestPackagesThatUVHasBuilt(t *testing.T) {
	got := compiledByUV("Resolved 2 packages\n   Built lxml==5.0\n  Prepared Built x\nBuilt six==1.0\n")
	if want := []string{"lxml==5.0", "six==1.0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
