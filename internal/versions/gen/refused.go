package main

import (
	"fmt"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// refusal is an entry of refused.toml: releases that are not offered.
type refusal struct {
	ID          versions.ID
	Versions    string // one version, or a range
	Prereleases bool   // all of them, instead of Versions
	Why         string

	within *semver.Constraints
}

type refusals []refusal

func parseRefusals(text string) (refusals, error) {
	var file struct{ Refused refusals }
	meta, err := toml.Decode(text, &file)
	if err != nil {
		return nil, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("unknown key %s", unknown[0])
	}
	for i, r := range file.Refused {
		if r.ID.Project() == "" || r.Why == "" || r.Prereleases == (r.Versions != "") {
			return nil, fmt.Errorf("entry %d needs an id, a reason, and either versions or prereleases", i+1)
		}
		if r.Versions != "" {
			if file.Refused[i].within, err = semver.NewConstraint(r.Versions); err != nil {
				return nil, fmt.Errorf("entry %d: %w", i+1, err)
			}
		}
	}
	return file.Refused, nil
}

// why returns why a release is refused, "" if it is not.
func (all refusals) why(id versions.ID, v *semver.Version) string {
	for _, r := range all {
		if r.ID == id && (r.Prereleases && v.Prerelease() != "" || r.within != nil && r.within.Check(v)) {
			return r.Why
		}
	}
	return ""
}
