package integration

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// companyHost is no name of the loopback address: libpak leaves out the check of certificates for those.
const companyHost = "packages.example.com"

// company is a network as companies have them: its packages and its mirror have a certificate that only the company
// trusts, want a login, and are reached by a proxy, which is the only one to know their address.
type company struct {
	ca       string       // in PEM form
	proxy    string       // address
	tunnel   http.Handler // what answers there
	archives string       // folder of runtimes
	git      http.Handler // repositories
	mu       sync.Mutex
	agents   []string          // of the programs that were let in, as they call themselves
	logins   map[string]string // of requests that were let in: the canary to the path of the first of them
}

func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{logins: map[string]string{}, git: companyRepository(t)}
	certificate := c.certify(t)
	site := httptest.NewUnstartedServer(http.HandlerFunc(c.serve))
	site.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	site.Config.ErrorLog = nil
	site.StartTLS()
	c.tunnel = http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request) {
		tunnel(w, r, site.Listener.Addr().String())
	})
	proxy := httptest.NewServer(c.tunnel)
	t.Cleanup(func() { proxy.Close(); site.Close() })
	c.proxy = proxy.URL
	return c
}

// certify makes the company's authority and a certificate of the host.
func (c *company) certify(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Company Authority"},
		NotBefore: time.Now().Add(-time.Hour),
		NotAfter:  time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	host := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: companyHost},
		DNSNames: []string{companyHost}, NotBefore: authority.NotBefore,
		NotAfter: authority.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	root, err := x509.CreateCertificate(rand.Reader, authority, authority, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if authority, err = x509.ParseCertificate(root); err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.CreateCertificate(rand.Reader, host, authority, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c.ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root}))
	return tls.Certificate{Certificate: [][]byte{leaf, root}, PrivateKey: key}
}

// tunnel is the proxy: https to the company's host goes to its server, the rest where it wants to go.
func tunnel(w http.ResponseWriter, r *http.Request, site string) {
	target := r.Host
	if host, _, _ := net.SplitHostPort(r.Host); host == companyHost {
		target = site
	}
	if r.Method != http.MethodConnect {
		http.Error(w, "only for https", http.StatusMethodNotAllowed)
		return
	}
	there, err := net.DialTimeout("tcp", target, 10*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	here, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		there.Close()
		return
	}
	fmt.Fprint(here, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(there, here); there.Close() }()
	_, _ = io.Copy(here, there)
	here.Close()
}

