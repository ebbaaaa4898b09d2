package integration

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Two builds of an app may run at once: of two commits into one image with one cache, as when somebody pushes twice, or
// into two images. Neither may take anything of the other's.
func TestTwoBuildsOfAnAppAtOnce(t *testing.T) {
	t.Parallel()
	spec.Run(t, "two builds at once", func(t *testing.T, _ spec.G, it spec.S) {
		it("leave the right image and caches", func() {
			needEngine(t)
			const image, other = "tandem-test-together", "tandem-test-beside"
			apps := [2]string{staged(t, "plain"), another(t)}
			want := undisturbed(t, image, apps)
			for _, images := range [][2]string{{image, image}, {image, other}} {
				logs, errs := buildTogether(t, apps, images)
				if errs[0] != nil && errs[1] != nil {
					t.Errorf("%v: both have failed:\n%v\n%v", images, errs[0], errs[1])
				}
				for i, img := range images {
					if errs[i] != nil {
						// The lifecycle's caches are not made for two at once: the one that comes too late loses its
						// place in them.
						contains(t, logs[i], []string{"ERROR: failed to "}, []string{"internal error"})
						t.Logf("the build of %s has ended: %s", img, lastLines(logs[i], 2))
						continue
					}
					got := digests(t, img)
					if cmp.Equal(got, want[i]) || images[0] == images[1] && cmp.Equal(got, want[1-i]) {
						// of one image it is the later one's, who may have failed behind it: image and caches are saved
						// beside each other
						continue
					}
					t.Errorf("%v: the image of build %d is neither's (-wanted +got):\n%s\n%s", images, i,
						cmp.Diff(want[i], got), logs[i])
				}
				// What they have left in the caches must not spoil what comes after.
				for i, app := range apps {
					packBuild(t, devenv.Build{App: app, Image: image})
					if diff := cmp.Diff(want[i], digests(t, image)); diff != "" {
						t.Errorf("built after two at once in %v (-undisturbed +got):\n%s", images, diff)
					}
				}
			}
		})
	}, spec.Parallel())
}

func buildTogether(t *testing.T, apps, images [2]string) (logs [2]string, errs [2]error) {
	t.Helper()
	var both sync.WaitGroup
	for i := range apps {
		both.Go(func() { logs[i], errs[i] = env.PackBuild(t.Context(), devenv.Build{App: apps[i], Image: images[i]}) })
	}
	both.Wait()
	return logs, errs
}
