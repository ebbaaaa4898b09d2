//go:build kpack && linux

package integration

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/crane"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/tandem-cnb/tandem/integration/devenv/kube"
)

// build is one of kpack's.
type build struct {
	Metadata struct {
		Name        string
		Annotations map[string]string
	}
	Status struct {
		Conditions  []condition
		LatestImage string
		PodName     string
	}
}

// image is where it is found without a login.
func (b build) image() string {
	return strings.Replace(b.Status.LatestImage, kube.Private, kube.Registry, 1)
}

type condition struct{ Type, Status, Reason, Message string }

// built waits for the next build of an image and returns it with its log, which has to be of a build that succeeded or
// not.
func (k *kpack) built(t *testing.T, image string, succeeds bool) (build, string) {
	t.Helper()
	start := time.Now()
	var b build
	for deadline := start.Add(4 * time.Minute); ; time.Sleep(500 * time.Millisecond) {
		if ref := k.kubectl(t, "get", "image.kpack.io", image,
			"--output=jsonpath={.status.latestBuildRef}"); ref != "" && ref != k.last().Metadata.Name {
			if err := json.Unmarshal([]byte(k.kubectl(t, "get", "build.kpack.io", ref, "--output=json")),
				&b); err != nil {
				t.Fatal(err)
			}
			if i := slices.IndexFunc(b.Status.Conditions,
				func(c condition) bool { return c.Type == "Succeeded" && c.Status != "Unknown" }); i >= 0 {
				log := k.log(t, b)
				if succeeds != (b.Status.Conditions[i].Status == "True") {
					t.Fatalf("%+v\n%s", b.Status.Conditions[i], lastLines(log, 80))
				}
				t.Logf("%s, %s: %.0f s", ref, b.Metadata.Annotations["image.kpack.io/reason"],
					time.Since(start).Seconds())
				if succeeds {
					k.done = append(k.done, b)
				}
				return b, log
			}
		}
		if time.Now().After(deadline) {
			// as far as it can be had
			everything,
				_ := k.cluster.Kubectl(t.Context(), "--namespace=shop", "describe",
				"image.kpack.io,build.kpack.io,pods")
			t.Fatalf("%s is not built:\n%s", image, everything)
		}
	}
}

// noBuild waits until kpack has looked at the last change of the Image, which is nothing that it builds anew for.
func (k *kpack) noBuild(t *testing.T) {
	t.Helper()
	const seen = "--output=jsonpath={.metadata.generation} {.status.observedGeneration} {.status.latestBuildRef}"
	for range 60 {
		said := strings.Fields(k.kubectl(t, "get", "image.kpack.io", "shop", seen))
		if said[0] == said[1] {
			if said[2] != k.last().Metadata.Name {
				t.Fatalf("kpack builds %s", said[2])
			}
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatal("kpack has not looked at the Image for half a minute")
}

// claim is how much a claim asked for that has got a volume.
func (k *kpack) claim(t *testing.T, name string) string {
	t.Helper()
	said := strings.Fields(k.kubectl(t, "get", "persistentvolumeclaim", name,
		"--output=jsonpath={.status.phase} {.spec.resources.requests.storage}"))
	if len(said) != 2 || said[0] != "Bound" {
		t.Fatalf("the claim %s: %v", name, said)
	}
	return said[1]
}

// last is the last build of the app that succeeded, empty at first.
func (k *kpack) last() build {
	if len(k.done) == 0 {
		return build{}
	}
	return k.done[len(k.done)-1]
}

// log is that of all containers of a build's pod. The page's command prints that of the build.
func (k *kpack) log(t *testing.T, b build) string {
	t.Helper()
	log := k.kubectl(t, "logs", b.Status.PodName, "--all-containers", "--ignore-errors")
	k.logs.WriteString(log)
	return log
}

func (k *kpack) wantReason(t *testing.T, b build, want string) {
	t.Helper()
	if got := b.Metadata.Annotations["image.kpack.io/reason"]; got != want {
		t.Errorf("the reason of %s is %s, want %s", b.Metadata.Name, got, want)
	}
}

func (k *kpack) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := k.cluster.Kubectl(t.Context(), append([]string{"--namespace=shop"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// config returns the configuration of the image that a build made.
func (k *kpack) config(t *testing.T, b build) *v1.ConfigFile {
	t.Helper()
	image, err := crane.Pull(b.image())
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func (k *kpack) layers(t *testing.T, b build) map[string]string {
	t.Helper()
	return labelled(t, k.config(t, b).Config.Labels["io.buildpacks.lifecycle.metadata"])
}