// serve gives what somebody with one of the canaries may have, and /open to everybody.
func (c *company) serve(w http.ResponseWriter, r *http.Request) {
	login := r.Header.Get("Authorization")
	kind, value, _ := strings.Cut(login, " ")
	if decoded, err := base64.StdEncoding.DecodeString(value); kind == "Basic" && err == nil {
		_, value, _ = strings.Cut(string(decoded), ":")
	}
	if token := r.URL.Query().Get("private_token"); token != "" {
		value = token
	}
	if r.URL.Path != "/open" && !strings.HasPrefix(value, bird) {
		w.Header().Set("WWW-Authenticate", `Basic realm="company"`)
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	c.mu.Lock()
	c.agents = append(c.agents, r.UserAgent())
	if c.logins[value] == "" {
		c.logins[value] = r.URL.Path
	}
	c.mu.Unlock()
	name := path.Base(r.URL.Path)
	switch {
	case r.URL.Path == "/open":
		fmt.Fprintln(w, "hello")
	case strings.HasPrefix(r.URL.Path, "/simple/company-hello"):
		fmt.Fprintf(w, "<!DOCTYPE html><a href=\"/files/%s#sha256=%s\">%s</a>\n", helloWheel, wheelSum(), helloWheel)
	case name == helloWheel:
		_, _ = w.Write(wheel())
	case strings.HasPrefix(r.URL.Path, "/npm/") && strings.HasSuffix(name, ".tgz"):
		_, _ = w.Write(npmPackage())
	case strings.HasPrefix(r.URL.Path, "/npm/@company"):
		_ = json.NewEncoder(w).Encode(packument())
	case strings.HasPrefix(r.URL.Path, "/git/"):
		c.git.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/mirror/"):
		c.mirror(w, r)
	default:
		http.NotFound(w, r)
	}
}

// mirror has the runtimes of the buildpack that the tests use, else gets them where they are.
func (c *company) mirror(w http.ResponseWriter, r *http.Request) {
	if found,
		err := filepath.Glob(filepath.Join(c.archives, "*", path.Base(r.URL.Path))); err == nil && len(found) == 1 {
		http.ServeFile(w, r, found[0])
		return
	}
	response, err := http.Get("https://" + strings.TrimPrefix(r.URL.Path, "/mirror/"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// connected tells whether a program that calls itself so was let in.
func (c *company) connected(agent string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.agents, func(a string) bool { return strings.HasPrefix(a, agent) })
}

const helloWheel = "company_hello-1.0-py3-none-any.whl"

// wheel is the company's Python package. Its sum stands in locks, so it has no times.
func wheel() []byte {
	return zipped(map[string]string{
		"company_hello.py":                     "word = 'hello'\n",
		"company_hello-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: company-hello\nVersion: 1.0\n",
		"company_hello-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n" +
			"Tag: py3-none-any\n",
		"company_hello-1.0.dist-info/RECORD": "company_hello.py,,\ncompany_hello-1.0.dist-info/METADATA,,\n" +
			"company_hello-1.0.dist-info/WHEEL,,\ncompany_hello-1.0.dist-info/RECORD,,\n",
	})
}

func npmPackage() []byte {
	return tarGz(map[string]string{"package/package.json": `{"name": "@company/hello", "version": "1.0.0", "main": ` +
		`"index.js"}`, "package/index.js": "module.exports = 'hello'\n"})
}

func packument() map[string]any {
	one, many := sha1.Sum(npmPackage()), sha512.Sum512(npmPackage())
	return map[string]any{"name": "@company/hello", "dist-tags": map[string]string{"latest": "1.0.0"},
		"time": map[string]string{"1.0.0": "2020-01-01T00:00:00.000Z"},
		"versions": map[string]any{"1.0.0": map[string]any{"name": "@company/hello", "version": "1.0.0",
			"main": "index.js", "dist": map[string]string{
				"tarball":   "https://" + companyHost + "/npm/@company/hello/-/hello-1.0.0.tgz",
				"shasum":    hex.EncodeToString(one[:]),
				"integrity": "sha512-" + base64.StdEncoding.EncodeToString(many[:])}}}}
}

// bind writes bindings: type to entries. The network's own are among them.
func (c *company) bind(t *testing.T, given map[string]map[string]string) map[string]string {
	t.Helper()
	dir, out := t.TempDir(), map[string]string{}
	all := map[string]map[string]string{"ca-certificates": {"company.pem": c.ca},
		"tandem-build-env": {"BUILD_SECRET": canary("BuildEnv")}}
	for kind, entries := range given {
		all[kind] = entries
	}
	for kind, entries := range all {
		name := "company-" + kind
		put(t, filepath.Join(dir, name, "type"), kind+"\n")
		for entry, text := range entries {
			put(t, filepath.Join(dir, name, entry), text)
		}
		out[name] = filepath.Join(dir, name)
	}
	return out
}

// private is an app that needs a Python package and a Node package of the company, and what a build of it is given.
type private struct {
	name     string
	files    map[string]string
	env      map[string]string
	bindings map[string]map[string]string
	log      []string
	agents   []string // programs that must have reached the company's server
	logins   []string // where the canaries came from that it was shown
}

const (
	companyIndex = "https://" + companyHost + "/simple"
	companyNPM   = "//" + companyHost + "/npm/"
	// The app's own commands find both packages, and reach the server without a login.
	companyCheck = `#!/usr/bin/env bash
set -e
secret="$(cat "$ENV_DIR/HOOK_SECRET")"
[ -n "$BUILD_SECRET" ]
export SECRET_OF_HOOK="$secret"
python -c 'import company_hello, os, urllib.request; assert os.environ["SECRET_OF_HOOK"]; print("Python:", urllib.request.urlopen("https://packages.example.com/open").read())'
node -e 'require("@company/hello"); fetch("https://packages.example.com/open").then(r => r.text()).then(t => console.log("Node:", t))'
if command -v curl >/dev/null; then curl --fail --silent --show-error https://packages.example.com/open; fi
for place in ~/.npmrc ~/.netrc ~/.config /layers/*/private/credentials-*; do if [ -e "$place" ]; then echo "there is $place"; exit 1; fi; done
`
)

func companyApp(pairs ...string) map[string]string {
	return with(map[string]string{
		"requirements.txt": "company-hello==1.0\n", "bin/post_compile": companyCheck,
		"package.json": `{"name": "app", "version": "1.0.0", "scripts": {"build": "node -p \"'built, ' + ` +
			`require('@company/hello')\""}, "dependencies": {"@company/hello": "1.0.0"}}`,
	}, pairs...)
}

func packageOf(manager string) string {
	return strings.Replace(companyApp()["package.json"], `"scripts"`,
		fmt.Sprintf(`"packageManager": %q, "scripts"`, manager), 1)
}

func npmrc(secret string) map[string]string {
	return map[string]string{".npmrc": "@company:registry=https:" + companyNPM + "\n" + companyNPM + ":_authToken=" +
		canary(secret) + "\n"}
}

// basic is npm's login with a user and a password, which it sends as Basic.
func basic(secret string) map[string]string {
	return map[string]string{".npmrc": "@company:registry=https:" + companyNPM + "\n" +
		companyNPM + ":username=reader\n" + companyNPM + ":_password=" +
		base64.StdEncoding.EncodeToString([]byte(canary(secret))) + "\n"}
}

func registryWith(secret string) string {
	return "https://reader:" + canary(secret) + "@" + companyHost + "/simple"
}

var privates = []private{
	{
		name: "uv and npm", files: companyApp(),
		bindings: map[string]map[string]string{
			"uv": {"uv.toml": "[[index]]\nname = \"company\"\nurl = \"" + registryWith("UvToml") +
				"\"\n"},
			"npmrc": npmrc("Npmrc"),
			"dependency-mirror": {"default": "https://mirror:" + canary("Mirror") + "@" + companyHost +
				"/mirror/{originalHost}"},
		},
		agents: []string{"tandem/", "uv/", "npm/", "Python-urllib/", "node", "curl/"},
		logins: []string{"UvToml", "Npmrc", "Mirror"},
		log:    []string{"built, hello", "Python: b'hello", "Node: hello"},
	},
	{
		name: "pip and Yarn 1",
		files: companyApp("package.json", packageOf("yarn@1.22.22"), ".npmrc",
			companyNPM+":_authToken=${NPM_TOKEN}\n"+companyNPM+":always-auth=true\n"),
		env: map[string]string{"BP_PYTHON_INSTALLER": "pip"},
		bindings: map[string]map[string]string{
			"pip":    {"pip.conf": "[global]\nextra-index-url = " + registryWith("PipConf") + "\n"},
			"npmrc":  {"NPM_TOKEN": canary("Token")},
			"yarnrc": {".yarnrc": "\"@company:registry\" \"https:" + companyNPM + "\"\n"},
		},
		agents: []string{"pip/", "yarn/"}, logins: []string{"PipConf", "Token"}, log: []string{"built, hello"},
	},
	{
		name: "Poetry and pnpm",
		files: companyApp("package.json", packageOf("pnpm@10.34.8"), "pyproject.toml", companyPoetry, "poetry.lock",
			companyPoetryLock()),
		bindings: map[string]map[string]string{
			"poetry": {"auth.toml": "[http-basic.company]\nusername = \"reader\"\npassword = \"" + canary("AuthToml") +
				"\"\n"}, "npmrc": npmrc("NpmrcOfPnpm"),
		},
		agents: []string{"poetry/", "pnpm/"}, logins: []string{"AuthToml", "NpmrcOfPnpm"},
		log: []string{"built, hello"},
	},
	{
		name: "uv.lock and Yarn 4",
		files: companyApp("package.json", packageOf("yarn@4.18.1"), ".yarnrc.yml", "nodeLinker: node-modules\n",
			"pyproject.toml", companyProject, "uv.lock", companyUVLock()),
		bindings: map[string]map[string]string{
			"netrc": {".netrc": "machine " + companyHost + " login reader password " + canary("Netrc") + "\n"},
			"yarnrc": {".yarnrc.yml": "npmScopes:\n  company:\n    npmRegistryServer: \"https:" + companyNPM +
				"\"\n    npmAuthToken: " + canary("Yarnrc") + "\n"},
		},
		logins: []string{"Netrc", "Yarnrc"}, log: []string{"built, hello"},
	},
	{
		name: "uv with addresses, npm with a password",
		files: companyApp("bin/post_compile", gitCheck,
			"requirements.txt", companyAddresses+"company-git @ "+gitAddress("company-git.git")),
		bindings: map[string]map[string]string{"uv": tokens("UV"), "npmrc": basic("Basic")},
		logins:   []string{"QueryUV", "GitUV", "Basic"},
		log:      []string{"built, hello", "Python: b'hello", "private_token=****"},
	},
	{
		name: "pip with addresses and a clone",
		files: companyApp("bin/post_compile", gitCheck,
			"requirements.txt", companyAddresses+"-e "+gitAddress("company-git.git")),
		env:      map[string]string{"BP_PYTHON_INSTALLER": "pip"},
		bindings: map[string]map[string]string{"pip": tokens("Pip"), "npmrc": basic("BasicOfPip")},
		logins:   []string{"QueryPip", "GitPip", "BasicOfPip"},
		log:      []string{"built, hello", "Python: b'hello", "private_token=****"},
	},
}

// companyPoetry names the index; whoever installs has to have a login.
const companyPoetry = `[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
python = ">=3.9"
company-hello = {version = "1.0", source = "company"}

[[tool.poetry.source]]
name = "company"
url = "https://packages.example.com/simple"
priority = "explicit"
`

// companyPoetryLock has the content hash that poetry lock gives to companyPoetry.
func companyPoetryLock() string {
	return fmt.Sprintf(`[[package]]
name = "company-hello"
version = "1.0"
description = ""
optional = false
python-versions = "*"
groups = ["main"]
files = [{file = %q, hash = "sha256:%s"}]

[package.source]
type = "legacy"
url = %q
reference = "company"

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
content-hash = "38557228b1c2ff65d1110774b2caf26fcdb8a8ee121abb853882dd856b239c28"
`, helloWheel, wheelSum(), companyIndex)
}

const companyProject = `[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = ["company-hello==1.0"]

[[tool.uv.index]]
name = "company"
url = "https://packages.example.com/simple"
`

func companyUVLock() string {
	return fmt.Sprintf(`version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "company-hello" }]

[package.metadata]
requires-dist = [{ name = "company-hello", specifier = "==1.0" }]

[[package]]
name = "company-hello"
version = "1.0"
source = { registry = %q }
wheels = [{ url = "https://%s/files/%s", hash = "sha256:%s" }]
`, companyIndex, companyHost, helloWheel, wheelSum())
}

func TestPrivatePackagesBehindACompanysProxy(t *testing.T) {
	t.Parallel()
	spec.Run(t, "app", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range privates {
			it(c.name, func() {
				p, network := network(t, c.bindings)
				c.env = merged(map[string]string{"HTTPS_PROXY": network.proxy, "NODE_USE_ENV_PROXY": "1",
					"BP_LOG_LEVEL": "debug", "DEBUG_COLLECTSTATIC": "1", "NODE_DEBUG": "http",
					"HOOK_SECRET":  canary("Hook"),
					"DATABASE_URL": "postgres://app:" + canary("Database") + "@db.example.com/app"}, c.env)
				log,
					err := p.Build(t.Context(),
					devenv.Build{App: write(t, c.files), Env: c.env, Bindings: network.bind(t, c.bindings)})
				if err != nil {
					t.Fatalf("%v\n%s\nagents: %q", err, lastLines(log, 60), network.agents)
				}
				contains(t, log, c.log, nil)
				for _, agent := range c.agents {
					if _, err := exec.LookPath("curl"); err != nil && agent == "curl/" {
						t.Logf("not shown of curl, which this machine has not: %v", err)
					} else if !network.connected(agent) {
						t.Errorf("%s has not reached the company's server; these have: %q", agent, network.agents)
					}
				}
				for _, from := range c.logins {
					if network.logins[canary(from)] == "" {
						t.Errorf("the login of %s was not used; these were: %v", from, network.logins)
					}
				}
				noCanaries(t, p.Dir, log)
				documents, err := filepath.Glob(filepath.Join(p.Layers, "*.sbom.*"))
				if len(documents) < 9 || err != nil {
					t.Errorf("%v: the bills of materials that were searched are %q", err, documents)
				}
			})
		}
	}, spec.Parallel())
}

// network is a company's, and a place to build in: without runtimes where these are to come from the company's mirror.
func network(t *testing.T, bindings map[string]map[string]string) (*devenv.Phases, *company) {
	t.Helper()
	c := newCompany(t)
	if bindings["dependency-mirror"] == nil {
		return warm(t), c
	}
	p := phases(t)
	c.takeRuntimes(t, p)
	return p, c
}

// The same in an image: its configuration, labels and layers have nothing of what the build was given.
func TestPackLeavesNoSecretInTheImage(t *testing.T) {
	t.Parallel()
	spec.Run(t, "pack", func(t *testing.T, _ spec.G, it spec.S) {
		it("leaves no secret in the image", func() {
			needEngine(t)
			network, c := newCompany(t), privates[0]
			log := packBuild(t,
				devenv.Build{App: write(t, c.files), Image: "tandem-test-private", ClearCache: true,
					Bindings: network.bind(t, c.bindings), Env: map[string]string{
						"HTTPS_PROXY": network.proxy, "NODE_USE_ENV_PROXY": "1", "BP_LOG_LEVEL": "debug",
						"DEBUG_COLLECTSTATIC": "1", "HOOK_SECRET": canary("Hook")}})
			contains(t, log, c.log, nil)
			dir := t.TempDir()
			if _,
				err := env.Docker(t.Context(), "image", "save", "--output", filepath.Join(dir, "image.tar"),
				"tandem-test-private"); err != nil {
				t.Fatal(err)
			}
			noCanaries(t, dir, log)
		})
	}, spec.Parallel())
}

// What the network keeps from those without a certificate or a login is said, with the fix that the builds above apply.
func TestACompanysNetworkRefuses(t *testing.T) {
	t.Parallel()
	without := func(kind string, bindings map[string]string) map[string]string {
		delete(bindings, "company-"+kind)
		return bindings
	}
	private := map[string]string{"requirements.txt": "", ".npmrc": "@company:registry=https:" + companyNPM + "\n",
		"package.json": companyApp()["package.json"]}
	cases := map[string]struct {
		files    map[string]string
		bindings map[string]map[string]string
		without  string
		log      []string
	}{
		"our downloads": {plainFiles, privates[0].bindings, "ca-certificates",
			[]string{"[download/unreachable]", "certificate signed by unknown authority"}},
		"uv, certificate": {map[string]string{"requirements.txt": "--index-url " + companyIndex + "\ncompany-hello\n"},
			nil, "ca-certificates",
			[]string{"[python/certificate]", "type ca-certificates"}},
		"npm, certificate": {private, nil, "ca-certificates", []string{"[node/certificate]", "type ca-certificates"}},
		"uv, login": {map[string]string{"requirements.txt": "--index-url " + companyIndex + "\ncompany-hello\n"}, nil,
			"",
			[]string{"[python/index-login]", "bindings/netrc"}},
		"npm, login": {private, nil, "", []string{"[node/registry-login]", "type npmrc"}},
	}
	spec.Run(t, "refusal", func(t *testing.T, _ spec.G, it spec.S) {
		for _, name := range slices.Sorted(maps.Keys(cases)) {
			c := cases[name]
			it(name, func() {
				p, network := network(t, c.bindings)
				log,
					err := p.Build(t.Context(),
					devenv.Build{App: write(t, c.files),
						Env:      map[string]string{"HTTPS_PROXY": network.proxy, "npm_config_fetch_retries": "0"},
						Bindings: without(c.without, network.bind(t, c.bindings))})
				if err == nil {
					t.Fatalf("the build succeeds:\n%s", log)
				}
				contains(t, log, c.log, nil)
			})
		}
	}, spec.Parallel())
}

// A real build that leaves its secrets everywhere: what noCanaries looks at is what such a build makes. Only the log is
// masked: what the app's own steps are given, they may write into its files.
func TestASecretThatABuildLeavesIsFound(t *testing.T) {
	t.Parallel()
	spec.Run(t, "search", func(t *testing.T, _ spec.G, it spec.S) {
		it("finds a secret that a build leaves", func() {
			p := phases(t)
			app := write(t, map[string]string{"requirements.txt": "", "bin/post_compile": `
echo "the log: $SECRET"
echo "$SECRET" >plain; echo "$SECRET" | gzip >packed.gz
echo "word = '$SECRET'" >module.py && python -c 'import py_compile; py_compile.compile("module.py", "module.pyc")' && rm module.py
echo "word = '$SECRET'" >"$VIRTUAL_ENV/secret.txt"
echo "$SECRET" >"$CACHE_DIR/kept"
`, "Procfile": "web: true\n"})
			log := mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"SECRET": canary("Left")}})
			all, err := search(p.Dir, "platform", "lifecycle", "buildpacks")
			if err != nil {
				t.Fatal(err)
			}
			places := fmt.Sprint(append(all, searchText("the log", []byte(log))...))
			for _, place := range []string{
				"app/plain", "app/packed.gz!gz", "app/module.pyc", "venv/secret.txt", "contents.tar.zst!zst!",
			} {
				if !strings.Contains(places, place) {
					t.Errorf("nothing is found in %s, but in %s", place, places)
				}
			}
			if strings.Contains(places, "the log") {
				t.Errorf("it is in the log:\n%s", log)
			}
			contains(t, log, []string{"the log: ****", "Warning: plain has the value of SECRET"}, nil)
		})
	}, spec.Parallel())
}

// takeRuntimes gives the buildpack's own archives, if it has any, to the mirror.
func (c *company) takeRuntimes(t *testing.T, p *devenv.Phases) {
	t.Helper()
	c.archives = filepath.Join(t.TempDir(), "archives")
	found, err := filepath.Glob(filepath.Join(p.Dir, "buildpacks", "*", "*", "dependencies"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range found {
		if err := os.CopyFS(c.archives, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}
