//go:build kpack && linux

package integration

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/crane"

	"github.com/tandem-cnb/tandem/integration/devenv/kube"
)

// installs are what a build runs that has no caches.
var installs = []string{"$ uv pip install", "$ npm ci"}

// rebuilds: only what the commit changes is made anew.
func (k *kpack) rebuilds(t *testing.T) {
	more(t, filepath.Join(k.repository.dir, "templates/index.html"), "\n<p>the second commit</p>\n")
	k.repository.push(t, "main")
	// kpack looks at the repository once a minute, and at once when its resolver is changed.
	k.kubectl(t, "annotate", "sourceresolver", "shop-source", "look=now")
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "COMMIT")
	contains(t, log, []string{
		`Restoring data for "tandem/python-node:`, "Reusing layer 'tandem/python-node:python'",
		"Reusing layer 'tandem/python-node:venv'", "Reusing layer 'tandem/python-node:env'",
	}, installs)
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}

// repeats: the same source gives the same image, whatever the clock says, and though everything is rebuilt: the new cache is
// empty.
func (k *kpack) repeats(t *testing.T) {
	before := k.last()
	k.page.run(t, `"volume":`)
	k.noBuild(t)
	k.page.run(t, "additionalBuildNeeded")
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "TRIGGER")
	contains(t, log, installs, []string{`Restoring data for "tandem/python-node:`})
	if diff := cmp.Diff(k.layers(t, before), k.layers(t, b)); diff != "" ||
		b.Status.LatestImage != before.Status.LatestImage {
		t.Errorf("%s became %s; layers:\n%s", before.Status.LatestImage, b.Status.LatestImage, diff)
	}
	if size := k.claim(t, "shop-cache"); size != "2Gi" {
		t.Errorf("the page's volume has %s", size)
	}
}

// updates: a new version of the buildpack builds every image that it has built, with the caches of the last one, which
// are in a volume now.
func (k *kpack) updates(t *testing.T) {
	before := k.last()
	dir := filepath.Join(t.TempDir(), "package")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(env.Root, "dist/package"))); err != nil {
		t.Fatal(err)
	}
	for _, of := range []string{"", "linux/amd64", "linux/arm64"} {
		setVersion(t, filepath.Join(dir, of), "0.2.0")
	}
	if err := env.PackFolder(t.Context(), dir, kube.Registry+"/tandem:0.2.0"); err != nil {
		t.Fatal(err)
	}
	k.page.run(t, "creationTime")
	k.noBuild(t)
	k.page.run(t, "patch clusterstore")
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "BUILDPACK")
	contains(t, log, []string{
		"Build reason(s): BUILDPACK", "tandem/python-node 0.2.0", `Restoring data for "tandem/python-node:`,
		"Reusing layer 'tandem/python-node:venv'",
	}, installs)
	old, new := k.config(t, before).Created.Time, k.config(t, b).Created.Time
	if age := time.Since(new); old.Year() != 1980 || age < 0 || age > 5*time.Minute {
		t.Errorf("the image was made %s, and before creationTime was set %s", new, old)
	}
	if diff := cmp.Diff(k.layers(t, before), k.layers(t, b)); diff != "" {
		t.Errorf("the new version and the time make layers anew:\n%s", diff)
	}
}

// rebases: the app's layers stay, on another base.
func (k *kpack) rebases(t *testing.T) {
	before := k.last()
	update := filepath.Join(t.TempDir(), "layer.tar")
	put(t, update, string(wrapped(t, []byte("a fix of the distribution\n"), "tar")))
	base, err := crane.Pull(kube.Run)
	if err != nil {
		t.Fatal(err)
	}
	if base, err = crane.Append(base, update); err != nil {
		t.Fatal(err)
	}
	if err := crane.Push(base, kube.Run+":2"); err != nil {
		t.Fatal(err)
	}
	stack := k.page.object(t, "ClusterStack/jammy")
	stack["spec"].(map[string]any)["runImage"] = map[string]string{"image": kube.Run + ":2"}
	k.page.applyObject(t, stack)
	b, log := k.built(t, "shop", true)
	k.wantReason(t, b, "STACK")
	contains(t, log, nil, []string{"Tandem", "BUILDING"})
	old, new := k.config(t, before), k.config(t, b)
	if diff := cmp.Diff(k.layers(t, before), k.layers(t, b)); diff != "" ||
		len(new.RootFS.DiffIDs) != len(old.RootFS.DiffIDs)+1 {
		t.Errorf("%d layers became %d; ours:\n%s", len(old.RootFS.DiffIDs), len(new.RootFS.DiffIDs), diff)
	}
	k.page.run(t, "set image deployment/shop")
	k.checkPod(t)
}
