//go:build kpack && linux

package integration

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/devenv/kube"
)

// Everything that docs/kpack.md says, in a real Kubernetes with the real kpack, one after the other as people do it.
func TestKpack(t *testing.T) {
	needEngine(t)
	cluster, err := kube.Start(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	start := time.Now()
	k := &kpack{cluster: cluster, page: openHandbook(t, cluster), network: newCompany(t), repository: newRepository(t)}
	listen(t, proxyPort, k.network.tunnel)
	k.prepare(t)
	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"the image builds", k.builds},
		{"its page and assets answer", k.answers},
		{"migrations", k.migrates},
		{"a new commit", k.rebuilds},
		{"nothing has changed", k.repeats},
		{"a new run image", k.rebases},
		{"a build that fails with all bindings", k.fails},
		{"no secret is in an image", k.keepsSecrets},
	} {
		if !t.Run(step.name, step.do) {
			t.FailNow() // what follows builds on it
		}
	}
	k.page.all(t)
	t.Logf("all steps: %.0f s", time.Since(start).Seconds())
}

// kpack is what the steps share.
type kpack struct {
	cluster    *kube.Cluster
	page       *handbook
	network    *company
	repository *repository
	done       []build // those that succeeded
	logs       strings.Builder
}

// prepare gives the cluster all that a build needs, and the secrets values that are looked for afterwards.
func (k *kpack) prepare(t *testing.T) {
	host, err := env.HostCertificates()
	if err != nil {
		t.Fatal(err)
	}
	k.page.fill(t, "registry", map[string]string{"password": canary("Registry")})
	k.page.fill(t, "build-env", map[string]string{"SENTRY_AUTH_TOKEN": canary("BuildEnv")})
	k.page.fill(t, "company-ca", map[string]string{"company.pem": k.network.ca + string(host)})
	k.page.apply(t, "Namespace/shop", "Secret/registry", "ServiceAccount/kpack", "ClusterStore/tandem", "ClusterStack/jammy", "ClusterBuilder/tandem")
	for _, name := range k.page.secrets() {
		secret := k.page.object(t, "Secret/"+name)
		for key, value := range secret["stringData"].(map[string]any) {
			secret["stringData"].(map[string]any)[key] = strings.ReplaceAll(value.(string), "…", canary("Binding"))
		}
		k.page.applyObject(t, secret)
	}
}

func (k *kpack) builds(t *testing.T) {
	image := k.page.object(t, "Image/shop")
	k.page.applyObject(t, image)
	b, log := k.built(t, "shop", true)
	contains(t, log, []string{"the hook has its token", "npm has said hello", "Python: b'hello", "manage.py compress"}, nil)
	if k.network.logins[canary("Binding")] == "" {
		t.Errorf("npm has not used the binding's login; used were %v", k.network.logins)
	}
	k.wantReason(t, b, "CONFIG")
	if status := k.page.run(t, `conditions[?(@.type=="Ready")]`); !strings.Contains(status, `"status":"True"`) {
		t.Errorf("the page's command says %s", status)
	}
	contains(t, k.page.run(t, "--container build"), []string{"Tandem", "the hook has its token"}, nil)
}

// answers deploys the image as the page says.
func (k *kpack) answers(t *testing.T) {
	k.page.fill(t, "shop", map[string]string{"SECRET_KEY": secret["SECRET_KEY"]})
	k.page.apply(t, "Secret/shop", "Deployment/shop", "Service/shop")
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}

// checkPod asks the newest pod of the deployment for its page.
func (k *kpack) checkPod(t *testing.T) {
	t.Helper()
	address := k.kubectl(t, "get", "pods", "--selector=app=shop", "--sort-by=.metadata.creationTimestamp", "--output=jsonpath={.items[-1:].status.podIP}")
	checkPage(t, "http://"+address+":8080", expected(t, k.repository.dir))
}

func (k *kpack) migrates(t *testing.T) {
	if out := k.page.run(t, "run shop-migrate"); !strings.Contains(out, "Applying contenttypes.0001_initial... OK") {
		t.Errorf("the page's command says\n%s", out)
	}
	k.page.apply(t, "Job/shop-migrate")
	k.page.run(t, "job/shop-migrate")
}

