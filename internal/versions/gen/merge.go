package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// add adds archives. What is in the inventory stays: another digest of a known file is an error.
func (d *data) add(archives []archive) error {
	var errs []error
	for _, a := range archives {
		i := slices.IndexFunc(d.inventory, func(r versions.Release) bool { return r.URI == a.URI })
		switch {
		case i < 0:
			d.inventory = append(d.inventory, a.Release)
			d.page.add(a)
		case d.inventory[i].SHA256 != a.SHA256:
			errs = append(errs, fmt.Errorf("%s has two digests", a.URI))
		}
	}
	return errors.Join(errs...)
}

// addSeries adds the series of the inventory and those with an LTS name, and sets the ends of support. Archives have
// the end of their series.
func (d *data) addSeries(a answers) error {
	var errs []error
	for _, r := range d.inventory {
		if ends, published := a.ends[r.ID]; published {
			errs = append(errs, d.setEnd(r.ID, r.ID.Series(r.Version), ends))
		}
	}
	for _, r := range a.node {
		if v, err := semver.NewVersion(r.Version); err == nil && r.LTS != "" {
			errs = append(errs, d.setLTS(fmt.Sprint(v.Major()), string(r.LTS), a.ends[versions.Node]))
		}
	}
	for i, r := range d.inventory {
		if at := d.indexOf(r.ID, r.ID.Series(r.Version)); at >= 0 {
			d.inventory[i].EOL = d.series[at].End
		}
	}
	return errors.Join(errs...)
}

func (d *data) indexOf(id versions.ID, name string) int {
	return slices.IndexFunc(d.series, func(s versions.Series) bool { return s.ID == id && s.Name == name })
}

// setEnd sets the end of support of a series, which keeps its own if upstream no longer lists it.
func (d *data) setEnd(id versions.ID, name string, ends map[string]string) error {
	at, end := d.indexOf(id, name), ends[name]
	switch {
	case end == "" && at >= 0:
		return nil
	case !versions.IsDate(end):
		return fmt.Errorf("upstream has no end of support of %s %s: %q", id.Project(), name, end)
	case at < 0:
		d.series = append(d.series, versions.Series{ID: id, Name: name, End: end})
	default:
		d.series[at].End = end
	}
	return nil
}

func (d *data) setLTS(name, lts string, ends map[string]string) error {
	if err := d.setEnd(versions.Node, name, ends); err != nil {
		return err
	}
	s := &d.series[d.indexOf(versions.Node, name)]
	if s.LTS != "" && s.LTS != lts {
		return fmt.Errorf("%s calls Node.js %s %s, and %s calls it %s", nodeIndex, name, lts, seriesFile, s.LTS)
	}
	s.LTS = lts
	return nil
}

// integrity matches a digest as npm's registry has it. https://www.w3.org/TR/SRI/
var integrity = regexp.MustCompile(`^sha512-[A-Za-z0-9+/]{86}==$`)

// addPins adds the latest release of each range of package managers. pins has those that the registry knows.
func (d *data) addPins(pins [][]versions.Pin) error {
	var errs []error
	for i := range d.managers {
		s := &d.managers[i]
		latest := s.Releases[0]
		for _, pin := range pins[i] {
			v, err := semver.StrictNewVersion(pin.Version)
			if err != nil || !integrity.MatchString(pin.Integrity) {
				errs = append(errs, fmt.Errorf("%s %s: %q is not a version with a SHA-512", s.ID, s.Range, pin))
				continue
			}
			for _, known := range s.Releases {
				if known.Version == pin.Version && known.Integrity != pin.Integrity {
					errs = append(errs, fmt.Errorf("%s %s has the digest %s in %s, and %s upstream", s.ID, pin.Version,
						known.Integrity, managersFile, pin.Integrity))
				}
			}
			if v.Prerelease() == "" && v.GreaterThan(semver.MustParse(latest.Version)) {
				latest = pin
			}
		}
		if latest != s.Releases[0] {
			s.Releases = append([]versions.Pin{latest}, s.Releases...)
		}
	}
	return errors.Join(errs...)
}

// oldestPython returns the oldest series of Python with an archive, "3.9".
func (d data) oldestPython() string {
	all := slices.Clone(d.series)
	slices.SortFunc(all, bySeries)
	oldest := ""
	for _, s := range all {
		if s.ID == versions.Python {
			oldest = s.Name
		}
	}
	return oldest
}
