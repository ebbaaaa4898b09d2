package build

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/run"
)

func testRecovered(t *testing.T, when spec.G, it spec.S) {
	it("a defect asks for a report", func() {
		in := libcnb.BuildContext{Buildpack: libcnb.Buildpack{Info: libcnb.BuildpackInfo{Name: "Tandem",
			Homepage: "https://example.com"}}}
		_, err := recovered(in, func() (libcnb.BuildResult, error) { panic("a defect") })
		if err == nil || !strings.HasPrefix(err.Error(), "Error: internal error: panic: a defect\n      build.") ||
			!strings.Contains(err.Error(),
				"report it with the whole log:\n      https://example.com/issues\nFailed after 0.0 s (Tandem") {
			t.Errorf("got %v", err)
		}
		failure := errors.New("a failure")
		if _, err := recovered(in, func() (libcnb.BuildResult, error) {
			return libcnb.BuildResult{},
				failure
		}); !errors.Is(err, failure) {
			t.Errorf("an error is changed: %v", err)
		}
	})

	// A defect in the work of one language ends the work of the other, and is what the build ends with.
	it("a defect of one branch ends the other", func() {
		begin := time.Now()
		_, err := recovered(libcnb.BuildContext{}, func() (libcnb.BuildResult, error) {
			return libcnb.BuildResult{}, run.Parallel(t.Context(),
				func(context.Context) error { panic("a defect") },
				func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) },
			)
		})
		if err == nil || !strings.HasPrefix(err.Error(), "Error: internal error: panic: a defect\n") ||
			time.Since(begin) > time.Second {
			t.Errorf("got %v after %s", err, time.Since(begin))
		}
	})
}
