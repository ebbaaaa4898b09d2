package run

import (
	"testing"
	"testing/fstest"
)

func TestEmulated(t *testing.T) {
	const (
		intel = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu\n"
		arm   = "processor\t: 0\nCPU implementer\t: 0x41\n"
		apple = "processor\t: 0\nvendor_id\t: VirtualApple\n"
	)
	for _, c := range []struct{ info, arch, want string }{
		{intel, "amd64", ""}, {intel, "arm64", "amd64"}, {arm, "arm64", ""}, {arm, "amd64", "arm64"},
		{apple, "amd64", "arm64"}, {"hidden", "amd64", ""},
	} {
		machine := fstest.MapFS{"proc/cpuinfo": {Data: []byte(c.info)}}
		if got := Emulated(machine, c.arch); got != c.want {
			t.Errorf("%s with %q: got %q, want %q", c.arch, c.info, got, c.want)
		}
	}
	if got := Emulated(fstest.MapFS{}, "amd64"); got != "" {
		t.Errorf("without /proc: got %q", got)
	}
}
