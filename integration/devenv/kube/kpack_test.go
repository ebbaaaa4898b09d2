//go:build linux

package kube

import "testing"

func TestRenderFillsInKpacksOwnTemplates(t *testing.T) {
	got := render("#@ load(\"@ytt:data\", \"data\")\nkind: A\n  image: #@ data.values.build_init.image\n" +
		"  version: #@ data.values.kpack_version\n  lifecycle: #@ data.values.lifecycle.image\n")
	want := "kind: A\n  image: 10.244.1.1:5000/kpack-build-init\n  version: 0.17.2\n" +
		"  lifecycle: 10.244.1.1:5000/lifecycle\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
