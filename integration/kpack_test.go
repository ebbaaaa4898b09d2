//go:build kpack && linux

package integration

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv/kube"
)

// Everything that docs/platforms/kpack.md says, in a real Kubernetes with the real kpack, one after the other as people do it.
func TestKpack(t *testing.T) {
	spec.Run(t, "kpack", func(t *testing.T, _ spec.G, it spec.S) {
		it("does what its page says", func() {
			cluster := startCluster(t)
			start := time.Now()
			k := &kpack{cluster: cluster, page: openHandbook(t, cluster), network: newCompany(t),
				repository: newRepository(t)}
			k.listenAll(t)
			k.prepare(t)
			for _, step := range []struct {
				name string
				do   func(*testing.T)
			}{
				{"the image builds", k.builds},
				{"another image that cannot be built", k.breaks},
				{"the page and its assets answer", k.answers},
				{"migrations", k.migrates},
				{"a new commit", k.rebuilds},
				{"nothing has changed but the cache is a volume", k.repeats},
				{"a new version of the buildpack", k.updates},
				{"a new run image", k.rebases},
				{"the other image has failed", k.fails},
				{"no secret is in an image", k.keepsSecrets},
			} {
				if !t.Run(step.name, step.do) {
					t.FailNow() // what follows builds on it
				}
			}
			k.page.all(t)
			t.Logf("all steps: %.0f s", time.Since(start).Seconds())
		})
	})
}

func startCluster(t *testing.T) *kube.Cluster {
	t.Helper()
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
	return cluster
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
	k.page.fill(t, "registry", canary("Registry"))
	k.page.fill(t, "git", canary("Git"))
	k.page.fill(t, "build-env", canary("BuildEnv"))
	k.page.object(t, "Secret/company-ca")["stringData"].(map[string]any)["company.pem"] = k.network.ca + string(host)
	k.page.apply(t, "Namespace/shop", "Secret/registry", "Secret/git", "ServiceAccount/kpack", "ClusterStore/tandem",
		"ClusterStack/jammy", "ClusterBuilder/tandem")
	for _, name := range k.page.secrets() {
		k.page.filled(t, name, canary("Binding"))
		k.page.apply(t, "Secret/"+name)
	}
}

func (k *kpack) builds(t *testing.T) {
	image := k.page.object(t, "Image/shop")
	k.page.applyObject(t, image)
	b, log := k.built(t, "shop", true)
	contains(t, log, append([]string{
		"the hook has its token", "the distribution is debian 12", "npm has said hello", "Python: b'hello",
		"manage.py compress",
		"buildpacks provided in project descriptor file will be ignored",
		"builder provided in project descriptor file will be ignored",
		"Unable to delete cache image",
	}, installs...), nil)
	if k.network.logins[canary("Binding")] == "" {
		t.Errorf("npm has not used the binding's login; used were %v", k.network.logins)
	}
	k.wantReason(t, b, "CONFIG")
	const platform = `--output=jsonpath={.spec.initContainers[?(@.name=="build")].env[?(@.name=="CNB_PLATFORM_API")].value}`
	if api := k.kubectl(t, "get", "pod", b.Status.PodName, platform); api != "0.9" {
		t.Errorf("kpack speaks the platform API %s", api)
	}
	if status := k.page.run(t, `conditions[?(@.type=="Ready")]`); !strings.Contains(status, `"status":"True"`) {
		t.Errorf("the page's command says %s", status)
	}
	contains(t, k.page.run(t, "--container build"), []string{"Tandem", "the hook has its token"}, nil)
}

// answers deploys the image as the page says.
func (k *kpack) answers(t *testing.T) {
	k.page.fill(t, "shop", secret["SECRET_KEY"])
	k.page.run(t, "patch serviceaccount default")
	k.page.apply(t, "Secret/shop", "Deployment/shop", "Service/shop")
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}

// checkPod asks the deployment's pod with the last image for its page. The one before it may be as young, and on its
// way out.
func (k *kpack) checkPod(t *testing.T) {
	t.Helper()
	const pod = `--output=jsonpath={.items[?(@.spec.containers[0].image==%q)].status.podIP}`
	address := k.kubectl(t, "get", "pods", "--selector=app=shop", fmt.Sprintf(pod, k.last().Status.LatestImage))
	checkPage(t, "http://"+address+":8080", expected(t, k.repository.dir))
}

func (k *kpack) migrates(t *testing.T) {
	if out := k.page.run(t, "run shop-migrate"); !strings.Contains(out, "Applying contenttypes.0001_initial... OK") {
		t.Errorf("the page's command says\n%s", out)
	}
	k.page.apply(t, "Job/shop-migrate")
	k.page.run(t, "job/shop-migrate")
}

// breaks starts what fails looks at. All bindings of the page are given to this build, and accepted.
func (k *kpack) breaks(t *testing.T) {
	more(t, filepath.Join(k.repository.dir, "project/settings.py"), "\nMAIL = os.environ[\"MAIL_HOST\"]\n")
	k.repository.push(t, "broken")
	git(t, k.repository.dir, "reset", "--quiet", "--hard", "HEAD~1")
	image := copyOf(t, k.page.object(t, "Image/shop"))
	spec := image["spec"].(map[string]any)
	image["metadata"].(map[string]any)["name"] = "broken"
	spec["tag"] = kube.Private + "/broken"
	delete(spec, "cache")
	spec["source"].(map[string]any)["git"].(map[string]any)["revision"] = "broken"
	var services []any
	for _, name := range k.page.secrets() {
		services = append(services, map[string]any{"apiVersion": "v1", "kind": "Secret", "name": name})
	}
	spec["build"].(map[string]any)["services"] = services
	k.page.applyObject(t, image)
}

// fails: the status has our error, and the log its explanation.
func (k *kpack) fails(t *testing.T) {
	_, log := k.built(t, "broken", false)
	contains(t, log,
		[]string{"MAIL_HOST", "[django/variable-unset]", "# kpack: spec.build.env of the Image."}, nil)
	status := k.kubectl(t, "get", "image.kpack.io", "broken",
		`--output=jsonpath={.status.conditions[?(@.type=="Ready")].message}`)
	if !strings.Contains(status, "MAIL_HOST") || !strings.Contains(status, "[django/variable-unset]") {
		t.Errorf("the Image's status says %q", status)
	}
	if size := k.claim(t, "broken-cache"); size != "2G" {
		t.Errorf("an Image without a cache has a volume of %s", size)
	}
}

func (k *kpack) keepsSecrets(t *testing.T) {
	dir := t.TempDir()
	for name, image := range map[string]string{"image": k.last().image(), "cache": kube.Registry + "/shop-cache"} {
		pulled, err := crane.Pull(image)
		if err != nil {
			t.Fatal(err)
		}
		if err := crane.SaveOCI(pulled, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	noCanaries(t, dir, k.logs.String())
	noCanaries(t, k.cluster.Volumes(), "")
	if notes := k.kubectl(t, "exec", "deployment/shop", "--", "find", "/workspace", "-name", "notes.txt", "-o", "-name",
		"manage.py"); notes != "/workspace/manage.py" {
		t.Errorf("project.toml excludes notes.txt: %s", notes)
	}
}
