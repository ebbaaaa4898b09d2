package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// check compares all places that name the version: the tag, buildpack.toml, the composites around the buildpack, the
// first section of the changelog, and the page about upgrades. The error lists all differences.
func (r release) check(tag string) (err error) {
	wrong := func(format string, args ...any) { err = errors.Join(err, fmt.Errorf(format, args...)) }
	if tag != "" && tag != "v"+r.version {
		wrong("the tag is %s, and buildpack.toml has version %s", tag, r.version)
	}
	changelog, failed := os.ReadFile(filepath.Join(r.dev.Root, "CHANGELOG.md"))
	if failed != nil {
		return failed
	}
	if _, failed := section(string(changelog), r.version, tag == ""); failed != nil {
		wrong("%w", failed)
	}
	files, failed := filepath.Glob(filepath.Join(r.dev.Root, "meta/*/package.toml"))
	if failed != nil || len(files) == 0 {
		return errors.Join(failed, errors.New("there are no composites"))
	}
	for _, file := range append(files, filepath.Join(r.dev.Root, "docs/policies/upgrading.md")) {
		text, failed := os.ReadFile(file)
		if failed != nil {
			return failed
		}
		want := "docker.io/tandemcnb/python-node:" + r.version + `"`
		if filepath.Ext(file) == ".md" {
			want = "\n| " + r.tags()[1] + " |"
		}
		if !strings.Contains(string(text), want) {
			wrong("%s does not have %q", file, want)
		}
	}
	return errors.Join(err, r.checkComposites())
}

// checkComposites compares the version in the order of each composite.
func (r release) checkComposites() (err error) {
	files, err := filepath.Glob(filepath.Join(r.dev.Root, "meta/*/buildpack.toml"))
	for _, file := range files {
		var descriptor struct {
			Order []struct {
				Group []struct{ ID, Version string }
			}
		}
		if _, failed := toml.DecodeFile(file, &descriptor); failed != nil {
			return failed
		}
		for _, order := range descriptor.Order {
			for _, entry := range order.Group {
				if entry.ID == "tandem/python-node" && entry.Version != r.version {
					err = errors.Join(err, fmt.Errorf("%s has version %s, want %s", file, entry.Version, r.version))
				}
			}
		}
	}
	return err
}

// heading matches the title of a section of the changelog: "## 0.1.0 (2 December 2026)" or "## Unreleased".
var heading = regexp.MustCompile(`(?m)^## (\S+)(?: \(([^)]+)\))?$`)

// section returns the text of the changelog's first section. The section must be that of the version, with a day.
// With unreleased, it may also be the one of changes without a version.
func section(changelog, version string, unreleased bool) (text string, err error) {
	all := heading.FindAllStringSubmatchIndex(changelog, -1)
	if len(all) == 0 {
		return "", errors.New("the changelog has no section")
	}
	first, end := all[0], len(changelog)
	if len(all) > 1 {
		end = all[1][0]
	}
	title := changelog[first[2]:first[3]]
	text = strings.TrimSpace(changelog[first[1]:end]) + "\n"
	switch {
	case unreleased && title == "Unreleased":
	case title != version:
		err = fmt.Errorf("the first section of the changelog is %s, want %s", title, version)
	case first[4] < 0:
		err = fmt.Errorf("the section %s of the changelog has no day: ## %s (2 December 2026)", title, title)
	}
	if text == "\n" {
		err = errors.Join(err, fmt.Errorf("the section %s of the changelog is empty", title))
	}
	return text, err
}
