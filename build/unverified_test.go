package build

import (
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

func testUnverified(t *testing.T, when spec.G, it spec.S) {
	// Whoever lets a tool accept any certificate is named, once: a variable, a file of the app, a binding.
	it("unverified certificates are named", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`,
			".npmrc": "strict-ssl=false\n"})
		b.bindings = libcnb.Bindings{
			{Name: "n", Type: "npmrc", Secret: map[string]string{".npmrc": "strict-ssl=false\n",
				"NODE_TLS_REJECT_UNAUTHORIZED": "0"}},
			{Name: "p", Type: "pip",
				Secret: map[string]string{"pip.conf": "[global]\ntrusted-host = packages.example.com\n"}},
			{Name: "u", Type: "uv",
				Secret: map[string]string{"uv.toml": `allow-insecure-host = ["packages.example.com"]`}},
		}
		t.Setenv("PIP_TRUSTED_HOST", "")
		t.Setenv("GIT_SSL_NO_VERIFY", "1")
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		var got []string
		_, warnings, _ := strings.Cut(b.log.String(), "\nWarnings: ")
		for line := range strings.Lines(warnings) {
			if _, who, ok := strings.Cut(line, "can replace packages: "); ok {
				got = append(got, strings.TrimSpace(who))
			}
		}
		slices.Sort(got)
		want := []string{
			".npmrc of a binding: strict-ssl", "NODE_TLS_REJECT_UNAUTHORIZED of a binding", "strict-ssl in .npmrc",
			"the variable GIT_SSL_NO_VERIFY",
			"trusted-host in the pip binding", "uv.toml of a binding: allow-insecure-host",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, &b.log)
		}
	})
}