// rebuilds: only what the commit changes is made anew.
func (k *kpack) rebuilds(t *testing.T) {
	more(t, filepath.Join(k.repository.dir, "templates/index.html"), "\n<p>the second commit</p>\n")
	k.repository.push(t, "main")
	// kpack looks at the repository once a minute, and at once when its resolver is changed.
	k.kubectl(t, "annotate", "sourceresolver", "shop-source", "look=now")
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "COMMIT")
	contains(t, log, []string{
		`Restoring data for "tandem/python-node:`, "Reusing layer 'tandem/python-node:python'", "Reusing layer 'tandem/python-node:venv'", "Reusing layer 'tandem/python-node:env'",
	}, []string{"company-hello", "Installing Python"})
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}

// repeats: the same source gives the same layers, whatever the clock says.
func (k *kpack) repeats(t *testing.T) {
	before := k.last()
	k.page.run(t, "additionalBuildNeeded")
	b, _ := k.built(t, "shop", true)
	k.wantReason(t, b, "TRIGGER")
	if diff := cmp.Diff(k.layers(t, before), k.layers(t, b)); diff != "" {
		t.Errorf("layers have other digests:\n%s", diff)
	}
}

// rebases: the app's layers stay, on another base.
func (k *kpack) rebases(t *testing.T) {
	before := k.last()
	update := filepath.Join(t.TempDir(), "layer.tar")
	put(t, update, string(wrapped(t, []byte("a fix of the distribution\n"), "tar")))
	if _, err := k.cluster.Crane(t.Context(), "mutate", "--append", update, "--tag", kube.Run+":2", kube.Run); err != nil {
		t.Fatal(err)
	}
	stack := k.page.object(t, "ClusterStack/jammy")
	stack["spec"].(map[string]any)["runImage"] = map[string]string{"image": kube.Run + ":2"}
	k.page.applyObject(t, stack)
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "STACK")
	contains(t, log, nil, []string{"Tandem", "BUILDING"})
	old, new := k.config(t, before), k.config(t, b)
	if diff := cmp.Diff(k.layers(t, before), k.layers(t, b)); diff != "" || len(new.RootFS.DiffIDs) != len(old.RootFS.DiffIDs)+1 {
		t.Errorf("%d layers became %d; ours:\n%s", len(old.RootFS.DiffIDs), len(new.RootFS.DiffIDs), diff)
	}
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}

// fails: the status has our error, and the log its explanation. All bindings of the page are given to this build, and accepted.
func (k *kpack) fails(t *testing.T) {
	more(t, filepath.Join(k.repository.dir, "project/settings.py"), "\nMAIL = os.environ[\"MAIL_HOST\"]\n")
	k.repository.push(t, "broken")
	image := copyOf(t, k.page.object(t, "Image/shop"))
	spec := image["spec"].(map[string]any)
	image["metadata"].(map[string]any)["name"] = "broken"
	spec["tag"], spec["cache"] = kube.Registry+"/broken", map[string]any{"registry": map[string]any{"tag": kube.Registry + "/broken-cache"}}
	spec["source"].(map[string]any)["git"].(map[string]any)["revision"] = "broken"
	var services []any
	for _, name := range k.page.secrets() {
		services = append(services, map[string]any{"apiVersion": "v1", "kind": "Secret", "name": name})
	}
	spec["build"].(map[string]any)["services"] = services
	k.page.applyObject(t, image)
	_, log := k.built(t, "broken", false)
	contains(t, log, []string{"MAIL_HOST", "(django/variable-unset)", "In kpack's Image"}, nil)
	status := k.kubectl(t, "get", "image.kpack.io", "broken", `--output=jsonpath={.status.conditions[?(@.type=="Ready")].message}`)
	if !strings.Contains(status, "MAIL_HOST") || !strings.Contains(status, "(django/variable-unset)") {
		t.Errorf("the Image's status says %q", status)
	}
}

func (k *kpack) keepsSecrets(t *testing.T) {
	dir := t.TempDir()
	for name, image := range map[string]string{"image": k.last().Status.LatestImage, "cache": kube.Registry + "/shop-cache"} {
		if _, err := k.cluster.Crane(t.Context(), "pull", "--format", "oci", image, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	noCanaries(t, dir, k.logs.String())
	if notes := k.kubectl(t, "exec", "deployment/shop", "--", "find", "/workspace", "-name", "notes.txt", "-o", "-name", "manage.py"); notes != "/workspace/manage.py" {
		t.Errorf("project.toml excludes notes.txt: %s", notes)
	}
}
