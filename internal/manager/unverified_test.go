package manager

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariablesByWhichAnyCertificateIsAccepted(t *testing.T) {
	got := UnverifiedVariables(map[string]string{
		"NODE_TLS_REJECT_UNAUTHORIZED": "0", "GIT_SSL_NO_VERIFY": "true", "UV_INSECURE_HOST": "packages.example.com",
		"PIP_TRUSTED_HOST":      "a b",
		"npm_config_strict-ssl": "false", "NPM_CONFIG_STRICT_SSL": "False", "YARN_ENABLE_STRICT_SSL": "0", "PATH": "0",
	})
	want := []string{"GIT_SSL_NO_VERIFY", "NODE_TLS_REJECT_UNAUTHORIZED", "NPM_CONFIG_STRICT_SSL",
		"PIP_TRUSTED_HOST", "UV_INSECURE_HOST",
		"YARN_ENABLE_STRICT_SSL", "npm_config_strict-ssl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	none := map[string]string{"NODE_TLS_REJECT_UNAUTHORIZED": "1", "GIT_SSL_NO_VERIFY": "", "UV_INSECURE_HOST": "",
		"npm_config_strict_ssl": "true", "NPM_CONFIG_CAFILE": "0"}
	if got := UnverifiedVariables(none); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

func TestSettingsByWhichAnyCertificateIsAccepted(t *testing.T) {
	for line, want := range map[string]string{
		"strict-ssl=false": "strict-ssl", " strict-ssl = false ": "strict-ssl", "strict-ssl false": "strict-ssl",
		`"strict-ssl" false`:     "strict-ssl",
		"enableStrictSsl: false": "enableStrictSsl", `allow-insecure-host = ["a"]`: "allow-insecure-host",
		"allow-insecure-host = []": "", "strictSsl: 'false'": "strictSsl",
		"strict-ssl=true": "", "strict-ssl": "", "# strict-ssl=false": "", "x-strict-ssl=false": "",
		"strict-ssl=falsehood": "",
	} {
		if got := UnverifiedLine(line); got != want {
			t.Errorf("%q: got %q", line, got)
		}
	}
	for name, c := range map[string]struct {
		manager PythonManager
		files   map[string]string
		want    []Setting
	}{
		"pip": {newRequirements(), map[string]string{"requirements.txt": "--trusted-host a\n--trusted-host b\n"},
			[]Setting{{"--trusted-host", "api/requirements.txt"}}},
		"an include": {newPip(), map[string]string{"requirements.txt": "-r b/c.txt", "b/c.txt": "--trusted-host=a"},
			[]Setting{{"--trusted-host", "api/b/c.txt"}}},
		"uv.toml": {newRequirements(),
			map[string]string{"requirements.txt": "", "uv.toml": "allow-insecure-host = ['a']"},
			[]Setting{{"allow-insecure-host", "api/uv.toml"}}},
		"[tool.uv]": {newUV(), map[string]string{"uv.lock": "",
			"pyproject.toml": "[tool.uv]\nallow-insecure-host = ['a']"},
			[]Setting{{"allow-insecure-host", "api/pyproject.toml"}}},
		"Pipenv": {newPipenv(),
			map[string]string{"Pipfile.lock": `{"_meta": {"sources": [
			{"verify_ssl": true}, {"verify_ssl": false},
			{"verify_ssl": false}]}}`}, []Setting{{"verify_ssl", "api/Pipfile.lock"}}},
		"Poetry": {newPoetry(), map[string]string{"poetry.lock": "",
			"poetry.toml": "[certificates.a]\ncert = false\n"}, []Setting{{"certificates", "api/poetry.toml"}}},
		"none": {newPoetry(), map[string]string{"poetry.lock": "",
			"poetry.toml": "[certificates.a]\ncert = 'a.pem'\n"}, nil},
		"PDM": {newPDM(), map[string]string{"pdm.lock": "", "pyproject.toml": "[[tool.pdm.source]]\nname = 'a'\n" +
			"[[tool.pdm.source]]\nverify_ssl = false\n"}, []Setting{{"verify_ssl", "api/pyproject.toml"}}},
		"none of PDM": {newPDM(), map[string]string{"pdm.lock": "",
			"pyproject.toml": "[[tool.pdm.source]]\nverify_ssl = true\n"}, nil},
		"none of uv":  {newUV(), map[string]string{"uv.lock": "", "uv.toml": "allow-insecure-host = []"}, nil},
		"none of pip": {newRequirements(), map[string]string{"requirements.txt": "django\n"}, nil},
	} {
		if diff := cmp.Diff(c.want, c.manager.Read(appOf(c.files),
			[]string{"requirements.txt"}).In("api").Unverified); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
