package integration

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

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
		killBuilder(t, p, apps[1-last], wait)
		app := random.IntN(2) // of the change that was being built, or as if it were taken back
		last = app
		log := mustBuild(t, p, devenv.Build{App: apps[app]})
		if diff := cmp.Diff(want[app], kept(t, p)); diff != "" {
			t.Errorf("killed after %s, then built (-undisturbed +after the kill):\n%s\n%s", wait, diff, log)
		}
		serve(t, p, expected(t, apps[app]))
		restore(t, p)
	}
}

// killBuilder is killBuild without pack. All that the killed build has written stays.
func killBuilder(t *testing.T, p *devenv.Phases, app string, wait time.Duration) {
	t.Helper()
	for {
		ctx, kill := context.WithTimeout(t.Context(), wait)
		log, err := p.Build(ctx, devenv.Build{App: app})
		killed := ctx.Err() != nil
		kill()
		if err != nil && !killed {
			t.Fatalf("%v\n%s", err, log)
		}
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Logf("killed after %.1f s, the last line: %s", wait.Seconds(), lastLines(log, 1))
			return
		}
		restore(t, p)
		wait = wait * 9 / 10
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
