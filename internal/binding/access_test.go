package binding

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/buildpacks/libcnb/v2"
)

// Tools may write next to the credentials: nothing of that stays, even if they fail.
func TestCredentialsAreThereDuringACallOnly(t *testing.T) {
	all,
		err := ReadCredentials(libcnb.Bindings{{Type: "npmrc",
		Secret: map[string]string{".npmrc": "n", "NPM_TOKEN": "1"}}})
	if err != nil {
		t.Fatal(err)
	}
	dir, failed := filepath.Join(t.TempDir(), "credentials"), errors.New("failed")
	err = all[Node].During(dir, func(vars map[string]string) error {
		text, err := os.ReadFile(vars["npm_config_userconfig"])
		if string(text) != "n\n" || vars["NPM_TOKEN"] != "1" || vars["HOME"] != dir {
			t.Errorf("%v, .npmrc is %q, the variables are %v", err, text, vars)
		}
		cache := filepath.Join(dir, ".cache")
		if err := errors.Join(os.Mkdir(cache, 0o755), os.WriteFile(filepath.Join(cache, "a"), nil, 0o644),
			os.Chmod(cache, 0o555)); err != nil {
			t.Error(err)
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory is there: %v", err)
	}
	called := false
	if err := all[Python].During(dir,
		func(vars map[string]string) error { called = vars == nil; return nil }); err != nil || !called {
		t.Errorf("without credentials: %v, called: %v", err, called)
	}
}

func TestTheLogNamesBindings(t *testing.T) {
	all, err := ReadCredentials(libcnb.Bindings{
		{Type: "uv", Secret: map[string]string{"UV_INDEX_X_PASSWORD": "1"}},
		{Type: "netrc", Secret: map[string]string{".netrc": "m"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const warning = "Every script of this build can read the bindings netrc, uv: " +
		"this version does not confine commands. See docs/concepts/security.md"
	for _, c := range []struct{ got, want string }{
		{all[Python].Note(), "The installation gets the bindings of type uv, netrc"},
		{all[Node].Note(), "The installation gets the bindings of type netrc"},
		{all.Warning(), warning}, {Access{}.Note(), ""}, {Credentials{}.Warning(), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
