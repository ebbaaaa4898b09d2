//go:build kpack && linux

package integration

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv/kube"
)

const (
	gitPort   = ":8000"
	proxyPort = ":3128"
)

// onlyFor lets those in who have a password.
func onlyFor(password string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, given, _ := r.BasicAuth(); user != "shop" || given != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="company"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// listenAll serves what the cluster finds outside of it: the company's proxy and its registry. The repository has a
// server of its own.
func (k *kpack) listenAll(t *testing.T) {
	t.Helper()
	listen(t, proxyPort, k.network.tunnel)
	registry := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: kube.Registry})
	listen(t, strings.TrimPrefix(kube.Private, kube.Host), onlyFor(canary("Registry"), registry))
}

// listen serves at an address that the cluster reaches.
func listen(t *testing.T, port string, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("tcp", kube.Host+port)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }() // it ends with the test
	t.Cleanup(func() { _ = server.Shutdown(context.Background()) })
}

// repository is the app's, which people push to and kpack clones from.
type repository struct{ dir string }

// newRepository has one commit: an example, with a database, a package of the company's, and a hook that says what it
// has got.
func newRepository(t *testing.T) *repository {
	t.Helper()
	root := t.TempDir()
	r := &repository{dir: staged(t, "compressor")}
	more(t, filepath.Join(r.dir, "project/settings.py"), `
INSTALLED_APPS += ["django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/app.sqlite3"}}
`)
	// Image/shop of the page has a Python version too, which wins over this one.
	more(t, filepath.Join(r.dir, "project.toml"),
		"\n[[io.buildpacks.build.env]]\nname = \"BP_PYTHON_VERSION\"\nvalue = \"3.99\"\n")
	more(t, filepath.Join(r.dir, "project.toml"),
		"\n[io.buildpacks]\nexclude = [\"notes.txt\"]\nbuilder = \"example.com/another\"\n[[io.buildpacks.group]]\n"+
			"id = \"example/another\"\n")
	put(t, filepath.Join(r.dir, "notes.txt"), "not for the image\n")
	put(t, filepath.Join(r.dir, "bin/post_compile"), `#!/usr/bin/env bash
set -e
[ -n "$SENTRY_AUTH_TOKEN" ] && echo "the hook has its token"
echo "the distribution is $CNB_TARGET_DISTRO_NAME $CNB_TARGET_DISTRO_VERSION"
node -p "'npm has said ' + require('@company/hello')"
python -c 'import urllib.request; print("Python:", urllib.request.urlopen("https://packages.example.com/open").read())'
`)
	r.addPackage(t)
	bare := filepath.Join(root, "shop.git")
	git(t, root, "init", "--quiet", "--bare", "--initial-branch=main", bare)
	git(t, bare, "config", "uploadpack.allowAnySHA1InWant", "true") // kpack asks for a commit, as the big hosts let it
	git(t, r.dir, "init", "--quiet", "--initial-branch=main")
	git(t, r.dir, "remote", "add", "origin", bare)
	backend := &cgi.Handler{Path: "/usr/lib/git-core/git-http-backend",
		Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1"}}
	listen(t, gitPort, onlyFor(canary("Git"), backend))
	r.push(t, "main")
	return r
}

// addPackage adds the company's package to package.json and its lock.
func (r *repository) addPackage(t *testing.T) {
	t.Helper()
	sum := sha512.Sum512(npmPackage())
	edit(t, filepath.Join(r.dir, "package.json"),
		func(file map[string]any) { file["dependencies"] = map[string]string{"@company/hello": "1.0.0"} })
	edit(t, filepath.Join(r.dir, "package-lock.json"), func(file map[string]any) {
		packages := file["packages"].(map[string]any)
		packages[""].(map[string]any)["dependencies"] = map[string]string{"@company/hello": "1.0.0"}
		packages["node_modules/@company/hello"] = map[string]string{"version": "1.0.0",
			"integrity": "sha512-" + base64.StdEncoding.EncodeToString(sum[:])}
	})
}

func edit(t *testing.T, path string, change func(map[string]any)) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	change(file)
	if text, err = json.MarshalIndent(file, "", "  "); err != nil {
		t.Fatal(err)
	}
	put(t, path, string(text))
}

// push commits everything and pushes it to the branch.
func (r *repository) push(t *testing.T, branch string) {
	t.Helper()
	git(t, r.dir, "add", "--all")
	git(t, r.dir, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message=Change")
	git(t, r.dir, "push", "--quiet", "origin", "HEAD:"+branch)
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
