package integration

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/devenv"
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
	needEngine(t)
	const image = "tandem-test-killed"
	random := seeded(t)
	apps := [2]string{staged(t, "plain"), another(t)}
	want := [2]map[string]string{undisturbed(t, image, apps[0]), undisturbed(t, image, apps[1])}
	parts := lengths(t, image, apps[0])
	last := 0 // the app that the caches are of
	for i := range killsWithPack {
		moment := moments[i%len(moments)]
		wait := time.Duration(random.Float64() * float64(parts[moment]))
		killBuild(t, devenv.Build{App: apps[1-last], Image: image}, moment, wait)
		app := random.IntN(2) // of the change that was being built, or as if it were taken back
		last = app
		log := packBuild(t, devenv.Build{App: apps[app], Image: image})
		if diff := cmp.Diff(want[app], digests(t, image)); diff != "" {
			t.Errorf("killed %s after %q, then built (-undisturbed +after the kill):\n%s\n%s", wait, moment, diff, log)
		}
		run(t, image, expected(t, apps[app]))
	}
}

// seeded gives the same numbers for the same seed, which it tells.
func seeded(t *testing.T) *rand.Rand {
	t.Logf("-args -seed %d gives the same moments", *seed)
	return rand.New(rand.NewPCG(*seed, 0))
}

// Without pack a build is even left with all that the killed one had half written, in its layers and below /tmp.
func TestAKilledBuilderIsRightWhenBuiltAgain(t *testing.T) {
	random := seeded(t)
	apps := [2]string{staged(t, "plain"), another(t)}
	p := phases(t)
	var want [2]string
	var whole time.Duration
	for i, app := range apps {
		begin := time.Now()
		mustBuild(t, p, devenv.Build{App: app})
		whole, want[i] = time.Since(begin), kept(t, p)
		restore(t, p)
	}
	last := 1 // the app that the caches are of
	for i := range killsWithout {
		wait := time.Duration((float64(i) + random.Float64()) / killsWithout * float64(whole))
		ctx, kill := context.WithTimeout(t.Context(), wait)
		log, err := p.Build(ctx, devenv.Build{App: apps[1-last]})
		kill()
		t.Logf("killed after %.1f s (%v), the last line: %s", wait.Seconds(), err, lastLines(log, 1))
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		if err == nil { // it was quicker than the first ones
			restore(t, p)
		}
		app := random.IntN(2) // of the change that was being built, or as if it were taken back
		last = app
		log = mustBuild(t, p, devenv.Build{App: apps[app]})
		if diff := cmp.Diff(want[app], kept(t, p)); diff != "" {
			t.Errorf("killed after %s, then built (-undisturbed +after the kill):\n%s\n%s", wait, diff, log)
		}
		serve(t, p, expected(t, apps[app]))
		restore(t, p)
	}
}

func restore(t *testing.T, p *devenv.Phases) {
	t.Helper()
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
}

// kept are the names of the cache's layers, and the digests of what is in them, which a launch layer shares.
func kept(t *testing.T, p *devenv.Phases) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		var layer struct{ Metadata struct{ ID string } }
		if _, err := toml.DecodeFile(file, &layer); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, filepath.Base(file), layer.Metadata.ID)
	}
	return all.String()
}

// another is an app that differs from the example plain in one package and one style.
func another(t *testing.T) string {
	t.Helper()
	app := staged(t, "plain")
	for name, line := range map[string]string{"requirements.txt": "six==1.17.0\n", "static/site.css": "b{color:red}\n"} {
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

// undisturbed are the layers that a build gives with which nothing happens.
func undisturbed(t *testing.T, image, app string) map[string]string {
	t.Helper()
	packBuild(t, devenv.Build{App: app, Image: image, ClearCache: true})
	run(t, image, expected(t, app))
	return digests(t, image)
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

// killBuild kills pack, and after it the container that builds, some time after a moment.
func killBuild(t *testing.T, b devenv.Build, moment string, wait time.Duration) {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	watch := &stopwatch{start: time.Now(), at: map[string]time.Duration{}}
	watch.seen = func(seen string) {
		if seen == moment {
			time.AfterFunc(wait, kill)
		}
	}
	b.Watch = watch
	_, err := env.PackBuild(ctx, b)
	if ctx.Err() == nil {
		t.Fatalf("the build to be killed %s after %q has ended: %v\n%s", wait, moment, err, watch.text.String())
	}
	last := watch.text.String()
	t.Logf("killed %4.1f s after its begin, %4.1f s after %q; the last line: %s", time.Since(watch.start).Seconds(), wait.Seconds(), moment, lastLines(last, 1))
	if err := env.KillBuild(t.Context(), b.Image); err != nil {
		t.Fatal(err)
	}
}
