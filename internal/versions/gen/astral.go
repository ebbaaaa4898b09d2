package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// sourceOfAstral is the repository with the lists of uv and of python-build-standalone.
const sourceOfAstral = "astral-sh/versions"

// pythonBuild matches a version of CPython and the date of its build.
var pythonBuild = regexp.MustCompile(`^(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+(\d{8})$`)

// newPython returns the latest build of each version if the inventory has none that is as new. Builds without debug
// symbols have half the size.
func (d data) newPython(releases []astralRelease) (all []archive, incomplete []string, _ error) {
	type build struct {
		date     string
		archives []archive
	}
	latest, order := map[string]build{}, []string{}
	var errs []error
	for _, r := range releases {
		m := pythonBuild.FindStringSubmatch(r.Version)
		if m == nil {
			errs = append(errs, fmt.Errorf("%s: version %q has no date of a build", pythonReleases, r.Version))
			continue
		}
		isNew, err := d.isNew(versions.Python, m[1], m[2])
		if errs = append(errs, err); !isNew || latest[m[1]].date >= m[2] {
			continue
		}
		found := versions.Release{ID: versions.Python, Version: m[1], Build: m[2], Strip: 1}
		archives, err := r.archives(found, "install_only_stripped", "install_only")
		if errs = append(errs, err); len(archives) == 0 {
			incomplete = append(incomplete, "CPython "+r.Version+lacking)
			continue
		}
		if latest[m[1]].date == "" {
			order = append(order, m[1])
		}
		latest[m[1]] = build{m[2], archives}
	}
	for _, version := range order {
		all = append(all, latest[version].archives...)
	}
	return all, incomplete, errors.Join(errs...)
}

func (d data) newUV(releases []astralRelease) (all []archive, incomplete []string, _ error) {
	var errs []error
	for _, r := range releases {
		isNew, err := d.isNew(versions.UV, r.Version, "")
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", uvReleases, err))
		}
		if !isNew {
			continue
		}
		archives, err := r.archives(versions.Release{ID: versions.UV, Version: r.Version, Strip: 1}, "default")
		if errs = append(errs, err); len(archives) == 0 {
			incomplete = append(incomplete, "uv "+r.Version+lacking)
		}
		all = append(all, archives...)
	}
	return all, incomplete, errors.Join(errs...)
}

// archives returns the archives of the first variant that there is for both architectures.
func (r astralRelease) archives(release versions.Release, variants ...string) (all []archive, err error) {
	for _, variant := range variants {
		all = nil
		for _, on := range architectures {
			for _, a := range r.Artifacts {
				if a.Platform == on.triple && a.Variant == variant && strings.HasSuffix(a.URL, ".tar.gz") {
					release.Arch, release.URI, release.SHA256 = on.arch, a.URL, a.SHA256
					all = append(all, archive{release, sourceOfAstral})
				}
			}
		}
		if len(all) == len(architectures) {
			return all, checkURLs(all)
		}
	}
	return nil, nil
}

// checkURLs returns an error for an archive that is not on a release page of Astral's.
func checkURLs(all []archive) error {
	for _, a := range all {
		ok := strings.HasPrefix(a.URI, "https://github.com/astral-sh/") && strings.Contains(a.URI, a.Version)
		if !ok || all[0].Arch == all[1].Arch {
			return fmt.Errorf("%s %s for %s is at %s, which is not expected", a.ID, a.Version, a.Arch, a.URI)
		}
	}
	return nil
}
