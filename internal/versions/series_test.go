package versions

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
)

// What is checked in is whole: each release has archives for both architectures and the end of support of its series.
func TestTheInventoryIsComplete(t *testing.T) {
	ends := map[string]string{}
	for _, s := range parsed[Series]("series.json", embeddedSeries) {
		if !isoDate.MatchString(s.End) {
			t.Errorf("%s %s ends on %q", s.ID, s.Name, s.End)
		}
		if _, twice := ends[string(s.ID)+s.Name]; twice {
			t.Errorf("%s %s is there twice", s.ID, s.Name)
		}
		ends[string(s.ID)+s.Name] = s.End
	}
	arches, files := map[string][]string{}, map[string]bool{}
	for _, r := range embeddedInventory(t) {
		release := string(r.ID) + " " + r.Version + " " + r.Build
		arches[release] = append(arches[release], r.Arch)
		if files[r.URI] || files[r.SHA256] {
			t.Errorf("%s %s has the archive of another release", release, r.Arch)
		}
		files[r.URI], files[r.SHA256] = true, true
		if end := ends[string(r.ID)+r.ID.Series(r.Version)]; r.EOL != end || (end == "") != (r.ID == UV) {
			t.Errorf("%s ends on %q, its series on %q", release, r.EOL, end)
		}
		if r.SHA256 != strings.ToLower(r.SHA256) {
			t.Errorf("%s: %s", release, r.SHA256)
		}
	}
	for release, have := range arches {
		if slices.Sort(have); !slices.Equal(have, []string{"amd64", "arm64"}) {
			t.Errorf("%s has archives for %v", release, have)
		}
	}
}

func TestManagersHaveDigestsAndFormats(t *testing.T) {
	for _, s := range managerSeries() {
		within, err := semver.NewConstraint(s.Range)
		if err != nil || len(s.Formats) == 0 || len(s.Releases) == 0 {
			t.Errorf("%+v: %v", s, err)
			continue
		}
		last := semver.New(1<<32, 0, 0, "", "")
		for _, pin := range s.Releases {
			sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(pin.Integrity, "sha512-"))
			if err != nil || len(sum) != 64 {
				t.Errorf("%s %s: %v", s.ID, pin.Version, err)
			}
			v, err := semver.StrictNewVersion(pin.Version)
			if err != nil || !within.Check(v) || !v.LessThan(last) {
				t.Errorf("%s %s in %s: %v", s.ID, pin.Version, s.Range, err)
				continue
			}
			last = v
		}
	}
}
