package manager

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequirements(t *testing.T) {
	files := map[string]string{
		"requirements.txt": "-r deps/base.txt\n-c limits.txt\r\n" +
			"--extra-index-url=https://packages.example.com/simple\n--pre\n--prefer-binary\n" +
			"-i https://packages.example.com/simple\n",
		"deps/base.txt": "-f ../wheels\n--find-links=./more\nsix==1.17.0 \\\r\n    --hash=sha256:00\n" +
			"local @ file:./libs/local\n-e libs/own\n", "limits.txt": "",
		"wheels/a.whl": "", "more/b.whl": "", "libs/local/setup.py": "", "libs/own/setup.py": "",
		"pyproject.toml": "[tool.uv]\nno-build = true",
	}
	want := Sources{
		Files: []string{"requirements.txt", "deps/base.txt", "limits.txt"},
		Local: []string{"wheels", "more", "libs/local", "libs/own"},
		Options: []string{"-f ../wheels", "--find-links=./more",
			"--extra-index-url=https://packages.example.com/simple", "--pre", "--prefer-binary",
			"-i https://packages.example.com/simple", `{"no-build":true}`},
		OwnSetuptools: true, // of the hash
		Args:          []string{"--prerelease", "allow", "--require-hashes"},
		Env:           map[string]string{"UV_INDEX_STRATEGY": "unsafe-best-match"},
		Notes: []string{"Python packages: uv has no option --prefer-binary (requirements.txt), so it is " +
			"ignored; BP_PYTHON_INSTALLER=pip installs with pip itself"},
	}
	if diff := cmp.Diff(want, newRequirements().Read(appOf(files), []string{"requirements.txt"})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOptionsOfOneFile(t *testing.T) {
	for text, want := range map[string]Sources{
		"--pre\n":            {Options: []string{"--pre"}, Args: []string{"--prerelease", "allow"}},
		"--no-binary lxml\n": {Options: []string{"--no-binary lxml"}},
		"a @ https://packages.example.com/a.whl\n-e git+https://git.example.com/b/c\n": {},
		"a @ file:lxml/a.whl\n./lxml[extra]\n": {Local: []string{"lxml/a.whl",
			"lxml"}},
	} {
		want.Files = []string{"requirements.txt"}
		src := appOf(map[string]string{"requirements.txt": text, "lxml/setup.py": ""})
		if diff := cmp.Diff(want, newRequirements().Read(src, want.Files)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestPipSettingsForUV(t *testing.T) {
	conf,
		err := ReadPipConf("# ours\n[global]\nindex-url = https://me:secret@packages.example.com/simple\n"+
		"timeout: 10\ntrusted-host = a.example.com\n    b.example.com\n[install]\nno_binary = lxml,ujson\n[freeze]\n"+
		"timeout = 99\n", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range PipVariables(map[string]string{"PIP_TIMEOUT": "20", "PIP_PRE": "0", "PIP_NO_INDEX": "true",
		"PIP_REQUIRE_HASHES": "1", "PIP_FIND_LINKS": "/a /b",
		"PIP_EXTRA_INDEX_URL": "https://x.example.com https://y.example.com", "PIP_USER": "1", "PIP_PREFER_BINARY": "1",
		"PIP_NO_CACHE_DIR": "1", "PIP_QUIET": "", "HOME": "/"}) {
		conf[name] = o
	}
	got := PipToUV(conf, nil)
	want := UVSettings{
		Env: map[string]string{"UV_DEFAULT_INDEX": "https://me:secret@packages.example.com/simple",
			"UV_HTTP_TIMEOUT": "20", "UV_FIND_LINKS": "/a,/b",
			"UV_INDEX": "https://x.example.com https://y.example.com", "UV_INDEX_STRATEGY": "unsafe-best-match"},
		Args: []string{"--no-binary", "lxml", "--no-binary", "ujson", "--no-index", "--require-hashes",
			"--allow-insecure-host", "a.example.com", "--allow-insecure-host", "b.example.com"},
		Notes: []string{"Python packages: uv has no option --prefer-binary (PIP_PREFER_BINARY), so it is ignored; " +
			"BP_PYTHON_INSTALLER=pip installs with pip itself"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(strings.Join(append(got.Args, got.Notes...), " "), "secret") {
		t.Error("a password gets into a command or the log")
	}
	if own := PipToUV(conf, []string{"-i https://packages.example.com/other"}); own.Env["UV_DEFAULT_INDEX"]+
		own.Env["UV_INDEX"] != "" {
		t.Error("the index of pip.conf wins over that of the requirements file")
	}
	if PipEnv(conf)["PIP_TRUSTED_HOST"] != "a.example.com b.example.com" {
		t.Errorf("got %v", PipEnv(conf))
	}
}
