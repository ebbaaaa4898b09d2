package config

import (
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestFromMetadata(t *testing.T) {
	var descriptor struct{ Metadata map[string]any }
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	defaults := Config{
		SecretKeyPlaceholder: true, NPM: NPM{Feed: true},
		Image: Image{KeepGit: Switch{Set: true}, CheckProcesses: true},
	}
	withPip, withoutScripts := defaults, defaults
	withPip.PipItself, withoutScripts.RunScripts = true, Names{Set: true}
	for name, c := range map[string]struct {
		env  map[string]string
		want Config
	}{
		"the defaults": {nil, defaults},
		"a variable":   {map[string]string{PythonInstaller: "pip"}, withPip},
		"an empty one": {map[string]string{RunScripts: ""}, withoutScripts},
	} {
		got, err := FromMetadata(descriptor.Metadata, c.env)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	got, err := FromMetadata(descriptor.Metadata, map[string]string{NodeLaunch: "yes", NodeVersion: "24"})
	if user, ok := fail.User(err); !ok || user.ID != "config/value" || got.NodeVersion != "24" {
		t.Errorf("an invalid value: %+v, %v", got, err)
	}
}

func TestInvalidMetadataIsAnInternalError(t *testing.T) {
	for name, metadata := range map[string]map[string]any{
		"configurations": {"configurations": "none"},
		"default":        {"configurations": []map[string]any{{"name": NodeVersion, "default": 24}}},
		"a channel":      {"configurations": make(chan int)},
	} {
		_, err := FromMetadata(metadata, nil)
		if _, isUser := fail.User(err); err == nil || isUser {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMisspelledNamesAreFound(t *testing.T) {
	var descriptor struct{ Metadata map[string]any }
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"BP_PYTHN_VERSION": PythonVersion, "BP_PYTHON_VERSON": PythonVersion, "BP_NODE_VERSIONS": NodeVersion,
		"BP_PYTHON_REQUIREMENT": PythonRequirements, "BP_NODE_RUN_SCRIPT": RunScripts, "BP_NODE_PROJECTPATH": NodeProjectPath,
		PythonVersion: "", CPythonVersion: "", "BP_DEPENDENCY_MIRROR": "", "PYTHN_VERSION": "", "BP_": "",
		// Of other buildpacks: https://paketo.io/docs/reference/configuration
		"BP_PIP_VERSION": "", "BP_PIPENV_VERSION": "", "BP_POETRY_VERSION": "", "BP_UV_VERSION": "", "BP_NPM_VERSION": "",
		"BP_GO_VERSION": "", "BP_JVM_VERSION": "", "BP_PHP_VERSION": "", "BP_NGINX_VERSION": "", "BP_HTTPD_VERSION": "",
		"BP_NODE_OPTIMIZE_MEMORY": "", "BP_KEEP_FILES": "", "BP_INCLUDE_FILES": "", "BP_LIVE_RELOAD_ENABLED": "",
		"BP_LAUNCHPOINT": "", "BP_DISABLE_SBOM": "", "BP_CONDA_SOLVER": "", "BP_RUN_COLLECTSTATIC": "",
	} {
		got := strings.Join(Misspelled(descriptor.Metadata, map[string]string{name: "x"}), "\n")
		if want != "" {
			want = name + " is not known: did you mean " + want + "?"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestCounterparts(t *testing.T) {
	env := map[string]string{"BP_PIP_REQUIREMENT": "a.txt", "BP_POETRY_VERSION": "", "BP_CPYTHON_VERSION": "3.13"}
	got := strings.Join(Counterparts(env), "\n")
	for _, want := range []string{"BP_PIP_REQUIREMENT is a name of Paketo's", "use " + PythonRequirements,
		"requires-poetry"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, CPythonVersion) || Counterparts(nil) != nil {
		t.Errorf("got %s", got)
	}
}
