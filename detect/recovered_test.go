package detect

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

func testRecovered(t *testing.T, when spec.G, it spec.S) {
	// A defect of detect is not a reason to say that no buildpack fits: the build says what it is, where the user can
	// read it.
	it("a defect passes", func() {
		var out bytes.Buffer
		got, err := recovered(&out, func() (libcnb.DetectResult, error) { panic("a defect") })
		want := libcnb.DetectResult{Pass: true, Plans: []libcnb.BuildPlan{{
			Provides: []libcnb.BuildPlanProvide{{Name: "tandem-python"}},
			Requires: []libcnb.BuildPlanRequire{{Name: "tandem-python"}},
		}}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v, (-want +got):\n%s", err, diff)
		}
		if !strings.HasPrefix(out.String(), "Tandem applies: internal error: panic: a defect\n") {
			t.Errorf("got %q", out.String())
		}
		failure := errors.New("a failure")
		if got, err := recovered(&out, func() (libcnb.DetectResult, error) {
			return libcnb.DetectResult{},
				failure
		}); got.Pass || err != failure {
			t.Errorf("an error is changed: %v, %v", got, err)
		}
	})
}
