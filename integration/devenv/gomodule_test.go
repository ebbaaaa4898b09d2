package devenv

import (
	"strings"
	"testing"
)

// Kubernetes' go.mod replaces its parts by folders, which are not in the module that the proxy has.
func TestFoldersOfAnUpstreamAreModulesBesideIt(t *testing.T) {
	upstream := goMod{Go: "1.24.0"}
	upstream.Godebug = append(upstream.Godebug, struct{ Key, Value string }{"default", "go1.24"})
	upstream.Replace = []struct{ Old, New goReference }{
		{goReference{Path: "k8s.io/api"}, goReference{Path: "./staging/src/k8s.io/api"}},
		{goReference{Path: "example.com/a", Version: "v1.0.0"}, goReference{Path: "example.com/b", Version: "v2.0.0"}},
	}
	text := upstream.around(goModule{path: "k8s.io/kubernetes", version: "v1.34.1"})
	for _, line := range []string{"go 1.24.0", "require k8s.io/kubernetes v1.34.1", "godebug default=go1.24",
		"replace k8s.io/api  => k8s.io/api v0.34.1", "replace example.com/a v1.0.0 => example.com/b v2.0.0"} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}
