package binding

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/secret"
)

// written is what the tools of a language get: files below HOME, and variables, with HOME for its path.
func written(t *testing.T, language Language, bindings ...libcnb.Binding) (files, vars map[string]string) {
	t.Helper()
	all, err := ReadCredentials(bindings)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if vars, err = all[language].write(home); err != nil {
		t.Fatal(err)
	}
	for name, value := range vars {
		vars[name] = strings.ReplaceAll(value, home, "HOME")
	}
	files = map[string]string{}
	err = filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", path, info.Mode(), err)
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, home+"/")] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, vars
}

func TestEachLanguageGetsItsOwnFiles(t *testing.T) {
	bindings := libcnb.Bindings{
		{Type: "NPMRC", Secret: map[string]string{"npmrc": "n", "NPM_TOKEN": "1"}},
		{Type: "netrc", Secret: map[string]string{".netrc": "m"}},
		{Type: "pip", Secret: map[string]string{"pip.conf": "p"}},
		{Type: "poetry", Secret: map[string]string{"auth.toml": "a", "POETRY_HTTP_BASIC_X_PASSWORD": "2"}},
		{Type: "postgres", Secret: map[string]string{"password": "no"}},
	}
	files, vars := written(t, Node, bindings...)
	if diff := cmp.Diff(map[string]string{".npmrc": "n\n", ".netrc": "m\n"}, files); diff != "" {
		t.Errorf("Node's files (-want +got):\n%s", diff)
	}
	want := map[string]string{"HOME": "HOME", "XDG_CONFIG_HOME": "HOME/.config", "XDG_DATA_HOME": "HOME/.local/share",
		"NETRC": "HOME/.netrc", "NPM_TOKEN": "1",
		"npm_config_userconfig": "HOME/.npmrc", "NPM_CONFIG_USERCONFIG": "HOME/.npmrc",
		"pnpm_config_npmrc_auth_file": "HOME/.npmrc"}
	if diff := cmp.Diff(want, vars); diff != "" {
		t.Errorf("Node's variables (-want +got):\n%s", diff)
	}
	files, vars = written(t, Python, bindings...)
	if diff := cmp.Diff(map[string]string{".config/pip/pip.conf": "p\n", ".config/pypoetry/auth.toml": "a\n",
		".netrc": "m\n"}, files); diff != "" {
		t.Errorf("Python's files (-want +got):\n%s", diff)
	}
	if vars["NPM_TOKEN"] != "" || vars["POETRY_HTTP_BASIC_X_PASSWORD"] != "2" ||
		vars["POETRY_CONFIG_DIR"] != "HOME/.config/pypoetry" {
		t.Errorf("Python's variables are %v", vars)
	}
}

// libcnb does not read what begins with a dot, as tools name their files.
func TestHiddenEntriesAreRead(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{".yarnrc.yml": "y", "..data": "no", ".other": "no"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := written(t, Node, libcnb.Binding{Type: "yarnrc", Path: dir, Secret: map[string]string{}})
	if diff := cmp.Diff(map[string]string{".yarnrc.yml": "y\n"}, files); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Bindings of VCAP_SERVICES have no directory: what is in the working directory is the app's.
func TestABindingWithoutADirectoryHasNoHiddenEntries(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(".npmrc", []byte("the app's"), 0o644); err != nil {
		t.Fatal(err)
	}
	files, vars := written(t, Node, libcnb.Binding{Type: "npmrc", Secret: map[string]string{"NPM_TOKEN": "1"}})
	if diff := cmp.Diff(map[string]string{"NPM_TOKEN": "1"}, vars); diff != "" || len(files) > 0 {
		t.Errorf("%v, (-want +got):\n%s", files, diff)
	}
}

func TestFilesAreFoundByTheirNames(t *testing.T) {
	all, err := ReadCredentials(libcnb.Bindings{
		{Type: "pip", Secret: map[string]string{"pip.conf": "p"}},
		{Type: "netrc", Secret: map[string]string{"netrc": "m"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"pip.conf": "p\n", ".netrc": "m\n", "uv.toml": ""} {
		if text, ok := all[Python].File(name); text != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", name, text, ok)
		}
	}
}

// What package managers get is known by the names of its settings, what is public is not secret, all else is.
func TestOtherBindingsAreSecretAsAWhole(t *testing.T) {
	found := OtherSecrets(libcnb.Bindings{
		{Type: "PIP", Secret: map[string]string{"PIP_PASSWORD": "pipX7kQ9"}},
		{Type: "CA-Certificates", Secret: map[string]string{"TOKEN": "publicX7kQ9"}},
		{Type: "postgres", Secret: map[string]string{"PASSWORD": "postgresX7kQ9"}},
	})
	if diff := cmp.Diff([]secret.Value{{Name: "PASSWORD", Text: "postgresX7kQ9"}}, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnlyVariablesNeedNoHome(t *testing.T) {
	files, vars := written(t, Python, libcnb.Binding{Type: "uv", Secret: map[string]string{"UV_INDEX_X_PASSWORD": "s"}})
	if diff := cmp.Diff(map[string]string{"UV_INDEX_X_PASSWORD": "s"}, vars); diff != "" || len(files) > 0 {
		t.Errorf("%v, (-want +got):\n%s", files, diff)
	}
}

func TestABindingThatNobodyWouldReadIsAnError(t *testing.T) {
	for id, bindings := range map[string]libcnb.Bindings{
		"binding/entry": {{Name: "company", Type: "pip", Secret: map[string]string{"pip.ini": "secret"}}},
		"binding/twice": {{Name: "one", Type: "npmrc", Secret: map[string]string{".npmrc": "a"}},
			{Name: "two", Type: "npmrc", Secret: map[string]string{"npmrc": "secret"}}},
	} {
		_, err := ReadCredentials(bindings)
		if user, ok := fail.User(err); !ok || user.ID != id || strings.Contains(user.Error(), "secret") {
			t.Errorf("%s: got %v", id, err)
		}
	}
}
