package devenv

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestToolModulesRequireTheVersionsThatAreNamedHere(t *testing.T) {
	for name, requirement := range map[string]string{
		"pack":       "github.com/buildpacks/pack " + packVersion,
		"lifecycle":  "github.com/buildpacks/lifecycle " + LifecycleVersion,
		"kpack":      "github.com/pivotal/kpack " + KpackVersion,
		"kubernetes": "k8s.io/kubernetes " + kubernetesVersion,
		"release":    "github.com/sigstore/cosign/v3 " + cosignVersion,
	} {
		text, err := os.ReadFile(filepath.Join("../tools", name, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), requirement+" ") {
			t.Errorf("tools/%s does not require %s", name, requirement)
		}
	}
}
