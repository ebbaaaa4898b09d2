package debian

import "testing"

func TestLaterSeries(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"2.41-12", "2.36-9+deb12u13"}: true, {"2.36-9+deb12u13", "2.36-9+deb12u4"}: false, {"2.4-1", "2.36-9"}: false,
		{"1:2.41-1", "2.36"}: true, {"2.39-0ubuntu8.6", "2.39-0ubuntu8"}: false, {"2.36", "2.36"}: false,
		{"2.36.1-1", "2.36-1"}: true, {"", "2.36"}: false, {"2.42~rc1-1", "2.41"}: true,
	} {
		if got := IsLaterSeries(pair[0], pair[1]); got != want {
			t.Errorf("%q: %v", pair, got)
		}
	}
}
