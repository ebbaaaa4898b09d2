package versions

import "testing"

func TestRangesOfPackageManagers(t *testing.T) {
	for _, c := range []struct {
		version, want string
		ok            bool
	}{
		{"10.2.0", "", true}, {"10.2.0", "latest", true}, {"10.2.0", "^10", true}, {"10.2.0", "9 || 10", true},
		{"10.2.0", "9", false}, {"10.2.0", ">=10.2.1", false}, {"10.2.0", "newest", false},
		{"stable", ">=1", false}, {"stable", "", true}, {"10.2.0", "10" + string(make([]byte, 300)), false},
	} {
		if got := InRange(c.version, c.want); got != c.ok {
			t.Errorf("%s in %q: got %v", c.version, c.want, got)
		}
	}
}

func TestTheMajorVersionOfARange(t *testing.T) {
	for want, major := range map[string]int{"22": 22, "^18.2": 18, " >= v20 <23": 20, "~9.1 || 10": 9} {
		if got, ok := Major(want); got != major || !ok {
			t.Errorf("%q: got %d, %v", want, got, ok)
		}
	}
	for _, want := range []string{"", "*", "<20", "!=18", "latest", "99999999999999999999"} {
		if got, ok := Major(want); ok {
			t.Errorf("%q: got %d", want, got)
		}
	}
}

func TestReleasesAreThoseOfOneManager(t *testing.T) {
	for id, version := range map[string]string{"yarn-classic": "1", "yarn-berry": ">=2", "pnpm": ">=7", "bun": "1"} {
		releases := ManagerReleases(id, "arm64")
		if len(releases) == 0 {
			t.Errorf("%s has no releases", id)
		}
		for _, r := range releases {
			if !InRange(r.Version, version) || len(r.Formats) == 0 {
				t.Errorf("%s has %s, formats %v", id, r.Version, r.Formats)
			}
		}
	}
	amd, arm := ManagerReleases("bun", "amd64"), ManagerReleases("bun", "arm64")
	if len(amd) != len(arm) || amd[0].Version != arm[0].Version || amd[0].Integrity == arm[0].Integrity {
		t.Errorf("bun has %v and %v", amd, arm)
	}
	for _, series := range managerSeries() {
		if series.ID == "bun" && series.Arch == "amd64" && series.Releases[0].Integrity != amd[0].Integrity {
			t.Errorf("amd64 has another architecture's %v", amd[0])
		}
	}
	if all := ManagerReleases("deno", "amd64"); len(all) > 0 {
		t.Errorf("a manager that is not known has %v", all)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "0": true, "2026": true, "1a": false, "a": false, "-1": false, "1.0": false,
	} {
		if got := IsNumber(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
