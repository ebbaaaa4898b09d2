package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testUnrecorded(t *testing.T, when spec.G, it spec.S) {
	// A hook's file is in the copy only if it was written while Finish ran; what an installation left is always.
	// Neither may get into an environment that is brought up to date.
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
