package binding

import (
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestBuildEnv(t *testing.T) {
	of := func(name string, files ...string) libcnb.Binding {
		secret := map[string]string{}
		for _, file := range files {
			key, value, _ := strings.Cut(file, "=")
			secret[key] = value
		}
		return libcnb.Binding{Name: name, Type: "Tandem-Build-Env", Secret: secret}
	}
	for name, c := range map[string]struct {
		bindings libcnb.Bindings
		want     map[string]string
		why      string
	}{
		"none": {bindings: libcnb.Bindings{{Name: "a", Type: "ca-certificates",
			Secret: map[string]string{"A": "1"}}}, want: map[string]string{}},
		"two": {bindings: libcnb.Bindings{of("b", "A=1", "B=2"), of("a", "A=1", "C=x=y")},
			want: map[string]string{"A": "1", "B": "2", "C": "x=y"}},
		"two with different values": {bindings: libcnb.Bindings{of("b", "A=s3cret"), of("a", "A=2")},
			why: "The binding a has A too"},
		"no name":                 {bindings: libcnb.Bindings{of("a", "db.url=s3cret")}, why: `"db.url"`},
		"a variable of the build": {bindings: libcnb.Bindings{of("a", "PATH=s3cret")}, why: "It sets PATH"},
		"a variable that Tandem reads": {bindings: libcnb.Bindings{of("a", "BP_NODE_VERSION=s3cret")},
			why: "It sets BP_NODE_VERSION"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := BuildEnv(c.bindings)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			user, failed := fail.User(err)
			if failed != (c.why != "") || failed &&
				(!strings.Contains(user.Why, c.why) || strings.Contains(user.Error(), "s3cret")) {
				t.Errorf("got %v", err)
			}
		})
	}
}
