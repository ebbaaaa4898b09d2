package node

import (
	"bytes"
	"strings"
	"testing"
)

// What npm 12 prints is passed on as it is, in whatever parts it comes.
func TestInstallScriptsThatNpmHasNotRun(t *testing.T) {
	const said = "npm warn install-scripts 2 packages had install scripts blocked because they are not covered by " +
		"allowScripts:\n" +
		"npm warn install-scripts   esbuild@0.25.0 (postinstall: node install.js)\n" +
		"npm warn install-scripts   @parcel/watcher@2.5.1 (install: node scripts/build-from-source.js)\r\n" +
		"npm warn install-scripts   esbuild@0.24.0 (postinstall: node install.js)\n" +
		"npm warn install-scripts\n" +
		"npm warn install-scripts Run `npm install-scripts ls` to review, or `npm install-scripts approve <pkg>` to " +
		"allow.\n" +
		"\nadded 13 packages in 5s\n"
	for _, size := range []int{1, 7, 1000} {
		var out bytes.Buffer
		var names []string
		b := watchScripts(&out, func(name string) { names = append(names, name) })
		for rest := said; rest != ""; {
			n := min(size, len(rest))
			if wrote, err := b.Write([]byte(rest[:n])); wrote != n || err != nil {
				t.Fatal(wrote, err)
			}
			rest = rest[n:]
		}
		if got := strings.Join(names, " "); got != "esbuild @parcel/watcher" || out.String() != said {
			t.Errorf("in parts of %d: got %q, printed %q", size, got, out.String())
		}
		if facts := factsOf(names); facts[blockedFact] != "esbuild @parcel/watcher" {
			t.Errorf("facts: %v", facts)
		}
	}
	if factsOf(nil) != nil {
		t.Error("an installation that has run all scripts has facts")
	}
}
