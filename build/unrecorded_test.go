package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testUnrecorded(t *testing.T, when spec.G, it spec.S) {
	// A cached environment has what an installation left, whatever that was. It must not get into an environment that
	// is updated.
	it("an environment with a strange file is made from nothing", func() {
		uv := fakeUV["uv"]
		t.Cleanup(func() { fakeUV["uv"] = uv })
		for strange, clears := range map[string]bool{"": false,
			`: >"$venv/lib/python3.13/site-packages/evil.pth"`: true} {
			fakeUV["uv"] = uv + strange + "\n"
			b := newBench(t, map[string]string{"requirements.txt": "django\n"})
			b.mustBuild()
			b.write(map[string]string{"requirements.txt": "django\nflask\n"})
			b.mustBuild()
			log := b.log.String()
			if strings.Contains(log, "evil.pth") != clears || strings.Contains(log, "updated in place") == clears {
				t.Errorf("with %q:\n%s", strange, log)
			}
		}
	})
}
