package integration

import (
	"io"
	"net/http"
	"net/http/cgi"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// companyBackend is a build backend that needs no other package.
// https://peps.python.org/pep-0517/#in-tree-build-backends
const companyBackend = `import os, zipfile
def build_wheel(directory, config_settings=None, metadata_directory=None):
    name, info = "company_git-1.0-py3-none-any.whl", "company_git-1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
        wheel.writestr("company_git.py", "word = 'git'\n")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: company-git\nVersion: 1.0\n")
        wheel.writestr(info + "WHEEL",
	"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(info + "RECORD",
	"company_git.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n")
    return name
build_editable = build_wheel
`

// companyRepository makes the repository of a Python package and serves it below /git/, to whoever serve lets in.
func companyRepository(t *testing.T) http.Handler {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "company-git.git")
	put(t, filepath.Join(dir, "backend.py"), companyBackend)
	put(t, filepath.Join(dir, "pyproject.toml"),
		"[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n"+
			"[project]\nname = \"company-git\"\nversion = \"1.0\"\n")
	git := func(words ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=test", "-c",
			"user.email=test@example.com"}, words...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", words, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet", "--initial-branch", "main")
	git("add", ".")
	git("commit", "--quiet", "--message", "one")
	return &cgi.Handler{
		Path: filepath.Join(git("--exec-path"), "git-http-backend"), Root: "/git", Stderr: io.Discard,
		Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(dir), "GIT_HTTP_EXPORT_ALL=1"},
	}
}

// What tools print of addresses: uv and pip the query, git and pip the whole of it. Both keep it, in direct_url.json
// and in a clone's configuration.
const companyAddresses = "company-hello @ https://" + companyHost + "/private/" + helloWheel +
	"?private_token=${QUERY_TOKEN}\n"

// gitAddress is a requirement of the package in the repository name.
func gitAddress(name string) string {
	return "git+https://ci:${GIT_TOKEN}@" + companyHost + "/git/" + name + "#egg=company-git\n"
}

func tokens(where string) map[string]string {
	return map[string]string{"QUERY_TOKEN": canary("Query" + where), "GIT_TOKEN": canary("Git" + where)}
}

var gitCheck = strings.Replace(companyCheck, "import company_hello,", "import company_hello, company_git,", 1)

// An installation that fails says why, and not what it was given: the tool's output, the error, what is left of it.
func TestAFailedInstallationOfACompanySaysNoCredential(t *testing.T) {
	t.Parallel()
	spec.Run(t, "installer", func(t *testing.T, _ spec.G, it spec.S) {
		for _, installer := range []string{"uv", "pip"} { // each is the type of its binding too
			it(installer, func() {
				bound := map[string]map[string]string{installer: tokens("Failed" + installer)}
				p, network := network(t, bound)
				app := write(t,
					map[string]string{"requirements.txt": companyAddresses + "company-git @ " +
						gitAddress("no-such.git")})
				log, err := p.Build(t.Context(), devenv.Build{App: app, Bindings: network.bind(t, bound),
					Env: map[string]string{
						"HTTPS_PROXY": network.proxy, "BP_PYTHON_INSTALLER": installer, "BP_LOG_LEVEL": "debug",
						"GIT_CURL_VERBOSE": "1", "GIT_TRACE": "1"}})
				if err == nil {
					t.Fatalf("the build succeeds:\n%s", log)
				}
				contains(t, log, []string{"no-such.git", "****"}, nil)
				noCanaries(t, p.Dir, log+err.Error())
			})
		}
	}, spec.Parallel())
}
