package integration

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

var seed = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments at which builds are killed")

// moments are what pack's log shows when a part of a build begins, from the caches' return to their saving.
var moments = []string{"===> RESTORING", "===> BUILDING", "===> EXPORTING", "Saving ", "*** Images"}

// How many builds are killed: with pack, and without it, which is quicker. Together they are twenty.
const killsWithPack, killsWithout = 5, 15

// stopwatch finds out when a build's parts begin.
type stopwatch struct {
	start time.Time
	text  strings.Builder
	at    map[string]time.Duration
	seen  func(moment string) // may be nil
}

func (w *stopwatch) Write(p []byte) (int, error) {
	w.text.Write(p)
	for _, moment := range moments {
		if _, known := w.at[moment]; !known && strings.Contains(w.text.String(), moment) {
			w.at[moment] = time.Since(w.start)
			if w.seen != nil {
				w.seen(moment)
			}
		}
	}
	return len(p), nil
}

// A killed build must cost no more than itself: neither caches nor image may be half of one and half of another.
func TestAKilledPackIsRightWhenBuiltAgain(t *testing.T) {
	t.Parallel()
	spec.Run(t, "killed pack", func(t *testing.T, _ spec.G, it spec.S) {
		it("is right when it builds again", func() {
			needEngine(t)
			const image = "tandem-test-killed"
			random := seeded(t)
			apps := [2]string{staged(t, "plain"), another(t)}
			want := undisturbed(t, image, apps)
			parts := lengths(t, image, apps[0])
			b := &builds{image: image, apps: apps}
			for i := range killsWithPack {
				after := moments[i%len(moments)]
				wait := time.Duration(random.Float64() * float64(parts[after]))
				killBuild(t, b, after, wait)
				app := random.IntN(2) // of the change that was being built, or as if it were taken back
				b.last = app
				log := packBuild(t, devenv.Build{App: apps[app], Image: image})
				// that these layers work was seen when they were made undisturbed
				if diff := cmp.Diff(want[app], digests(t, image)); diff != "" {
					t.Errorf("killed %s after %q, then built (-undisturbed +after the kill):\n%s\n%s", wait, after,
						diff, log)
				}
			}
		})
	}, spec.Parallel())
}

// seeded gives the same numbers for the same seed, which it tells.
func seeded(t *testing.T) *rand.Rand {
	t.Logf("-args -seed %d gives the same moments", *seed)
	return rand.New(rand.NewPCG(*seed, 0))
}

// another is an app that differs from the example plain in one package and one style.
func another(t *testing.T) string {
	t.Helper()
	app := staged(t, "plain")
	for name, line := range map[string]string{"requirements.txt": "six==1.17.0\n",
		"static/site.css": "b{color:red}\n"} {
		file, err := os.OpenFile(filepath.Join(app, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(line); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return app
}

// alone are the layers of the app plain and of another, built with nobody beside in their image and without caches.
var alone struct {
	sync.Mutex
	layers [2]map[string]string
}

// undisturbed are the layers that builds of these two apps give with which nothing happens. They are built once, into this image.
func undisturbed(t *testing.T, image string, apps [2]string) [2]map[string]string {
	t.Helper()
	alone.Lock()
	defer alone.Unlock()
	for i, app := range apps {
		if alone.layers[i] != nil {
			continue
		}
		packBuild(t, devenv.Build{App: app, Image: image, ClearCache: true})
		run(t, image, expected(t, app))
		alone.layers[i] = digests(t, image)
	}
	return alone.layers
}

// lengths builds an app and says how long the part of the build takes that begins with each moment.
func lengths(t *testing.T, image, app string) map[string]time.Duration {
	t.Helper()
	watch := &stopwatch{start: time.Now(), at: map[string]time.Duration{}}
	packBuild(t, devenv.Build{App: app, Image: image, Watch: watch})
	end, parts := time.Since(watch.start), map[string]time.Duration{}
	for i := len(moments) - 1; i >= 0; i-- {
		begin, seen := watch.at[moments[i]]
		if !seen {
			t.Fatalf("pack's log has no %q:\n%s", moments[i], watch.text.String())
		}
		parts[moments[i]], end = end-begin, begin
	}
	t.Logf("the parts of a build: %v", parts)
	return parts
}

// builds are those of two apps that differ in a little; last is the one that the caches are of.
type builds struct {
	image    string // "": without pack
	apps     [2]string
	last     int
	bindings map[string]string
}

// next is the app that the caches are not of.
func (b *builds) next() string { return b.apps[1-b.last] }

// killBuild kills pack while it builds the app that the caches are not of, and after it the container that builds, some time
// after a line of the log.
func killBuild(t *testing.T, b *builds, after string, wait time.Duration) {
	t.Helper()
	for { // a build that was quicker has made the caches those of its app: then the other one is killed, earlier
		ctx, kill := context.WithCancel(t.Context())
		watch := &stopwatch{start: time.Now(), at: map[string]time.Duration{}}
		watch.seen = func(seen string) {
			if seen == after {
				time.AfterFunc(wait, kill)
			}
		}
		_, err := env.PackBuild(ctx, devenv.Build{App: b.next(), Image: b.image, Watch: watch})
		killed := ctx.Err() != nil
		kill()
		if err != nil && !killed {
			t.Fatalf("%v\n%s", err, watch.text.String())
		}
		if err == nil {
			b.last, wait = 1-b.last, wait/2
			continue
		}
		t.Logf("killed %4.1f s after its begin, %4.1f s after %q; the last line: %s", time.Since(watch.start).Seconds(),
			wait.Seconds(), after, lastLines(watch.text.String(), 1))
		if err := killContainers(t, b.image); err != nil {
			t.Fatal(err)
		}
		return
	}
}

// killContainers ends the containers in which image is being built, with SIGKILL. A pack that was killed itself leaves
// them running, and what it would have removed after them is removed here.
func killContainers(t *testing.T, image string) error {
	t.Helper()
	volumes, err := env.Docker(t.Context(), "volume", "ls", "--quiet", "--filter", "name=pack-cache-library_"+image+
		"_latest")
	if err == nil && volumes == "" { // pack spells some names in another way
		err = fmt.Errorf("pack has no cache for %s", image)
	}
	for _, volume := range strings.Fields(volumes) {
		containers, failed := env.Docker(t.Context(), "ps", "--all", "--quiet", "--filter", "volume="+volume)
		err = errors.Join(err, failed)
		for _, id := range strings.Fields(containers) {
			err = errors.Join(err, killContainer(t, id))
		}
	}
	return err
}

func killContainer(t *testing.T, id string) error {
	t.Helper()
	used, err := env.Docker(t.Context(), "inspect", "--format", "{{.Config.Image}}{{range .Mounts}} {{.Name}}{{end}}",
		id)
	if err != nil {
		return err
	}
	_, err = env.Docker(t.Context(), "rm", "--force", "--volumes", id)
	for _, name := range strings.Fields(used) {
		var failed error
		switch {
		case strings.HasPrefix(name, "pack.local/builder/"):
			_, failed = env.Docker(t.Context(), "image", "rm", name)
		case strings.HasPrefix(name, "pack-layers-"), strings.HasPrefix(name, "pack-app-"):
			_, failed = env.Docker(t.Context(), "volume", "rm", name)
		}
		err = errors.Join(err, failed)
	}
	return err
}
